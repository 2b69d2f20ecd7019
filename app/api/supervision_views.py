"""The shapes of activity, statistics, evaluations and the configuration, for the OpenAPI document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.activity import Operation, Statistics
from evaluation.compare import Comparison
from evaluation.report import Report


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OperationView(_View):
    """One thing that somebody asked for: its class and how it went, without content."""

    seq: int = Field(description="Number of the audit event that it began with.")
    at: str
    operation: str = Field(description="question, search, check …; for what was denied the action that was asked.")
    actor: str | None = Field(description="Who asked; null for roles that may not see names.")
    purpose: str
    status: Literal["answered", "refused", "denied", "done", "open"] = Field(
        description="open: begun, and without an end in the trail."
    )
    code: str
    model: str
    milliseconds: int | None
    subjects: int = Field(description="How many patients and matters were in scope.")
    collections: int = Field(description="How many collections were chosen; 0 for all.")
    supported: int = Field(description="Drafted claims that were found supported.")
    contradicted: int
    unsupported: int


class ActivityView(_View):
    """Operations, the newest first."""

    activity: list[OperationView]
    behind: bool = Field(description="Whether events of the trail are still to be taken in; ask again.")
    next: str | None = Field(None, description="Link to the next page; none on the last one.")


class LatencyView(_View):
    """How long questions took in milliseconds, to within a twentieth; null where none was timed."""

    count: int
    p50: int | None
    p90: int | None
    p99: int | None


class BucketView(_View):
    """Figures of a day or an hour in UTC. Verdicts are those of drafted claims; ``cost`` is null without a price."""

    start: str
    statuses: dict[str, int]
    supported: int
    contradicted: int
    unsupported: int
    tokens: int = Field(description="About how many tokens models read and wrote: four for three words.")
    cost: float | None
    latency: LatencyView


class StatisticsView(_View):
    """Figures of a time, in buckets and as a whole."""

    bucket: Literal["day", "hour"]
    price_per_thousand_tokens: float | None
    behind: bool
    whole: BucketView
    buckets: list[BucketView]
    operations: dict[str, int]
    purposes: dict[str, int]
    models: dict[str, int]
    codes: dict[str, int]


class FigureView(_View):
    """A measured figure with the ends of its 95 % interval."""

    name: str
    value: float | None
    count: int
    low: float | None
    high: float | None
    unit: str
    higher_is_better: bool | None


class CurveView(_View):
    """A line to plot."""

    name: str
    x_label: str
    y_label: str
    points: list[tuple[float, float]]
    diagonal: bool


class EvaluationSummaryView(_View):
    """A run of a suite; ``figures`` are those to look at first."""

    id: str
    suite: str
    dataset: str
    dataset_digest: str
    product: str
    started: str
    seconds: float
    cases: int
    figures: list[FigureView]


class EvaluationView(EvaluationSummaryView):
    """A run with all figures, curves and what it was made of. Its cases stay in the file."""

    main: list[str]
    curves: list[CurveView]
    configuration: dict[str, str]
    models: dict[str, str]
    machine: dict[str, str]
    seed: int


class EvaluationsView(_View):
    """Reports that are kept, the one of the latest run first."""

    evaluations: list[EvaluationSummaryView]
    unreadable: list[str] = Field(description="Files of the folder that are no reports.")


class DifferenceView(_View):
    """How a score changed over the cases that have it in both runs."""

    name: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    count: int
    higher_is_better: bool | None
    verdict: str


class ComparisonView(_View):
    """The paired differences of two runs of one suite on one dataset, with 95 % intervals."""

    suite: str
    first: str
    second: str
    differences: list[DifferenceView]


class SettingView(_View):
    """One setting as it is in force; secrets are masked."""

    name: str
    value: str
    source: Literal["argument", "environment", "file", "default"]
    meaning: str


class SettingProblemView(_View):
    """Something wrong with a setting, and the way out."""

    severity: Literal["error", "warning"]
    setting: str
    message: str
    way_out: str


class PartView(_View):
    """A part that answers rest on, asked just now."""

    part: str
    ready: bool
    code: str | None


class SettingsView(_View):
    """The configuration in force and the health of the parts."""

    settings: list[SettingView]
    problems: list[SettingProblemView]
    parts: list[PartView]


def operation_json(one: Operation, *, names: bool) -> dict[str, Any]:
    """Return an operation as it is shown; who asked only to those who may see names."""
    return asdict(one) | {"actor": one.actor if names else None}


def statistics_json(found: Statistics, price: float | None, *, behind: bool) -> dict[str, Any]:
    """Return statistics with what they cost at a price for a thousand tokens."""

    def bucket(one: dict[str, Any]) -> dict[str, Any]:
        return one | {"cost": None if price is None else round(one["tokens"] / 1000 * price, 6)}

    plain = asdict(found)
    return plain | {
        "whole": bucket(plain["whole"]),
        "buckets": [bucket(one) for one in plain["buckets"]],
        "price_per_thousand_tokens": price,
        "behind": behind,
    }


def summary_json(name: str, report: Report) -> dict[str, Any]:
    """Return what a list says of a report."""
    origin = report.origin
    return {
        "id": name,
        "suite": report.suite,
        "dataset": origin.dataset,
        "dataset_digest": origin.dataset_digest,
        "product": origin.product,
        "started": origin.started,
        "seconds": report.seconds,
        "cases": len(report.cases),
        "figures": [_figure(report, one) for one in report.main],
    }


def report_json(name: str, report: Report) -> dict[str, Any]:
    """Return a whole report without its cases."""
    origin = report.origin
    return summary_json(name, report) | {
        "figures": [_figure(report, one.name) for one in report.figures],
        "main": list(report.main),
        "curves": [asdict(curve) for curve in report.curves],
        "configuration": dict(origin.configuration),
        "models": dict(origin.models),
        "machine": dict(origin.machine),
        "seed": origin.seed,
    }


def comparison_json(first: str, second: str, found: Comparison) -> dict[str, Any]:
    """Return a comparison without its cases."""
    shown = ("name", "first", "second", "difference", "low", "high", "count", "higher_is_better", "verdict")
    return {
        "suite": found.suite,
        "first": first,
        "second": second,
        "differences": [{name: getattr(one, name) for name in shown} for one in found.differences],
    }


def _figure(report: Report, name: str) -> dict[str, Any]:
    plain = asdict(report.figure(name))
    # What is no number has no JSON either: the mean of no case.
    return {key: None if isinstance(value, float) and value != value else value for key, value in plain.items()}  # noqa: PLR0124 - only NaN differs from itself
