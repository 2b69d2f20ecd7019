"""Puts versions into the index again from what the catalogue keeps: words at once, vectors where they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.documents import Passage
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.passage_index import IndexEntry, PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from ingestion.passages import words_text

_VERSIONS_AT_ONCE: Final = 64


def entries_of(passages: Sequence[Passage], sparse: SparseEncoder, citations: CitationFinder) -> list[IndexEntry]:
    """Return how passages enter the index: found by their words and citations until their vectors follow."""
    words = sparse.encode_passages([words_text(passage) for passage in passages])
    return [
        IndexEntry(
            passage_id=passage.id,
            document_id=passage.document_id,
            version_id=passage.version_id,
            labels=passage.labels,
            in_force=passage.in_force,
            sparse=weights,
            keys=citations.keys_of(passage),
        )
        for passage, weights in zip(passages, words, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexer:
    """Lets the index follow the catalogue. Versions go back into state "words" first, so that a kill loses nothing."""

    catalogue: Catalogue
    index: PassageIndex
    sparse: SparseEncoder
    citations: CitationFinder

    def words(self, version_ids: Sequence[str], watch: Callable[[int], None] | None = None) -> int:
        """Index visible versions anew by words; ``watch`` hears how many are done. Returns how many passages."""
        passages = 0
        for first in range(0, len(version_ids), _VERSIONS_AT_ONCE):
            some = version_ids[first : first + _VERSIONS_AT_ONCE]
            with self.catalogue.transaction():
                for version_id in some:
                    self.catalogue.set_state(version_id, "words")
            found = self.catalogue.passages_of(some)
            for version_id in some:
                self.index.delete_version(version_id)
            self.index.upsert(entries_of(found, self.sparse, self.citations))
            passages += len(found)
            if watch:
                watch(first + len(some))
        return passages

    def complete(self) -> Iterator[str]:
        """Put versions all of whose vectors are in the index from "words" into "indexed", and yield them."""
        waiting = self.catalogue.waiting()
        without = {entry.version_id for entry in self.index.inventory() if not entry.dense}
        done = [version_id for version_id in waiting if version_id not in without]
        self.catalogue.vectors_followed(done)
        yield from done
