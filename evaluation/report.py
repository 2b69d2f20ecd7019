"""What an evaluation run found: figures with intervals, every case, curves, and all that is needed to repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from domain.errors import RequestError

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure, the mean of ``count`` cases unless its suite says otherwise.

    ``name`` is dotted ("hybrid.ndcg@10"). ``low`` and ``high`` are the ends of the 95 % bootstrap interval, absent for
    figures that are no means. ``higher_is_better`` is ``None`` for plain facts such as counts.
    """

    name: str
    value: float
    count: int
    low: float | None = None
    high: float | None = None
    unit: str = ""
    higher_is_better: bool | None = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How one case went: ``scores`` by figure name, ``tags`` (a type, an attack, the check that decided: never text).

    ``passages`` are the ids of what was found or quoted, best first.
    """

    id: str
    scores: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line to plot; ``diagonal`` asks for the line of chance or of perfect calibration beside it."""

    name: str
    x_label: str
    y_label: str
    points: tuple[tuple[float, float], ...]
    diagonal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a run was made of. Digests are SHA-256 in hexadecimal; ``started`` is ISO 8601 in UTC."""

    dataset: str
    dataset_digest: str
    product: str
    configuration: Mapping[str, str]
    models: Mapping[str, str]
    machine: Mapping[str, str]
    seed: int
    started: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished run. ``main`` names the figures to look at first."""

    suite: str
    origin: Origin
    seconds: float
    main: tuple[str, ...]
    figures: tuple[Figure, ...]
    cases: tuple[Case, ...]
    curves: tuple[Curve, ...] = ()

    def figure(self, name: str) -> Figure:
        """Return the figure of that name. Raises RequestError when there is none."""
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise RequestError("request.not_found", f"figure {name}")

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"format": FORMAT, **asdict(self)}


def write_report(report: Report, path: Path) -> None:
    """Write the report as JSON. Raises RequestError when the file cannot be written."""
    try:
        path.write_text(json.dumps(report.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise RequestError("request.invalid", f"{path.name} cannot be written: {type(error).__name__}") from error


def read_report(path: Path) -> Report:
    """Return a report that :func:`write_report` wrote. Raises RequestError ``request.dataset_invalid`` for others."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if plain.pop("format") != FORMAT:
            raise RequestError("request.dataset_invalid", f"{path.name} has another format number than {FORMAT}")
        return Report(
            suite=plain["suite"],
            origin=Origin(**plain["origin"]),
            seconds=plain["seconds"],
            main=tuple(plain["main"]),
            figures=tuple(Figure(**figure) for figure in plain["figures"]),
            cases=tuple(Case(**{**case, "passages": tuple(case["passages"])}) for case in plain["cases"]),
            curves=tuple(
                Curve(**{**curve, "points": tuple((x, y) for x, y in curve["points"])}) for curve in plain["curves"]
            ),
        )
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError("request.dataset_invalid", f"{path.name} is no evaluation report") from error
