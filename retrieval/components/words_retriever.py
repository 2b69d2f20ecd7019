"""Finds passages by words."""

from __future__ import annotations

from haystack import component

from domain.ports.passage_index import PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from retrieval.components.sockets import Ranked, Search, Weighed


@component
class WordsRetriever:
    """Asks the index for the best BM25 scores within the filter."""

    def __init__(self, sparse: SparseEncoder, index: PassageIndex, depth: int) -> None:
        self._sparse = sparse
        self._index = index
        self._depth = depth

    @component.output_types(ranked=Ranked, weighed=Weighed)
    def run(self, search: Search) -> dict[str, Ranked | Weighed]:
        """Return the passages that share the weightiest words with the question, and what those weigh."""
        vector = self._sparse.encode_question(search.text)
        hits = self._index.search_sparse(vector, search.where, max(self._depth, search.limit))
        return {"ranked": Ranked(hits=tuple(hits)), "weighed": Weighed(terms=vector)}
