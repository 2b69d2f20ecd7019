"""Runs an evaluation suite over a store of its own or a running server, with progress, and compares reports."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from app.bootstrap import Replacements, build
from app.cli.door import credential_for
from app.evaluating import DeployedUnderTest, ProductUnderTest
from app.evaluations import FOLDER, EvaluationReports
from app.settings import Settings
from domain.errors import RequestError
from evaluation.compare import Comparison, compare
from evaluation.gates import GateResult, check, read_gates
from evaluation.page import page
from evaluation.registry import SAMPLES, SUITES
from evaluation.report import Figure, Report, read_report, write_report
from evaluation.run import digest, evaluate
from evaluation.subject import Subject
from evaluation.suite import Suite

GATE_FAILED: Final = 1
_SAMPLES: Final = Path(__file__).resolve().parent.parent / "samples" / "evaluation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person asked the harness to do."""

    suite: str
    dataset: Path | None = None
    answerer: str | None = None
    gate: Path | None = None
    json: Path | None = None
    html: Path | None = None
    limit: int | None = None
    seed: int = 0


def run(settings: Settings, order: Order) -> None:
    """Measure, print, write what was asked for, and exit with :data:`GATE_FAILED` when a gate fails.

    Raises RequestError for an unknown suite, a dataset or gate that cannot be read, or a file that cannot be written.
    """
    suite = SUITES.get(order.suite)
    if suite is None:
        raise RequestError("request.invalid", f"suites: {', '.join(sorted(SUITES))}; or compare with two reports")
    gates = read_gates(order.gate) if order.gate else None
    _writable(order.json, order.html)
    report = _measured(settings, suite, order)
    console = Console()
    console.print(_table(report))
    EvaluationReports(settings.home / FOLDER).keep(report)
    if order.json:
        write_report(report, order.json)
    if order.html:
        _write(order.html, page(report))
    if gates:
        results = check(report, gates)
        console.print(_gate_table(results))
        if not all(result.passed for result in results):
            sys.exit(GATE_FAILED)


def run_compare(first: Path, second: Path, *, html: Path | None, seed: int) -> None:
    """Print the paired differences of two reports of one suite on one dataset."""
    reports = read_report(first), read_report(second)
    comparison = compare(*reports, seed=seed)
    Console().print(_comparison_table(comparison, first.name, second.name))
    if html:
        _write(html, page(reports[1], comparison=comparison))


def _measured(settings: Settings, suite: Suite, order: Order) -> Report:
    dataset = order.dataset or _SAMPLES / SAMPLES[suite.name]
    if not dataset.exists():
        fault = f"{dataset.name} does not exist; {suite.name} reads {suite.formats}"
        raise RequestError("request.dataset_invalid", fault)
    place = settings.home / FOLDER / f"{suite.name}-{digest(dataset)[:12]}"
    place.mkdir(parents=True, exist_ok=True)
    stored = settings.model_copy(update={"home": place / "store"})
    drafter = suite.drafter(dataset) if suite.drafter and not order.answerer else None
    credential = credential_for(settings, order.answerer) if order.answerer else None
    replace = Replacements(drafter=drafter)
    with _progress() as advance, _subject(stored, order.answerer, credential, replace) as subject:
        report = evaluate(
            suite,
            dataset,
            subject,
            seed=order.seed,
            limit=order.limit,
            journal=place / "journal.jsonl",
            progress=advance,
        )
    shutil.rmtree(place)
    return report


@contextmanager
def _subject(
    settings: Settings, answerer: str | None, credential: str | None, replace: Replacements
) -> Iterator[Subject]:
    """Yield what is measured; a store that an interrupted run left is used again."""
    if answerer:
        with closing(DeployedUnderTest(url=answerer.rstrip("/"), credential=credential)) as deployed:
            yield deployed
        return
    with build(settings, replace) as built:
        yield ProductUnderTest(consilium=built)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    console = Console(stderr=True)
    counts = MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    columns = TextColumn("{task.description}"), BarColumn(), *counts
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)

        yield advance


def _table(report: Report) -> Table:
    origin = report.origin
    title = f"{report.suite} on {origin.dataset}: {len(report.cases)} cases in {report.seconds:.0f} s"
    table = Table(title=title, caption="95 % bootstrap intervals")
    table.add_column("figure")
    for heading in ("value", "low", "high", "cases"):
        table.add_column(heading, justify="right")
    for figure in report.figures:
        style = "bold" if figure.name in report.main else ""
        table.add_row(figure.name, _shown(figure, figure.value), *_ends(figure), str(figure.count), style=style)
    return table


def _ends(figure: Figure) -> tuple[str, str]:
    if figure.low is None or figure.high is None:
        return "", ""
    return _shown(figure, figure.low), _shown(figure, figure.high)


def _shown(figure: Figure, value: float) -> str:
    return f"{value:.1f} {figure.unit}" if figure.unit else f"{value:.4f}"


def _gate_table(results: Sequence[GateResult]) -> Table:
    table = Table(title="gates")
    for heading in ("figure", "limit", "value", "result"):
        table.add_column(heading)
    for result in results:
        value = "missing" if result.value is None else f"{result.value:.4f}"
        table.add_row(result.figure, result.limit, value, "[green]passed[/]" if result.passed else "[red]failed[/]")
    return table


def _comparison_table(comparison: Comparison, first: str, second: str) -> Table:
    table = Table(title=f"{second} minus {first}", caption="paired differences with 95 % bootstrap intervals")
    for heading in comparison.headings:
        table.add_column(heading, overflow="fold")
    for row in comparison.rows():
        table.add_row(*row)
    return table


def _writable(*files: Path | None) -> None:
    """Raise RequestError before a long run whose result could not be written."""
    for file in files:
        if file and not file.parent.is_dir():
            raise RequestError("request.invalid", f"there is no folder for {file.name}")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RequestError("request.invalid", f"{path.name} cannot be written: {type(error).__name__}") from error
