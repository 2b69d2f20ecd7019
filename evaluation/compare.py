"""Compares two runs of one suite on one dataset, case by case."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final

from domain.errors import RequestError
from evaluation.intervals import paired
from evaluation.report import Origin, Report

MOST_CHANGES: Final = 10
_EXACT: Final = 12  # decimals: changes that differ by less are equal and keep the order of the cases
_FEWEST: Final = 10  # the bootstrap of fewer cases says little


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one case scored in each run."""

    id: str
    first: float
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one score changed over the ``count`` cases that have it in both runs.

    ``first`` and ``second`` are its means over those cases, ``difference`` is second minus first, ``low`` and ``high``
    are the ends of its 95 % bootstrap interval. ``worse`` and ``better`` are the cases that changed most, the largest
    change first; for a score without a direction they are those that fell and those that rose.
    """

    name: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    count: int
    higher_is_better: bool | None
    worse: tuple[Change, ...]
    better: tuple[Change, ...]

    @property
    def verdict(self) -> str:
        """Say in words what the interval allows to be said."""
        if self.count < _FEWEST:
            return "too few cases"
        if self.low <= 0 <= self.high:
            return "no clear difference"
        if self.higher_is_better is None:
            return "higher" if self.low > 0 else "lower"
        return "better" if (self.low > 0) is self.higher_is_better else "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The paired differences of every score that both runs have, in the order of the first run."""

    headings: ClassVar[tuple[str, ...]] = (
        "score",
        "first",
        "second",
        "difference",
        "95 % interval",
        "cases",
        "verdict",
    )

    suite: str
    first: Origin
    second: Origin
    differences: tuple[Difference, ...]

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the cells below :attr:`headings`, a row for each score."""
        return tuple(
            (
                own.name,
                f"{own.first:.4f}",
                f"{own.second:.4f}",
                f"{own.difference:+.4f}",
                f"{own.low:+.4f} to {own.high:+.4f}",
                str(own.count),
                own.verdict,
            )
            for own in self.differences
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


def compare(first: Report, second: Report, seed: int = 0) -> Comparison:
    """Return how ``second`` differs from ``first``.

    Raises RequestError ``request.invalid`` for runs of different suites or datasets, and where no case has a score in
    both: a difference over other cases would mean nothing.
    """
    if first.suite != second.suite:
        raise RequestError("request.invalid", f"reports of different suites: {first.suite}, {second.suite}")
    if first.origin.dataset_digest != second.origin.dataset_digest:
        raise RequestError("request.invalid", "reports of different datasets: their digests differ")
    old, new = _by_score(first), _by_score(second)
    differences = tuple(
        _difference(name, values, new[name], seed, higher=higher_is_better(second, name))
        for name, values in old.items()
        if values.keys() & new.get(name, {}).keys()
    )
    if not differences:
        raise RequestError("request.invalid", "reports without a case that has a score in both")
    return Comparison(suite=first.suite, first=first.origin, second=second.origin, differences=differences)


def higher_is_better(report: Report, score: str) -> bool | None:
    """Return the direction of a case's score: that of the figure of its name; of times, lower is better."""
    for figure in report.figures:
        if figure.name == score:
            return figure.higher_is_better
    return False if score.rsplit(".", 1)[-1] == "ms" else None


def _by_score(report: Report) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for case in report.cases:
        for name, value in case.scores.items():
            found.setdefault(name, {})[case.id] = value
    return found


def _difference(
    name: str, first: Mapping[str, float], second: Mapping[str, float], seed: int, *, higher: bool | None
) -> Difference:
    mean, low, high = paired(first, second, seed)
    changes = [Change(id=key, first=first[key], second=second[key]) for key in first if key in second]
    fell = _largest([change for change in changes if change.second < change.first])
    rose = _largest([change for change in changes if change.second > change.first])
    return Difference(
        name=name,
        first=statistics.fmean(change.first for change in changes),
        second=statistics.fmean(change.second for change in changes),
        difference=mean,
        low=low,
        high=high,
        count=len(changes),
        higher_is_better=higher,
        worse=rose if higher is False else fell,
        better=fell if higher is False else rose,
    )


def _largest(changes: Sequence[Change]) -> tuple[Change, ...]:
    def size(change: Change) -> float:
        return round(abs(change.second - change.first), _EXACT)

    return tuple(sorted(changes, key=size, reverse=True)[:MOST_CHANGES])
