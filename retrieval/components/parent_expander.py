"""Turns passage ids into evidence with the section around each passage, for reading."""

from __future__ import annotations

from haystack import component

from domain.answers import Evidence
from domain.documents import Passage
from domain.ports.catalogue import Catalogue
from domain.ports.passage_index import IndexFilter
from retrieval.components.sockets import Ranked, Search


@component
class ParentExpander:
    """Reads passages and their parent sections from the catalogue; ``characters`` bounds what is read of a section."""

    def __init__(self, catalogue: Catalogue, characters: int = 4_000) -> None:
        self._catalogue = catalogue
        self._characters = characters

    @component.output_types(evidence=tuple[Evidence, ...])
    def run(self, search: Search, ranked: Ranked) -> dict[str, tuple[Evidence, ...]]:
        """Return evidence in the order of the hits; a passage that the catalogue no longer knows is left out."""
        passages = self._catalogue.passages([hit.passage_id for hit in ranked.hits])
        contexts: dict[tuple[str, int, int], str] = {}
        evidence = []
        for hit in ranked.hits:
            passage = passages.get(hit.passage_id)
            if passage is not None:
                span = (passage.version_id, *self._span(passage))
                if span not in contexts:
                    contexts[span] = self._context(passage, span, search.where)
                evidence.append(Evidence(passage=passage, score=hit.score, context=contexts[span]))
        return {"evidence": tuple(evidence)}

    def _span(self, passage: Passage) -> tuple[int, int]:
        """Return the parent section, or the part of it around the passage when it is too long to read."""
        if passage.parent_end - passage.parent_start <= self._characters:
            return passage.parent_start, passage.parent_end
        around = max(0, self._characters - (passage.end - passage.start)) // 2
        return max(passage.parent_start, passage.start - around), min(passage.parent_end, passage.end + around)

    def _context(self, passage: Passage, span: tuple[str, int, int], where: IndexFilter) -> str:
        version_id, start, end = span
        if (start, end) == (passage.start, passage.end):
            return passage.text
        neighbours = self._catalogue.neighbours(version_id, start, end)
        # A section may hold passages about somebody else, which the filter of the search has not looked at.
        seen = [other for other in neighbours if start <= other.start and other.end <= end and _visible(other, where)]
        return "\n".join(other.text for other in seen)


def _visible(passage: Passage, where: IndexFilter) -> bool:
    labels = passage.labels
    return (
        labels.tenant == where.tenant
        and set(labels.subjects) <= set(where.subjects)
        and set(labels.walls) <= set(where.walls)
    )
