"""Reads the best passages again, each together with the question."""

from __future__ import annotations

from typing import Final

from haystack import component

from domain.ports.catalogue import Catalogue
from domain.ports.passage_index import Hit
from domain.ports.reranker import Reranker
from retrieval.components.sockets import Ranked, Search
from retrieval.fusion import blend
from retrieval.tuning.pairs import excerpt_of, passage_text

DEPTH: Final = 20
_NOTHING: Final = Ranked()


@component
class Reranking:
    """Blends the scores of a re-ranker into those of the :data:`DEPTH` best passages.

    ``weight`` 0 leaves the order as it is, 1 is the re-ranker alone. Passages that the question names stay first.
    """

    def __init__(self, reranker: Reranker, catalogue: Catalogue, weight: float) -> None:
        self._reranker = reranker
        self._catalogue = catalogue
        self._weight = weight

    @component.output_types(ranked=Ranked)
    def run(self, search: Search, ranked: Ranked, exact: Ranked = _NOTHING) -> dict[str, Ranked]:
        """Return the best passages of ``ranked`` in their new order."""
        named = {hit.passage_id for hit in exact.hits}
        first = [hit for hit in ranked.hits if hit.passage_id in named]
        others = [hit for hit in ranked.hits if hit.passage_id not in named]
        read, rest = self._known(others[:DEPTH]), others[DEPTH:]
        scores = self._reranker.score(search.text, list(read.values())) if read else []
        best = blend([hit for hit in others if hit.passage_id in read], scores, self._weight)
        return {"ranked": Ranked(hits=tuple([*first, *best, *rest][: search.limit]))}

    def _known(self, hits: list[Hit]) -> dict[str, str]:
        """Return heading and text by id, in order; a passage that the catalogue no longer knows is left out."""
        passages = self._catalogue.passages([hit.passage_id for hit in hits])
        found = [passages[hit.passage_id] for hit in hits if hit.passage_id in passages]
        return {one.id: passage_text(excerpt_of(one)) for one in found}
