"""The second phase of ingestion: versions that are found by words get their vectors."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.documents import Passage
from domain.ports.catalogue import Catalogue
from domain.ports.embedder import Embedder
from domain.ports.passage_index import PassageIndex
from ingestion.passages import embedding_text

BATCH: Final = 1_024
_VERSIONS_AT_ONCE: Final = 8


@dataclass(slots=True, kw_only=True)
class Vectors:
    """Embeds what waits, first come first served; a version is "indexed" once all its vectors are durable.

    Only the ids of versions wait in memory: their passages are read back from the catalogue, a batch at a time, and
    across versions, so that texts of like length are embedded together. ``waiting`` are the versions that are not done.
    """

    catalogue: Catalogue
    index: PassageIndex
    embedder: Embedder
    waiting: set[str] = field(default_factory=set)
    _queue: deque[str] = field(default_factory=deque)
    _read: list[Passage] = field(default_factory=list)

    def add(self, version_ids: Iterable[str]) -> None:
        """Let versions in state "words" wait; one that waits already keeps its place."""
        for version_id in version_ids:
            if version_id not in self.waiting:
                self.waiting.add(version_id)
                self._queue.append(version_id)

    def step(self, size: int = BATCH) -> int:
        """Embed up to ``size`` passages and return how many there were; 0 when nothing waits any more.

        A version that was retired since it came here is passed over.
        """
        self._read_back(size)
        batch, self._read = self._read[:size], self._read[size:]
        if batch:
            texts = [embedding_text(passage) for passage in batch]
            vectors = zip([passage.id for passage in batch], self.embedder.embed(texts), strict=True)
            self.index.add_vectors(dict(vectors))
            unfinished = self._read[0].version_id if self._read else None
            self._done([v for v in dict.fromkeys(passage.version_id for passage in batch) if v != unfinished])
        return len(batch)

    def _read_back(self, size: int) -> None:
        while self._queue and len(self._read) < size:
            some = [self._queue.popleft() for _ in range(min(_VERSIONS_AT_ONCE, len(self._queue)))]
            found = self.catalogue.passages_of(some)
            self._read.extend(found)
            self._done(sorted(set(some).difference(passage.version_id for passage in found)))

    def _done(self, version_ids: Sequence[str]) -> None:
        if version_ids:
            self.catalogue.vectors_followed(version_ids)
            self.waiting.difference_update(version_ids)
