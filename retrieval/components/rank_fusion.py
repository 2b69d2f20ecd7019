"""Joins what the searches found."""

from __future__ import annotations

from typing import Final

from haystack import component

from retrieval.components.sockets import Ranked, Search
from retrieval.fusion import FusionWeights, fuse, place_first

_NOTHING: Final = Ranked()


@component
class RankFusion:
    """Fuses the lists by reciprocal rank and puts the passages that the question names first."""

    def __init__(self, weights: FusionWeights) -> None:
        self._weights = weights

    @component.output_types(ranked=Ranked)
    def run(
        self, search: Search, dense: Ranked = _NOTHING, words: Ranked = _NOTHING, exact: Ranked = _NOTHING
    ) -> dict[str, Ranked]:
        """Return the best passages of all lists; a search that does not take part gives an empty list."""
        weights = self._weights
        lists = [(weights.dense, dense.hits), (weights.words, words.hits)]
        fused = fuse(lists, k=weights.k, limit=max(weights.depth, search.limit))
        return {"ranked": Ranked(hits=tuple(place_first(exact.hits, fused, limit=search.limit)))}
