"""Gates: limits on figures, in TOML, that turn a report into a yes or a no.

``[retrieval.obliqa]`` names a suite and a dataset ("*" for any), and each line below it a figure and its limits:
``"hybrid.ndcg@10" = { at_least = 0.66 }``. A dataset's own line replaces that of "*" for the same figure.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from domain.errors import RequestError
from evaluation.report import Report

ANY: Final = "*"
_LIMITS: Final = ("at_least", "at_most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The limits of one figure of one suite on one dataset; at least one limit is set."""

    suite: str
    dataset: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """The gates of one file, which ``name`` names."""

    name: str
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """Whether a figure kept a limit ("at least 0.66"). ``value`` is ``None`` when the report lacks the figure."""

    figure: str
    limit: str
    value: float | None
    passed: bool


def read_gates(path: Path) -> Gates:
    """Return the gates of a TOML file. Raises RequestError ``request.dataset_invalid`` naming the file and the key."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("request.dataset_invalid", f"{path.name} cannot be read") from error
    except tomllib.TOMLDecodeError:
        raise RequestError("request.dataset_invalid", f"{path.name} is not TOML") from None
    return Gates(name=path.name, gates=tuple(_gates(table, path.name)))


def check(report: Report, gates: Gates) -> tuple[GateResult, ...]:
    """Return one result for each limit. A figure that the report lacks, or that is not a number, fails.

    Raises RequestError ``request.invalid`` when no gate is for this suite and dataset: a misspelt name is no pass.
    """
    chosen: dict[str, Gate] = {}
    for dataset in (ANY, report.origin.dataset):
        chosen |= {gate.figure: gate for gate in gates.gates if gate.suite == report.suite and gate.dataset == dataset}
    if not chosen:
        raise RequestError("request.invalid", f"{gates.name} has no gate for {report.suite} on {report.origin.dataset}")
    values = {figure.name: figure.value for figure in report.figures}
    return tuple(result for gate in chosen.values() for result in _results(gate, values.get(gate.figure)))


def _results(gate: Gate, value: float | None) -> Iterator[GateResult]:
    if gate.at_least is not None:
        passed = value is not None and value >= gate.at_least
        yield GateResult(figure=gate.figure, limit=f"at least {gate.at_least:g}", value=value, passed=passed)
    if gate.at_most is not None:
        passed = value is not None and value <= gate.at_most
        yield GateResult(figure=gate.figure, limit=f"at most {gate.at_most:g}", value=value, passed=passed)


def _gates(table: Mapping[str, Any], file: str) -> Iterator[Gate]:
    for suite, datasets in table.items():
        for dataset, figures in _table(datasets, file, suite).items():
            for figure, limits in _table(figures, file, suite, dataset).items():
                found = _table(limits, file, suite, dataset, figure)
                if not found:
                    raise _invalid(file, suite, dataset, figure, fault="has no limit")
                yield Gate(
                    suite=suite,
                    dataset=dataset,
                    figure=figure,
                    **{key: _limit(value, file, suite, dataset, figure, key) for key, value in found.items()},
                )


def _table(value: object, file: str, *keys: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(file, *keys, fault="is not a table")
    return value


def _limit(value: object, file: str, *keys: str) -> float:
    if keys[-1] not in _LIMITS:
        raise _invalid(file, *keys, fault=f"is none of {', '.join(_LIMITS)}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _invalid(file, *keys, fault="is not a number")
    return float(value)


def _invalid(file: str, *keys: str, fault: str) -> RequestError:
    return RequestError("request.dataset_invalid", f"{file}: {'.'.join(keys)} {fault}")
