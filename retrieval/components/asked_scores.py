"""Weighs what was found by what a question asks, apart from where it looks."""

from __future__ import annotations

import array
from dataclasses import replace
from typing import Final

from haystack import component

from domain.ports.embedder import Embedder
from domain.ports.passage_index import PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from retrieval.asking import asked_of
from retrieval.components.sockets import Embedded, Ranked, Search
from retrieval.fusion import among, fuse

_WORDS: Final = 0.4  # meaning being 1


@component
class AskedScores:
    """Scores the candidates of a question that names its documents first ("In the lease with Miller, may …?").

    The name finds the document and then draws towards its title page and away from what is asked: the vector is the
    mean of the whole question's and of what it asks, and words are those that it asks, by how rare they are among the
    candidates. Costs such a question a second embedding.
    """

    def __init__(self, embedder: Embedder, sparse: SparseEncoder, index: PassageIndex) -> None:
        self._embedder = embedder
        self._sparse = sparse
        self._index = index

    @component.output_types(asked=Ranked)
    def run(self, search: Search, embedded: Embedded, candidates: Ranked) -> dict[str, Ranked]:
        """Return all ``candidates`` by what is asked, best first; none when the question is in one piece."""
        asked = asked_of(search.text)
        if not asked or not candidates.hits:
            return {"asked": Ranked()}
        ids = [hit.passage_id for hit in candidates.hits]
        terms = self._sparse.encode_question(asked)
        vector = array.array("f", map(_mean, embedded.vector, self._embedder.embed([asked])[0]))
        by_meaning = self._index.search_dense(vector, replace(search.where, among=tuple(ids)), len(ids))
        by_words = among(terms, self._index.weights(ids, terms.indices))
        return {"asked": Ranked(hits=tuple(fuse([(1.0, by_meaning), (_WORDS, by_words)], k=None, limit=len(ids))))}


def _mean(one: float, other: float) -> float:
    return (one + other) / 2
