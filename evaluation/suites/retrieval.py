"""Retrieval: how well and how fast what answers is found, by ranks over documents or by characters over spans."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ir_measures
from ir_measures import AP, RR, P, R, nDCG

from evaluation.datasets.beir import BeirDataset, read_beir
from evaluation.datasets.spans import SpanDataset, SpanQuery, read_spans
from evaluation.means import means, percentile
from evaluation.report import Case, Curve, Figure
from evaluation.subject import CorpusText, Subject
from evaluation.suite import Progress, Suite, Work

MODES: Final = ("hybrid", "words", "dense")
DEPTH: Final = 100
SPAN_DEPTHS: Final = (1, 2, 4, 8, 16, 32, 64)
SPAN_BUDGETS: Final = (2_000, 4_000, 8_000)  # characters
_MEASURES: Final = {
    "ndcg@10": nDCG @ 10,
    "recall@10": R @ 10,
    "recall@100": R @ 100,
    "mrr@10": RR @ 10,
    "map": AP,
    "precision@1": P @ 1,
}
_MILLISECONDS: Final = "ms"
_OF_BENCHMARK: Final = ("char_recall@4000c", "char_recall@8", "char_precision@8")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """A BEIR folder: every question in every mode, measured to a depth of :data:`DEPTH`."""

    data: BeirDataset

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def keys(self) -> Sequence[str]:
        return list(self.data.queries)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        def texts() -> Sequence[CorpusText]:
            return [CorpusText(key=entry.id, title=entry.title, text=entry.text) for entry in self.data.corpus]

        progress("ingesting", 0, len(self.data.corpus))
        subject.load(texts(), self.name)
        progress("ingesting", len(self.data.corpus), len(self.data.corpus))

    def measure(self, key: str, subject: Subject) -> Case:
        scores: dict[str, float] = {}
        passages: tuple[str, ...] = ()
        for mode in MODES:
            started = time.perf_counter()
            found = subject.rank(self.data.queries[key], DEPTH, mode, self.name)
            scores[f"{mode}.ms"] = (time.perf_counter() - started) * 1000
            ranked = [document for document, _, _ in found]
            scores |= {f"{mode}.{name}": value for name, value in judged(self.data.qrels[key], ranked).items()}
            passages = passages or tuple(passage for _, _, passage in found[:10])
        return Case(id=key, scores=scores | _gains(scores, "ndcg@10"), passages=passages)

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        return _figures(cases, seed), ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """A set of character spans: precision and recall of characters at several depths, as LegalBench-RAG has them."""

    data: SpanDataset

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def keys(self) -> Sequence[str]:
        return list(self.data.queries)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        files = sorted(path for path in self.data.corpus.rglob("*") if path.is_file())
        for number, file in enumerate(files, start=1):
            subject.ingest([file], {"collection": self.name})
            progress("ingesting", number, len(files))

    def measure(self, key: str, subject: Subject) -> Case:
        query = self.data.queries[key]
        scores: dict[str, float] = {}
        passages: tuple[str, ...] = ()
        for mode in MODES:
            started = time.perf_counter()
            found = subject.spans(query.text, max(SPAN_DEPTHS), mode, self.name)
            scores[f"{mode}.ms"] = (time.perf_counter() - started) * 1000
            spans = [(_below(path, self.data.corpus), start, end) for path, start, end, _ in found]
            scores |= {f"{mode}.{name}": value for name, value in covered(query, spans).items()}
            passages = passages or tuple(passage for *_, passage in found[:10])
        scores |= _gains(scores, "char_recall@8") | _gains(scores, "char_recall@4000c")
        return Case(id=key, scores=scores, tags={"benchmark": key.rsplit("-", 1)[0]}, passages=passages)

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        figures = _figures(cases, seed)
        values = {figure.name: figure.value for figure in figures}
        curves = tuple(
            Curve(
                name=f"{mode}: characters",
                x_label="recall",
                y_label="precision",
                points=tuple(
                    (values[f"{mode}.char_recall@{depth}"], values[f"{mode}.char_precision@{depth}"])
                    for depth in SPAN_DEPTHS
                ),
            )
            for mode in MODES
        )
        return (*figures, *_by_benchmark(cases, seed)), curves


def judged(qrels: Mapping[str, int], ranked: Sequence[str]) -> dict[str, float]:
    """Return the measures of one question as trec_eval has them; a question that finds nothing counts as zero."""
    if not ranked:
        return dict.fromkeys(_MEASURES, 0.0)
    # ranks go in as scores: the tools break ties of scores by id, against the order in which a system gave them
    run = {"q": {document: -float(rank) for rank, document in enumerate(ranked)}}
    found = ir_measures.iter_calc(list(_MEASURES.values()), {"q": dict(qrels)}, run)
    values = {str(metric.measure): float(metric.value) for metric in found}
    return {name: values[str(measure)] for name, measure in _MEASURES.items()}


def covered(query: SpanQuery, found: Sequence[tuple[str, int, int]]) -> dict[str, float]:
    """Return how much of the answers to one question is found, by number of spans and by characters returned.

    Recall at k favours whoever returns longer spans. ``char_recall@4000c`` is fair to all sizes: the recall of the
    first 4,000 characters as they are returned, repeated ones included; within them, more recall is also more
    precision.
    """
    scores: dict[str, float] = {}
    for depth in SPAN_DEPTHS:
        scores[f"char_precision@{depth}"], scores[f"char_recall@{depth}"] = overlap(query, found[:depth])
    for budget in SPAN_BUDGETS:
        scores[f"char_recall@{budget}c"] = overlap(query, _within(found, budget))[1]
    return scores


def overlap(query: SpanQuery, found: Sequence[tuple[str, int, int]]) -> tuple[float, float]:
    """Return the precision and recall of the characters of ``found``, each character counted once."""
    wanted, given = _characters(query.spans), _characters(found)
    both = sum(len(wanted[file] & given.get(file, set())) for file in wanted)
    size = sum(map(len, given.values()))
    return both / size if size else 0.0, both / sum(map(len, wanted.values()))


def _within(found: Sequence[tuple[str, int, int]], budget: int) -> list[tuple[str, int, int]]:
    """Return the first ``budget`` characters of ``found``; the span in which they end is cut there."""
    kept = []
    for file, start, end in found:
        if budget <= 0:
            break
        kept.append((file, start, min(end, start + budget)))
        budget -= end - start
    return kept


def _gains(scores: Mapping[str, float], measure: str) -> dict[str, float]:
    """Return by how much both searches together beat each alone on one question."""
    best, *others = MODES
    return {f"gain_over_{mode}.{measure}": scores[f"{best}.{measure}"] - scores[f"{mode}.{measure}"] for mode in others}


def _characters(spans: Sequence[tuple[str, int, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for file, start, end in spans:
        found.setdefault(file, set()).update(range(start, end))
    return found


def _figures(cases: Sequence[Case], seed: int) -> tuple[Figure, ...]:
    plain = [
        Case(id=case.id, scores={name: value for name, value in case.scores.items() if not name.endswith(".ms")})
        for case in cases
    ]
    times = [
        Figure(
            name=f"{mode}.p{percent}_ms",
            value=percentile([case.scores[f"{mode}.ms"] for case in cases], percent),
            count=len(cases),
            unit=_MILLISECONDS,
            higher_is_better=False,
        )
        for mode in MODES
        for percent in (50, 95)
    ]
    return (*means(plain, seed), *times)


def _by_benchmark(cases: Sequence[Case], seed: int) -> tuple[Figure, ...]:
    """Return what counts of each benchmark by itself, where there are several."""
    names = sorted({case.tags["benchmark"] for case in cases})
    chosen = [
        Case(
            id=case.id,
            scores={
                f"{case.tags['benchmark']}.{name}": value
                for name, value in case.scores.items()
                if name.endswith(_OF_BENCHMARK)
            },
        )
        for case in cases
    ]
    return tuple(means(chosen, seed)) if len(names) > 1 else ()


def _below(path: str, corpus: Path) -> str:
    """Return the file's path below the corpus folder, as the benchmarks name it."""
    whole = corpus.resolve().as_posix().strip("/") + "/"
    return path.removeprefix("/").removeprefix(whole).removeprefix(corpus.as_posix().strip("/") + "/")


def _read(path: Path) -> Work:
    if (path / "corpus").is_dir() or (path.is_file() and path.suffix == ".json"):
        return _Spans(data=read_spans(path))
    return _Ranked(data=read_beir(path))


SUITE: Final = Suite(
    name="retrieval",
    summary="What is found: ranks over a BEIR folder, or characters over a LegalBench-RAG set, in three modes.",
    formats="a BEIR folder, or a LegalBench-RAG folder or one of its benchmarks/*.json",
    main=(
        "hybrid.ndcg@10",
        "hybrid.recall@10",
        "words.ndcg@10",
        "dense.ndcg@10",
        "hybrid.char_recall@4000c",
        "hybrid.char_recall@8",
        "hybrid.p50_ms",
    ),
    read=_read,
)
