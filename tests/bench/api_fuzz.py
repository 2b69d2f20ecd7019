"""``python -m tests.bench api-fuzz``: schemathesis over every operation, with many examples and along the links.

``--examples`` a number of examples per operation (default 400), ``--seed``, ``--path`` only some. It fails for any 5xx,
an answer that the OpenAPI document does not know, and a body that is not of its schema.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import sys
import tempfile
import time
import tomllib
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import hypothesis
import schemathesis
from fastapi import FastAPI
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import CheckFunction
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from app.bootstrap import Consilium, build
from app.cli.demo import LABELS, SAMPLES
from app.cli.door import LocalDoor
from app.settings import load_settings
from tests.clients import application_of

CHECKS: Final[list[CheckFunction]] = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def fuzz(application: FastAPI, examples: int, seed: int, only: Sequence[str] = ()) -> dict[str, str]:
    """Call every operation with so many examples; return what was wrong, by operation."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", application)
    wrong: dict[str, str] = {}
    for result in schema.get_all_operations():
        operation = result.ok() if isinstance(result, Ok) else None
        if operation is None or (only and operation.path not in only):
            continue
        found = _one(operation, examples, seed)
        sys.stderr.write(f"{operation.label}: {'; '.join(found.values()) or 'as documented'}\n")
        wrong |= found
    return wrong


def walk(application: FastAPI, examples: int, seed: int = 4) -> str:
    """Follow links from reply to request; return what was wrong.

    Each walk is a run of its own, and what is wrong is noted while it goes on: the server remembers what was done, so
    that Hypothesis, which repeats walks to vary or shorten them, would find that they end otherwise.
    """
    plain: Any = schemathesis.openapi.from_asgi("/openapi.json", application).as_state_machine()
    wrong: dict[str, str] = {}

    class Walk(plain):  # type: ignore[misc]  # made at run time
        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            del more
            try:
                case.validate_response(response, checks=CHECKS)
            except (AssertionError, BaseExceptionGroup) as error:
                wrong.setdefault(f"{case.operation.label}: {response.status_code}", _said(error))

    for number in range(examples):
        machine: Any = hypothesis.seed(seed * 100_003 + number)(Walk)
        try:
            run_state_machine_as_test(machine, settings=_settings(1))
        except hypothesis.errors.FlakyStrategyDefinition:
            continue  # a walk that is drawn again ends otherwise, as above; what was wrong in it is noted
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - whatever failed is the result
            wrong[f"walk {number}"] = _said(error)
    return " | ".join(f"{label} {text}" for label, text in wrong.items())


def sampled(consilium: Consilium) -> None:
    """Ingest the sample documents."""
    door = LocalDoor(consilium)
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    for item in manifest["documents"]:
        options = {key: item[key] for key in LABELS if key in item}
        list(door.ingest([SAMPLES / "files" / item["file"]], options))


def listened(work: Callable[[], None]) -> str:
    """Return what all loggers say at DEBUG while ``work`` runs."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        work()
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
    return heard.getvalue()


def _one(operation: Any, examples: int, seed: int) -> dict[str, str]:
    @hypothesis.seed(seed)
    @_settings(examples)
    @hypothesis.given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tried()
    except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - whatever failed is the result
        return {operation.label: _said(error)}
    return {}


def _settings(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )


def _said(error: BaseException) -> str:
    parts = [str(one) for one in getattr(error, "exceptions", [error])]
    return " | ".join(part[:1500] for part in parts) or type(error).__name__


def main(arguments: Sequence[str]) -> int:
    """Fuzz, and print how it went. Returns how many operations were at fault."""
    parser = argparse.ArgumentParser(prog="tests.bench.api_fuzz")
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--path", action="append", default=[])
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(home=Path(folder), rate_per_minute=0)
        with build(settings) as consilium:
            sampled(consilium)
            application = application_of(consilium)
            wrong = fuzz(application, chosen.examples, chosen.seed, chosen.path)
            if not chosen.path and (found := walk(application, max(20, chosen.examples // 4), chosen.seed)):
                wrong["links"] = found
    report = {"examples": chosen.examples, "seconds": round(time.monotonic() - began), "wrong": wrong}
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
