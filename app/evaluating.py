"""Lets the evaluation harness drive the product through its own doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.bootstrap import Consilium
from domain.documents import Labels, Reading
from domain.questions import Question, Scope
from evaluation.beir import BeirDataset
from ingestion.outline import Outline
from ingestion.workflow import IngestRequest

_DEEPER: Final = 3


def corpus_readings(dataset: BeirDataset) -> Iterator[tuple[str, Reading]]:
    """Yield (corpus id, reading) for every entry that has text: a document with one body."""
    for entry in dataset.corpus:
        outline = Outline()
        outline.add(entry.text or entry.title)
        if outline.size:
            yield entry.id, outline.finish(media_type="text/plain", title=entry.title)


@dataclass(slots=True, kw_only=True)
class ProductUnderTest:
    """Implements :class:`evaluation.retrieval.RetrievalSystem` over the product's own ingestion and retriever.

    A long entry is several passages; it scores as its best one.
    """

    consilium: Consilium
    progress: Callable[[int, int], None] | None = None
    _entries: dict[str, str] = field(default_factory=dict)

    def load(self, dataset: BeirDataset) -> None:
        """Ingest the corpus as documents of a collection of its own."""
        request = IngestRequest(labels=Labels(collection=dataset.name))
        outcomes = self.consilium.ingestor.ingest_readings(corpus_readings(dataset), request)
        for number, outcome in enumerate(outcomes, start=1):
            if outcome.document_id:
                self._entries[outcome.document_id] = outcome.path
            if self.progress:
                self.progress(number, len(dataset.corpus))

    def search(self, query: str, k: int, mode: str) -> Sequence[tuple[str, float]]:
        """Return up to ``k`` (corpus id, score), best first."""
        question = Question(text=query, scope=Scope(as_of=self.consilium.clock.today()), k=k)
        hits = self.consilium.retriever.search_ids(question, k * _DEEPER, mode)
        passages = self.consilium.catalogue.passages([hit.passage_id for hit in hits])
        best: dict[str, float] = {}
        for hit in hits:
            if hit.passage_id in passages:
                best.setdefault(self._entries[passages[hit.passage_id].document_id], hit.score)
        return list(best.items())[:k]
