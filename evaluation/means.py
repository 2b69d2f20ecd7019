"""Turns scores of cases into figures."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from evaluation.intervals import interval
from evaluation.report import Case, Figure


def means(
    cases: Sequence[Case], seed: int, *, unit: str = "", lower_is_better: Callable[[str], bool] = lambda _: False
) -> tuple[Figure, ...]:
    """Return the mean of every score, over the cases that have it, with its 95 % interval, in order of appearance."""
    values: dict[str, list[float]] = {}
    for case in cases:
        for name, value in case.scores.items():
            values.setdefault(name, []).append(value)
    return tuple(_mean(name, own, seed, unit, higher=not lower_is_better(name)) for name, own in values.items())


def _mean(name: str, values: Sequence[float], seed: int, unit: str, *, higher: bool) -> Figure:
    low, high = interval(values, seed)
    return Figure(
        name=name,
        value=statistics.fmean(values),
        count=len(values),
        low=low,
        high=high,
        unit=unit,
        higher_is_better=higher,
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which ``percent`` of the values lie, by the nearest rank; 0.0 of no values."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0
