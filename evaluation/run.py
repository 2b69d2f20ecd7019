"""Runs a suite: prepares, measures every case, keeps a journal to resume from, and concludes."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from domain.errors import RequestError
from evaluation.report import Case, Origin, Report
from evaluation.subject import Subject
from evaluation.suite import Progress, Suite

_CHUNK: Final = 1 << 20


def evaluate(  # noqa: PLR0913 - the public entry: all but three by name
    suite: Suite,
    dataset: Path,
    subject: Subject,
    *,
    seed: int = 0,
    limit: int | None = None,
    journal: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Measure ``subject`` on a dataset and return the report.

    ``limit`` takes so many cases, evenly spread. ``journal`` is a file that each case is added to as it ends: run again
    with the same file after an interruption, and only what is missing is measured; a journal of another dataset,
    product or limit is started anew. It is removed when the run is complete. ``progress`` is called with what is done,
    how many and of how many. Raises RequestError ``request.dataset_invalid`` or ``request.invalid``.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    work = suite.read(dataset)
    keys = _some(work.keys, limit)
    described = subject.describe()
    origin = Origin(
        dataset=work.name,
        dataset_digest=digest(dataset),
        product=described["product"]["version"],
        configuration=dict(described["configuration"]),
        models=dict(described["models"]),
        machine=machine(),
        seed=seed,
        started=started.isoformat(timespec="seconds"),
    )
    record = _Journal(journal, suite.name, origin, keys)
    if missing := [key for key in keys if key not in record.cases]:
        work.prepare(subject, progress)
    for number, key in enumerate(missing, start=len(keys) - len(missing) + 1):
        record.add(work.measure(key, subject))
        progress("measuring", number, len(keys))
    cases = tuple(record.cases[key] for key in keys)
    figures, curves = work.conclude(cases, seed)
    record.remove()
    return Report(
        suite=suite.name,
        origin=origin,
        seconds=round(time.perf_counter() - clock, 2),
        main=tuple(name for name in suite.main if any(figure.name == name for figure in figures)),
        figures=figures,
        cases=cases,
        curves=curves,
    )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of all files below a folder."""
    whole = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            whole.update(f"{file.relative_to(path) if file != path else file.name}\0".encode())
            for block in _blocks(file):
                whole.update(block)
    return whole.hexdigest()


def machine() -> dict[str, str]:
    """Return what a timing depends on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count() or 0),
        "memory_gib": f"{memory:.0f}",
        "python": platform.python_version(),
    }


def _blocks(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            while block := stream.read(_CHUNK):
                yield block
    except OSError as error:
        raise RequestError("request.dataset_invalid", f"{file.name} cannot be read") from error


def _some(keys: Sequence[str], limit: int | None) -> list[str]:
    if limit is None or limit >= len(keys):
        return list(keys)
    if limit < 1:
        raise RequestError("request.invalid", "limit: at least 1")
    return [keys[int(number * len(keys) / limit)] for number in range(limit)]


class _Journal:
    """Cases that were measured, each on disk before the next is begun."""

    def __init__(self, path: Path | None, suite: str, origin: Origin, keys: Sequence[str]) -> None:
        self.cases: dict[str, Case] = {}
        self._path = path
        head = {"suite": suite, **asdict(origin), "keys": hashlib.sha256("\0".join(keys).encode()).hexdigest()}
        del head["started"]
        self._head = json.dumps(head, sort_keys=True)
        if path and path.is_file():
            self._resume(path)
        if path and not self.cases:
            path.write_text(self._head + "\n", encoding="utf-8")

    def add(self, case: Case) -> None:
        self.cases[case.id] = case
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(case)) + "\n")

    def remove(self) -> None:
        if self._path:
            self._path.unlink(missing_ok=True)

    def _resume(self, path: Path) -> None:
        head, *lines = path.read_text(encoding="utf-8").split("\n")
        if head != self._head:
            return
        whole = [head]
        for line in lines[:-1]:  # what follows the last line break was cut off
            case = json.loads(line)
            self.cases[case["id"]] = Case(**{**case, "passages": tuple(case["passages"])})
            whole.append(line)
        path.write_text("\n".join(whole) + "\n", encoding="utf-8")
