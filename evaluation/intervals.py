"""Percentile bootstrap intervals (Efron and Tibshirani, 1993) of means and of paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

RESAMPLES: Final = 2_000
_LEVEL: Final = 95.0
_AT_ONCE: Final = 4_000_000  # drawn numbers held in memory


def interval(values: Sequence[float], seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean of ``values``; (nan, nan) of none."""
    if not values:
        return (float("nan"), float("nan"))
    drawn = np.random.default_rng(seed)
    data = np.asarray(values, dtype=np.float64)
    rows = max(1, _AT_ONCE // len(data))
    means = [
        data[drawn.integers(0, len(data), size=(min(rows, RESAMPLES - done), len(data)))].mean(axis=1)
        for done in range(0, RESAMPLES, rows)
    ]
    low, high = np.percentile(np.concatenate(means), [(100 - _LEVEL) / 2, (100 + _LEVEL) / 2])
    return float(low), float(high)


def paired(first: Mapping[str, float], second: Mapping[str, float], seed: int) -> tuple[float, float, float]:
    """Return the mean of ``second`` minus ``first`` over the cases of both, with its 95 % interval."""
    differences = [second[key] - first[key] for key in sorted(first.keys() & second.keys())]
    if not differences:
        return (float("nan"), float("nan"), float("nan"))
    return (float(np.mean(differences)), *interval(differences, seed))
