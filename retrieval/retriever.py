"""Finds the evidence for a question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

from haystack import Pipeline
from haystack.core.errors import PipelineRuntimeError

from domain.answers import Evidence
from domain.citations import Citation
from domain.errors import RequestError
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.embedder import Embedder
from domain.ports.passage_index import Hit, IndexFilter, PassageIndex
from domain.ports.reranker import Reranker
from domain.ports.sparse_encoder import SparseEncoder
from domain.questions import Question
from retrieval.components.sockets import Ranked, Search
from retrieval.fusion import FusionWeights
from retrieval.pipeline import MODES, Parts, build_pipeline

_END: Final = 2**31 - 1


class Retriever:
    """Searches by meaning, by words and by citation within what the scope and the actor's walls allow.

    Modes are "hybrid" (all three, and the re-ranker where there is one), "dense" and "words". Raises ServiceError when
    a model, the index or the catalogue is unavailable and RequestError for an unknown mode. Use from several threads is
    safe.
    """

    def __init__(
        self,
        *,
        embedder: Embedder,
        sparse: SparseEncoder,
        citations: CitationFinder,
        index: PassageIndex,
        catalogue: Catalogue,
        weights: FusionWeights | None = None,
    ) -> None:
        self._parts = Parts(
            embedder=embedder,
            sparse=sparse,
            citations=citations,
            index=index,
            catalogue=catalogue,
            weights=weights or FusionWeights(),
        )
        self.words_only = False
        self._connect()

    def use_index(self, embedder: Embedder, index: PassageIndex) -> None:
        """Search another index with its own encoder from now on; a search under way ends on the one before."""
        self._parts = replace(self._parts, embedder=embedder, index=index)
        self._connect()
        self.words_only = False

    def use_words_only(self) -> None:
        """Search by words alone, whatever the mode, until :meth:`use_index`: the index's encoder is missing."""
        self.words_only = True
        for mode in MODES:
            self._reading[mode], self._finding[mode] = self._reading["words"], self._finding["words"]

    def use_reranker(self, reranker: Reranker, weight: float) -> None:
        """Read the best passages again from now on; ``weight`` is the re-ranker's share, 0 to 1."""
        self._parts = replace(self._parts, reranker=reranker, reranker_weight=weight)
        self._connect()

    def _connect(self) -> None:
        self._reading = {mode: build_pipeline(self._parts, mode, read=True) for mode in MODES}
        self._finding = {mode: build_pipeline(self._parts, mode, read=False) for mode in MODES}

    def retrieve(self, question: Question, mode: str = "hybrid") -> tuple[Evidence, ...]:
        """Return the ``question.k`` best passages with their sections, best first."""
        where = self._where(question)
        if where is None:
            return ()
        found = _run(_of(self._reading, mode), question, where, question.k)
        return cast("tuple[Evidence, ...]", found["reading"]["evidence"])

    def search_ids(self, question: Question, limit: int, mode: str = "hybrid") -> list[Hit]:
        """Return the ids and scores of the ``limit`` best passages, best first, without reading any text."""
        where = self._where(question)
        if where is None:
            return []
        found = _run(_of(self._finding, mode), question, where, limit)
        return list(cast("Ranked", found["reranking" if "reranking" in found else "fusion"]["ranked"]).hits)

    def cited(self, question: Question, citation: Citation, limit: int) -> list[tuple[str, frozenset[str]]]:
        """Return ids of passages that carry keys of a citation, those with most of them first, and which they carry."""
        where = filter_of(question)
        found = self._parts.index.lookup(citation.keys, where, limit)
        carried: dict[str, set[str]] = {hit.passage_id: set() for hit in found}
        for key in citation.keys:
            for hit in self._parts.index.lookup([key], where, limit):
                if hit.passage_id in carried:
                    carried[hit.passage_id].add(key)
        return [(passage_id, frozenset(keys)) for passage_id, keys in carried.items()]

    def citations_in(self, text: str) -> tuple[Citation, ...]:
        """Return each place at which a text cites a provision or a case."""
        return self._parts.citations.citations_in(text)

    def count(self, question: Question, collection: str) -> int:
        """Return how many passages of a collection a question may see."""
        where = self._where(question)
        return self._parts.index.count(replace(where, collections=(collection,))) if where else 0

    def _where(self, question: Question) -> IndexFilter | None:
        """Return what a question may see; ``None`` where its scope names documents that have no passage at all."""
        where = filter_of(question)
        if not question.scope.documents:
            return where
        catalogue = self._parts.catalogue
        versions = [v for one in question.scope.documents for v in catalogue.versions(one)]
        covered = [v for v in versions if v.visible and v.in_force.covers(question.scope.as_of)]
        among = tuple(passage.id for v in covered for passage in catalogue.neighbours(v.id, 0, _END))
        return replace(where, among=among) if among else None


def _of(pipelines: dict[str, Pipeline], mode: str) -> Pipeline:
    if mode not in pipelines:
        raise RequestError("request.invalid", "mode is one of " + ", ".join(MODES))
    return pipelines[mode]


def _run(pipeline: Pipeline, question: Question, where: IndexFilter, limit: int) -> dict[str, Any]:
    search = Search(text=question.text, where=where, limit=limit)
    data = {name: {"search": search} for name, sockets in pipeline.inputs().items() if "search" in sockets}
    try:
        return pipeline.run(data)
    except PipelineRuntimeError as error:
        # Haystack wraps what a component raises; callers know our errors by their codes.
        raise (error.__cause__ or error) from None


def filter_of(question: Question) -> IndexFilter:
    """Return what a question may see: its scope, and the walls that its asker stands inside of."""
    scope = question.scope
    return IndexFilter(
        tenant=scope.tenant,
        as_of=scope.as_of,
        subjects=scope.subjects,
        collections=scope.collections,
        walls=question.actor.walls,
    )
