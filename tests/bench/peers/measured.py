"""What one system was measured to be, and how the systems compare."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from evaluation.means import percentile
from evaluation.suites.retrieval import judged

NDCG = "ndcg@10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One system. Times of searches are without the embedding of the query; memory is resident, in MiB.

    ``words_s`` are seconds from the start of ingestion until the last document is found by words, ``words_alone_s``
    what building the words took by itself, where it is a step of its own. ``ndcg`` is by question: that what was timed
    also finds.
    """

    name: str
    startup_s: float
    documents: int
    ingest_s: float
    embed_s: float
    words_s: float | None
    words_alone_s: float | None
    search_ms: tuple[float, ...]
    embed_ms: tuple[float, ...]
    ndcg: Mapping[str, float]
    steady_mib: float
    peak_mib: float
    disk_mib: float
    versions: Mapping[str, str]

    @classmethod
    def of(cls, name: str, result: Mapping[str, Any], qrels: Mapping[str, Mapping[str, int]]) -> Self:
        """Return what ``child.py`` printed, judged."""
        searches = result["searches"]
        scores = {found["query"]: judged(qrels[found["query"]], found["ids"]) for found in searches}
        return cls(
            name=name,
            startup_s=result["startup_s"],
            documents=result["documents"],
            ingest_s=result["ingest_s"],
            embed_s=result["embed_s"],
            words_s=result["words_s"],
            words_alone_s=result["steps"].get("words"),
            search_ms=tuple(max(0.0, found["total_ms"] - found["embed_ms"]) for found in searches),
            embed_ms=tuple(found["embed_ms"] for found in searches),
            ndcg={key: score[NDCG] for key, score in scores.items()},
            steady_mib=result["steady_mib"],
            peak_mib=result["peak_mib"],
            disk_mib=result["disk_mib"],
            versions=result["versions"],
        )

    @property
    def rate(self) -> float:
        """Return documents ingested a second."""
        return self.documents / self.ingest_s

    def search(self, percent: int) -> float:
        """Return a percentile of the searches, in milliseconds."""
        return percentile(self.search_ms, percent)

    def embed(self, percent: int) -> float:
        """Return a percentile of the embeddings of a query, in milliseconds."""
        return percentile(self.embed_ms, percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What is asked of the product beside its peers: a ratio that is better when higher, and what it must reach."""

    what: str
    against: str
    ratio: float
    wanted: float

    @property
    def reached(self) -> bool:
        """Say whether the ratio reaches what is wanted."""
        return self.ratio >= self.wanted


def bars(own: Measured, peers: Sequence[Measured], encoder: Measured | None) -> list[Bar]:
    """Return the product's search against each peer's, and else against the peer that does best or the median peer."""
    if not peers:
        return []
    quickest = max(peers, key=lambda peer: peer.rate)
    made = [
        Bar(
            what="search p50 without the embedding",
            against=peer.name,
            ratio=_over(peer.search(50), own.search(50)),
            wanted=2.0,
        )
        for peer in peers
    ]
    made.append(
        Bar(what="documents ingested a second", against=quickest.name, ratio=own.rate / quickest.rate, wanted=1.0)
    )
    searchable = [peer for peer in peers if peer.words_s is not None]
    if searchable and own.words_s is not None:
        soonest = min(searchable, key=_words)
        made += [
            Bar(
                what="searchable by words, by when the peer that ingests fastest is done",
                against=quickest.name,
                ratio=_over(quickest.ingest_s, own.words_s),
                wanted=20.0,
            ),
            Bar(
                what="searchable by words, by when the first peer is",
                against=soonest.name,
                ratio=_over(_words(soonest), own.words_s),
                wanted=20.0,
            ),
        ]
    memory = statistics.median(peer.steady_mib for peer in peers)
    made.append(Bar(what="memory", against="the median peer", ratio=_over(memory, own.steady_mib), wanted=1.0))
    if encoder is not None:
        ratio = _over(encoder.embed(50), own.embed(50))
        made.append(Bar(what="embedding one query", against=encoder.name, ratio=ratio, wanted=1.5))
    return made


def _words(measured: Measured) -> float:
    return measured.words_s or 0.0


def _over(theirs: float, ours: float) -> float:
    return theirs / ours if ours else float("inf")
