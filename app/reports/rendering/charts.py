"""Values over time as small plots, in SVG and PNG; the same values give the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

import matplotlib as mpl
from matplotlib import dates as calendar
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_LOOKS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "consilium",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a94a3",
    "axes.labelcolor": "#4a5361",
    "xtick.color": "#4a5361",
    "ytick.color": "#4a5361",
    "text.parse_math": False,
}
_COLOUR: Final = "#1f5f8b"
_WIDTH, _HEIGHT = 6.8, 1.55  # inches, of all and of one row
_LONGEST: Final = 38


def chart(series: Sequence[Mapping[str, Any]], kind: str) -> bytes:
    """Return the plots as "svg" or "png". ``series`` are dictionaries with name, unit and points of date and value."""
    drawn = [
        {"name": one["name"], "unit": one["unit"], "points": [[p["date"], p["value"]] for p in one["points"]]}
        for one in series
    ]
    return _drawn(json.dumps(drawn), kind)


@lru_cache(maxsize=4)
def _drawn(data: str, kind: str) -> bytes:
    """Draw; HTML and PDF show the same picture, and drawing it takes longer than everything else of a report."""
    series = json.loads(data)
    columns = 2 if len(series) > 1 else 1
    rows = -(-len(series) // columns)
    with mpl.rc_context(_LOOKS):
        figure = Figure(figsize=(_WIDTH, _HEIGHT * rows))
        axes = figure.subplots(rows, columns, squeeze=False)
        # Room for titles and numbers, in inches; a layout that measures every text takes as long as drawing them.
        height = _HEIGHT * rows
        figure.subplots_adjust(
            left=0.62 / _WIDTH, right=1 - 0.08 / _WIDTH, top=1 - 0.24 / height, bottom=0.26 / height,
            wspace=0.62 / (_WIDTH / columns - 0.62), hspace=0.5 / (_HEIGHT - 0.5),
        )  # fmt: skip
        for place, axis in enumerate(axes.flat):
            if place < len(series):
                _plot(axis, series[place])
            else:
                axis.set_axis_off()
        out = io.BytesIO()
        metadata: dict[str, str | None] = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(out, format=kind, dpi=170, metadata=metadata)
    return out.getvalue()


def _plot(axis: Axes, series: Mapping[str, Any]) -> None:
    days: Any = [date.fromisoformat(day) for day, _ in series["points"]]
    values = [float(value) for _, value in series["points"]]
    axis.plot(days, values, color=_COLOUR, linewidth=1.2, marker="o", markersize=3)
    name = series["name"] if len(series["name"]) <= _LONGEST else series["name"][: _LONGEST - 1] + "…"
    axis.set_title(name, loc="left", fontsize=8, fontweight="bold", color="#1d2430")
    axis.set_ylabel(series["unit"], fontsize=7)
    axis.grid(axis="y", color="#e3e7ec", linewidth=0.6)
    axis.margins(x=0.04, y=0.18)
    plain: Any = calendar  # which has no types
    axis.xaxis.set_major_locator(plain.AutoDateLocator(minticks=2, maxticks=5))
    axis.xaxis.set_major_formatter(plain.DateFormatter("%Y-%m"))
    axis.tick_params(labelsize=7, length=2.5)
    axis.locator_params(axis="y", nbins=4)
