"""Runs an evaluation suite over a store of its own, with progress."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.bootstrap import build
from app.evaluating import ProductUnderTest
from app.settings import Settings
from domain.errors import RequestError
from evaluation.beir import BeirDataset, read_beir
from evaluation.retrieval import RetrievalReport
from evaluation.retrieval import run as measure

SUITES = ("retrieval",)


def run(settings: Settings, suite: str, dataset: Path, *, limit: int | None, as_json: bool) -> None:
    """Measure and print. Raises RequestError for an unknown suite or a dataset that cannot be read."""
    if suite not in SUITES:
        raise RequestError("request.invalid", f"suites: {', '.join(SUITES)}")
    data = _some(read_beir(dataset), limit)
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="consilium-evaluate-") as folder,
        build(settings.model_copy(update={"home": Path(folder)})) as consilium,
        Progress(console=console, disable=not console.is_terminal) as progress,
    ):
        tasks = {"ingesting": progress.add_task("ingesting", total=len(data.corpus))}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)

        product = ProductUnderTest(consilium=consilium, progress=lambda done, total: advance("ingesting", done, total))
        report = measure(data, product, progress=advance)
    if as_json:
        sys.stdout.write(json.dumps(report.to_json(), indent=2) + "\n")
    else:
        Console().print(_table(report))


def _some(data: BeirDataset, limit: int | None) -> BeirDataset:
    """Return the dataset with ``limit`` questions, evenly spread; the corpus stays whole."""
    if limit is None or limit >= len(data.queries):
        return data
    if limit < 1:
        raise RequestError("request.invalid", "limit: at least 1")
    step = len(data.queries) / limit
    keys = list(data.queries)
    return replace(data, queries={key: data.queries[key] for key in (keys[int(n * step)] for n in range(limit))})


def _table(report: RetrievalReport) -> Table:
    title = f"{report.dataset}: {report.judged_queries} questions over {report.documents} documents"
    table = Table(title=f"{title}, ingested in {report.load_seconds:.0f} s")
    names = list(report.modes[0].measures)
    for heading in ("mode", *names, "p50 ms", "p95 ms"):
        table.add_column(heading, justify="left" if heading == "mode" else "right")
    for mode in report.modes:
        values = [f"{mode.measures[name]:.4f}" for name in names]
        table.add_row(mode.mode, *values, f"{mode.p50_ms:.1f}", f"{mode.p95_ms:.1f}")
    return table
