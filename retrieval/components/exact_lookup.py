"""Finds the provisions, cases and codes that a question names."""

from __future__ import annotations

from haystack import component

from domain.ports.citation_finder import CitationFinder
from domain.ports.passage_index import Hit, PassageIndex
from retrieval.citations import families
from retrieval.components.sockets import Ranked, Search


@component
class ExactLookup:
    """Looks up each named provision: the passages that match it most exactly, and only those."""

    def __init__(self, citations: CitationFinder, index: PassageIndex, depth: int) -> None:
        self._citations = citations
        self._index = index
        self._depth = depth

    @component.output_types(ranked=Ranked)
    def run(self, search: Search) -> dict[str, Ranked]:
        """Return the named passages; the score is how exactly they match."""
        found: dict[str, float] = {}
        for family in families(self._citations.keys_in(search.text)):
            hits = self._index.lookup(family, search.where, max(self._depth, search.limit))
            for hit in hits:
                if hit.score == hits[0].score:
                    found[hit.passage_id] = max(hit.score, found.get(hit.passage_id, 0.0))
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return {"ranked": Ranked(hits=tuple(Hit(passage_id=key, score=score) for key, score in ranked))}
