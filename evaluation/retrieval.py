"""Measures how well and how fast a system finds the documents that were judged relevant."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

import ir_measures
from ir_measures import AP, RR, P, R, nDCG

from evaluation.beir import BeirDataset

MODES: Final = ("hybrid", "words", "dense")
DEPTH: Final = 100
_MEASURES: Final = {
    "ndcg@10": nDCG @ 10,
    "recall@10": R @ 10,
    "recall@100": R @ 100,
    "mrr@10": RR @ 10,
    "map": AP,
    "precision@1": P @ 1,
}


class RetrievalSystem(Protocol):
    """What is measured."""

    def load(self, dataset: BeirDataset) -> None:
        """Make the corpus searchable."""

    def search(self, query: str, k: int, mode: str) -> Sequence[tuple[str, float]]:
        """Return up to ``k`` (corpus id, score), best first, each id once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """How one question went: its measures by name, its milliseconds and the ids that were found, best first."""

    query_id: str
    measures: Mapping[str, float]
    milliseconds: float
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeReport:
    """The means over all questions of one way of searching; ``queries`` keeps each question."""

    mode: str
    measures: Mapping[str, float]
    p50_ms: float
    p95_ms: float
    queries: tuple[QueryResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalReport:
    """What was measured on which dataset."""

    dataset: str
    documents: int
    judged_queries: int
    load_seconds: float
    modes: tuple[ModeReport, ...]

    def to_json(self, *, per_query: bool = True) -> dict[str, Any]:
        """Return plain JSON values; ``per_query=False`` leaves the single questions out."""
        plain = asdict(self)
        if not per_query:
            for mode in plain["modes"]:
                del mode["queries"]
        return plain


def run(
    dataset: BeirDataset,
    system: RetrievalSystem,
    modes: Sequence[str] = MODES,
    progress: Callable[[str, int, int], None] | None = None,
) -> RetrievalReport:
    """Load the corpus, ask every judged question in every mode, and measure to a depth of :data:`DEPTH`.

    A question that finds nothing counts as zero. ``progress`` is called with the mode, the questions done and all
    questions. The times are those of ``search`` alone, one question after the other.
    """
    started = time.perf_counter()
    system.load(dataset)
    loaded = time.perf_counter() - started
    return RetrievalReport(
        dataset=dataset.name,
        documents=len(dataset.corpus),
        judged_queries=len(dataset.queries),
        load_seconds=round(loaded, 3),
        modes=tuple(_measure(dataset, system, mode, progress) for mode in modes),
    )


def _measure(
    dataset: BeirDataset, system: RetrievalSystem, mode: str, progress: Callable[[str, int, int], None] | None
) -> ModeReport:
    runs: dict[str, tuple[str, ...]] = {}
    times: dict[str, float] = {}
    for number, (query_id, text) in enumerate(dataset.queries.items(), start=1):
        started = time.perf_counter()
        found = system.search(text, DEPTH, mode)
        times[query_id] = (time.perf_counter() - started) * 1000
        runs[query_id] = tuple(document_id for document_id, _ in found)
        if progress:
            progress(mode, number, len(dataset.queries))
    single = _single_measures(dataset, runs)
    queries = tuple(
        QueryResult(query_id=key, measures=single[key], milliseconds=round(times[key], 3), found=runs[key])
        for key in dataset.queries
    )
    return ModeReport(
        mode=mode,
        measures={name: statistics.fmean(query.measures[name] for query in queries) for name in _MEASURES},
        p50_ms=round(percentile(list(times.values()), 50), 3),
        p95_ms=round(percentile(list(times.values()), 95), 3),
        queries=queries,
    )


def _single_measures(dataset: BeirDataset, runs: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    # Ranks go in as scores: the tools break ties of scores by id, against the order in which a system gave them.
    ranked = {query: {key: -float(rank) for rank, key in enumerate(found)} for query, found in runs.items() if found}
    single: dict[str, dict[str, float]] = {query: {} for query in dataset.queries}
    names = {str(measure): name for name, measure in _MEASURES.items()}
    for metric in ir_measures.iter_calc(list(_MEASURES.values()), dataset.qrels, ranked):
        single[metric.query_id][names[str(metric.measure)]] = metric.value
    return single


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which ``percent`` of the values lie, by the nearest rank; 0.0 of no values."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0
