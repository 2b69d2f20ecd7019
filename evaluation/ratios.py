"""Percentile bootstrap intervals (Efron and Tibshirani, 1993) of figures that are no means of cases, such as F1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.intervals import RESAMPLES

Rows = NDArray[np.float64]
_ENDS = (2.5, 97.5)


def ratio_intervals(
    rows: Rows, statistic: Callable[[Rows], Sequence[float]], seed: int
) -> list[tuple[float, float] | None]:
    """Return the 95 % interval of each figure that ``statistic`` returns, drawing whole cases.

    ``rows`` holds a row of numbers for each case. ``statistic`` returns the same figures in the same order for any
    choice of rows, NaN where a figure is not defined (a precision of nothing); draws in which it is not defined are
    left out, and a figure that none defines has no interval.
    """
    if not len(rows):
        return []
    drawn = np.random.default_rng(seed)
    found = np.array([statistic(rows[drawn.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES)], np.float64)
    return [_ends(column[~np.isnan(column)]) for column in found.T]


def _ends(values: NDArray[np.float64]) -> tuple[float, float] | None:
    if not values.size:
        return None
    low, high = np.percentile(values, _ENDS)
    return float(low), float(high)
