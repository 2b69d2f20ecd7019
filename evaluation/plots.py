"""Draws the plots of the page as SVG to be put into HTML: coloured by its style sheet, named in words, and inert.

Matplotlib takes a second to import, so evaluation/page.py imports this module when it draws. A plot has the same bytes
every time it is drawn from the same figures.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import matplotlib as mpl
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from evaluation.report import Curve, Figure

# each is drawn as a colour that nothing else has and becomes a variable of the style sheet, for light, dark and print
_INK, _MUTED, _LINE, _ACCENT, _FILL = "#010203", "#020304", "#030405", "#040506", "#050607"
_VARIABLES: Final = {_INK: "--ink", _MUTED: "--muted", _LINE: "--line", _ACCENT: "--accent", _FILL: "--fill"}
_STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "consilium",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.8,
    "text.color": _INK,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _MUTED,
    "ytick.labelcolor": _MUTED,
}
_SVG: Final = "{http://www.w3.org/2000/svg}"
_NO_METADATA: Final = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_POINTS: Final = 72  # of an inch; a point of matplotlib is a pixel of the page
_WIDTH: Final = 720
_SMALL: Final = (440, 330)
_ROW: Final = 26
_LONG_LABEL: Final = 36
_LONGEST_LABEL: Final = 52
_BINS: Final = 20
_SPOKEN: Final = 12
_SLACK: Final = 1e-9  # 0.3 / 0.05 is a little under 6


def bars(figures: Sequence[Figure], prefix: str) -> str:
    """Return horizontal bars with interval whiskers of figures between 0 and 1; ``prefix`` starts all ids in it."""
    rows = range(len(figures))
    with _canvas(_WIDTH, 60 + _ROW * len(figures)) as (canvas, axes):
        axes.barh(rows, [figure.value for figure in figures], height=0.6, color=_FILL)
        for row, figure in zip(rows, figures, strict=True):
            if figure.low is not None and figure.high is not None:
                axes.plot([figure.low, figure.high], [row, row], color=_INK, linewidth=1.5, marker="|", markersize=8)
            axes.text(1.02, row, f"{figure.value:.3f}", va="center", ha="left")
        axes.set_yticks(rows, [_label(figure) for figure in figures])
        axes.tick_params(axis="y", length=0, pad=10, labelcolor=_INK)
        axes.set_ylim(len(figures) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.grid(axis="x")
        spoken = "; ".join(_spoken(figure) for figure in figures)
        return _svg(canvas, f"Bar chart of {len(figures)} figures from 0 to 1: {spoken}.", prefix)


def line(curve: Curve, prefix: str) -> str:
    """Return a curve; ``prefix`` starts all ids in it. Its points must be finite."""
    xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
    with _canvas(*_SMALL) as (canvas, axes):
        if curve.diagonal:
            axes.plot([0, 1], [0, 1], color=_MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.plot(xs, ys, color=_ACCENT, linewidth=2, marker="o" if len(xs) <= _BINS else "", markersize=5)
        for values, set_limits in ((xs, axes.set_xlim), (ys, axes.set_ylim)):
            if min(values) >= 0 and max(values) <= 1:
                set_limits(-0.02, 1.02)
        axes.set_xlabel(_short(curve.x_label))
        axes.set_ylabel(_short(curve.y_label))
        axes.grid()
        step = max(1, math.ceil(len(xs) / _SPOKEN))
        chosen = sorted({*range(0, len(xs), step), len(xs) - 1})
        points = "; ".join(f"{xs[at]:.3g}, {ys[at]:.3g}" for at in chosen)
        beside = " A dashed diagonal is drawn beside it." if curve.diagonal else ""
        label = f"Line chart, {curve.name}: {curve.y_label} by {curve.x_label}, {len(xs)} points. {points}.{beside}"
        return _svg(canvas, label, prefix)


def histogram(name: str, values: Sequence[float], prefix: str) -> str:
    """Return how many cases have which score; ``prefix`` starts all ids in it. Values must be finite, at least one."""
    low, high = min(values), max(values)
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low == high:
        low, high = low - 0.5, high + 0.5
    width = (high - low) / _BINS
    counts = [0] * _BINS
    for value in values:
        counts[min(_BINS - 1, int((value - low) / width + _SLACK))] += 1
    edges = [low + width * at for at in range(_BINS + 1)]
    with _canvas(_WIDTH, 260) as (canvas, axes):
        axes.bar(edges[:-1], counts, width=width * 0.92, align="edge", color=_FILL)
        axes.set_xlim(low, high)
        axes.set_xlabel(_short(name))
        axes.set_ylabel("cases")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.grid(axis="y")
        spoken = "; ".join(
            f"{counts[at]} from {edges[at]:.4g} to {edges[at + 1]:.4g}" for at in range(_BINS) if counts[at]
        )
        return _svg(canvas, f"Histogram of {name} over {len(values)} cases: {spoken}.", prefix)


@contextmanager
def _canvas(width: int, height: int) -> Iterator[tuple[Canvas, Axes]]:
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # the reader's own fonts are used: what matplotlib's lack is no loss
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        canvas = Canvas(figsize=(width / _POINTS, height / _POINTS), layout="constrained")
        yield canvas, canvas.add_subplot()


def _svg(canvas: Canvas, label: str, prefix: str) -> str:
    """Return the drawing as an element with a role and a name, without what HTML has no use for."""
    stream = BytesIO()
    canvas.savefig(stream, format="svg", transparent=True, metadata=_NO_METADATA)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(stream.getvalue(), parser)
    etree.strip_elements(root, f"{_SVG}metadata", f"{_SVG}style", with_tail=False)
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _attribute(etree.QName(key).localname, str(value), prefix))
    width = root.get("viewBox", "").split(" ")[2]
    root.attrib.pop("height")
    root.set("width", width)
    root.set("role", "img")
    root.set("aria-label", label)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _attribute(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}-{value}"
    if name == "href":
        return value.replace("#", f"#{prefix}-", 1)
    if name == "clip-path":
        return value.replace("url(#", f"url(#{prefix}-", 1)
    if name == "style":
        for colour, variable in _VARIABLES.items():
            value = value.replace(colour, f"var({variable})")
    return value


def _direction(figure: Figure) -> str:
    return f"{figure.name} (lower is better)" if figure.higher_is_better is False else figure.name


def _spoken(figure: Figure) -> str:
    between = "" if figure.low is None or figure.high is None else f", between {figure.low:.3f} and {figure.high:.3f}"
    return f"{_direction(figure)} {figure.value:.3f}{between}"


def _label(figure: Figure) -> str:
    """Return a name that leaves room for the bars; where it is long, an arrow says that lower is better."""
    label = _direction(figure)
    return _short(label if len(label) <= _LONG_LABEL or figure.higher_is_better is not False else f"{figure.name} ↓")


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
