"""Joins what the searches found."""

from __future__ import annotations

from typing import Final

from haystack import component

from domain.ports.catalogue import Catalogue
from retrieval.components.sockets import Ranked, Search
from retrieval.fusion import FusionWeights, fuse, gathered, place_first

_NOTHING: Final = Ranked()
_NEAR: Final = 6  # times as many as are wanted may come in for their documents' sake

_OF_DOCUMENT: Final = 4.0  # beside what is asked, where that is told from where it is looked for


@component
class RankFusion:
    """Fuses the lists by reciprocal rank or score and puts the passages that the question names first.

    With a ``catalogue`` passages gain from what else is found of their document. ``at_least`` is how many passages a
    later step wants to see, even when fewer are asked for.
    """

    def __init__(self, weights: FusionWeights, catalogue: Catalogue | None = None, at_least: int = 0) -> None:
        self._weights = weights
        self._catalogue = catalogue if weights.document else None
        self._at_least = at_least

    @component.output_types(ranked=Ranked)
    def run(
        self,
        search: Search,
        dense: Ranked = _NOTHING,
        words: Ranked = _NOTHING,
        candidates: Ranked = _NOTHING,
        exact: Ranked = _NOTHING,
        asked: Ranked = _NOTHING,
    ) -> dict[str, Ranked]:
        """Return the best passages of all lists; a search that does not take part gives an empty list."""
        weights, limit = self._weights, max(search.limit, self._at_least)
        share = weights.candidates if candidates.hits else 0.0
        lists = [
            (weights.dense, dense.hits),
            (weights.words * (1 - share), words.hits),
            (weights.words * share, candidates.hits),
        ]
        fused = fuse(lists, k=weights.k, limit=max(weights.depth, limit, len(asked.hits)))
        if self._catalogue is not None:
            # The whole question tells which document is meant, and what it asks which of its passages.
            near, far = (asked.hits, []) if asked.hits else (fused[: _NEAR * limit], fused[_NEAR * limit :])
            weight = _OF_DOCUMENT if asked.hits else weights.document
            versions = self._catalogue.versions_of([hit.passage_id for hit in near])
            fused = [*gathered(near, versions, weight, told=fused), *far]
        return {"ranked": Ranked(hits=tuple(place_first(exact.hits, fused, limit=limit)))}
