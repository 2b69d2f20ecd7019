"""Writes a report as one HTML page that needs nothing else: no script, no request, plots inside.

The names in a report are a dataset's own and may be hostile: they go through the template's escaping only, and no name
is ever part of the template. The page holds ids, tags and figures, never the text of a document.
"""

from __future__ import annotations

import math
import re
import shlex
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from evaluation.compare import Comparison, higher_is_better
from evaluation.intervals import interval
from evaluation.report import Case, Curve, Figure, Origin, Report

WORST: Final = 20
_MOST_SCORES: Final = 6
_MOST_VALUES: Final = 30
_MOST_BARS: Final = 60
_DECIMALS: Final = 3
_TEN: Final = 10
_THOUSAND: Final = 1000
_MINUTE: Final = 60


def page(report: Report, *, comparison: Comparison | None = None) -> str:
    """Return the page of a report; ``comparison`` is one whose second run is this report.

    The same report gives the same page, byte for byte.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_printable
    )
    environment.filters |= {
        "number": _number,
        "cell": _cell,
        "signed": _signed,
        "interval": _interval,
        "moment": _moment,
        "parts": _parts,
    }
    source = files("evaluation").joinpath("page.html.jinja").read_text(encoding="utf-8")
    scores = _scores(report)
    chief = _chief(report, scores)
    return environment.from_string(source).render(
        report=report,
        origin=report.origin,
        duration=_duration(report.seconds),
        main=[figure for name in report.main for figure in report.figures if figure.name == name],
        plots=_plots(report, chief),
        scores=scores,
        chief=chief,
        worst=_worst(report, chief),
        breakdowns=list(_breakdowns(report, scores)),
        comparison=comparison,
        changed=_changed(report, comparison),
        configuration_changes=_configuration_changes(comparison),
        command=_command(report),
    )


def _plots(report: Report, chief: str) -> dict[str, Any]:
    """Return the SVG of the bars ("" without any), of the chief score's distribution ("") and of each curve."""
    from evaluation import plots  # noqa: PLC0415 - matplotlib takes a second to import

    shares = [replace(figure, name=_text(figure.name)) for figure in report.figures if _is_share(figure)][:_MOST_BARS]
    finite = [value for value in _values(report, chief) if math.isfinite(value)]
    drawn = [curve for curve in map(_clean_curve, report.curves) if curve.points]
    return {
        "bars": plots.bars(shares, "bars") if shares else "",
        "distribution": plots.histogram(_text(chief), finite, "distribution") if finite else "",
        "curves": [(curve, plots.line(curve, f"curve-{number}")) for number, curve in enumerate(drawn)],
    }


def _is_share(figure: Figure) -> bool:
    ends = [figure.value, *(end for end in (figure.low, figure.high) if end is not None)]
    return figure.higher_is_better is not None and not figure.unit and all(0 <= end <= 1 for end in ends)


def _clean_curve(curve: Curve) -> Curve:
    return replace(
        curve,
        name=_text(curve.name),
        x_label=_text(curve.x_label),
        y_label=_text(curve.y_label),
        points=tuple((x, y) for x, y in curve.points if math.isfinite(x) and math.isfinite(y)),
    )


def _scores(report: Report) -> list[str]:
    """Return the scores of cases to show: those of the main figures, else the first there are."""
    had = list(dict.fromkeys(name for case in report.cases for name in case.scores))
    return [name for name in report.main if name in had] or had[:_MOST_SCORES]


def _chief(report: Report, scores: Sequence[str]) -> str:
    """Return the first score that cases differ in, else the first, else "": where all are alike none is the worst."""
    differing = (name for name in scores if len(set(_values(report, name))) > 1)
    return next(differing, scores[0] if scores else "")


def _values(report: Report, score: str) -> list[float]:
    return [case.scores[score] for case in report.cases if score in case.scores]


def _worst(report: Report, chief: str) -> list[Case]:
    sign = -1 if higher_is_better(report, chief) is False else 1
    scored = [case for case in report.cases if chief in case.scores]
    return sorted(scored, key=lambda case: (sign * case.scores[chief], case.id))[:WORST]


def _breakdowns(report: Report, scores: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield for each tag its most frequent values, each with its number of cases and a figure for each score."""
    for tag in dict.fromkeys(tag for case in report.cases for tag in case.tags):
        counts = Counter(case.tags[tag] for case in report.cases if tag in case.tags)
        shown = counts.most_common(_MOST_VALUES)
        rows = [
            (
                value,
                count,
                [_mean(report, name, [c for c in report.cases if c.tags.get(tag) == value]) for name in scores],
            )
            for value, count in shown
        ]
        yield {"tag": tag, "rows": rows, "left_out": len(counts) - len(shown)}


def _mean(report: Report, score: str, cases: Sequence[Case]) -> Figure | None:
    values = [case.scores[score] for case in cases if score in case.scores]
    if not values:
        return None
    low, high = interval(values, report.origin.seed)
    return Figure(name=score, value=statistics.fmean(values), count=len(values), low=low, high=high)


def _changed(report: Report, comparison: Comparison | None) -> list[Any]:
    """Return the differences whose cases are listed: those of the main figures, else the first."""
    if comparison is None:
        return []
    return [own for own in comparison.differences if own.name in report.main] or [comparison.differences[0]]


def _configuration_changes(comparison: Comparison | None) -> list[tuple[str, str, str]]:
    if comparison is None:
        return []
    first, second = _settings(comparison.first), _settings(comparison.second)
    names = dict.fromkeys([*first, *second])
    found = [(name, first.get(name, "–"), second.get(name, "–")) for name in names]
    return [row for row in found if row[1] != row[2]]


def _settings(origin: Origin) -> Mapping[str, str]:
    return {
        "product": origin.product,
        "seed": str(origin.seed),
        **origin.configuration,
        **origin.models,
        **origin.machine,
    }


def _command(report: Report) -> str:
    """Return what measures the same cases again: a limit of as many cases as there were chooses the same ones."""
    origin, quoted = report.origin, shlex.quote
    dataset = quoted(_text(origin.dataset))
    return (
        f"consilium evaluate {quoted(_text(report.suite))} --dataset {dataset} "
        f"--limit {len(report.cases)} --seed {origin.seed} --json report.json --html report.html"
    )


def _moment(stamp: str) -> str:
    try:
        return f"{datetime.fromisoformat(stamp):%d %B %Y, %H:%M UTC}".lstrip("0")
    except ValueError:
        return stamp


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _number(figure: Figure, value: float | None = None) -> str:
    """Return a figure's value, or another in its unit, as people read it."""
    shown = figure.value if value is None else value
    whole = figure.low is None and math.isfinite(shown) and shown == int(shown)
    text = f"{shown:,.0f}" if whole else _cell(shown)
    return f"{text} {figure.unit}".rstrip()


def _cell(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    return f"{value:,.{0 if size >= _THOUSAND else 1 if size >= _TEN else _DECIMALS}f}"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{_cell(value)}".replace("-", "\N{MINUS SIGN}")


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{_cell(figure.low)} to {_cell(figure.high)}"


def _parts(name: str) -> list[str]:
    """Return the parts of a name, which may be broken after each dot and underscore."""
    return re.split(r"(?<=[._])", _text(name))


def _printable(value: object) -> object:
    """Return what the template puts out: names without control and direction characters."""
    return _text(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _text(value: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value)
