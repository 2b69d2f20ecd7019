"""Finds passages by meaning."""

from __future__ import annotations

from haystack import component

from domain.ports.passage_index import PassageIndex
from retrieval.components.sockets import Embedded, Ranked, Search


@component
class DenseRetriever:
    """Asks the index for the nearest vectors within the filter."""

    def __init__(self, index: PassageIndex, depth: int) -> None:
        self._index = index
        self._depth = depth

    @component.output_types(ranked=Ranked)
    def run(self, search: Search, embedded: Embedded) -> dict[str, Ranked]:
        """Return the nearest passages."""
        hits = self._index.search_dense(embedded.vector, search.where, max(self._depth, search.limit))
        return {"ranked": Ranked(hits=tuple(hits))}
