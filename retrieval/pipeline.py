"""Puts the steps of a search together, in code; a pipeline is never loaded from a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from haystack import Pipeline

from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.embedder import Embedder
from domain.ports.passage_index import PassageIndex
from domain.ports.reranker import Reranker
from domain.ports.sparse_encoder import SparseEncoder
from retrieval.components.asked_scores import AskedScores
from retrieval.components.dense_retriever import DenseRetriever
from retrieval.components.exact_lookup import ExactLookup
from retrieval.components.parent_expander import ParentExpander
from retrieval.components.question_embedder import QuestionEmbedder
from retrieval.components.rank_fusion import RankFusion
from retrieval.components.reranking import DEPTH, Reranking
from retrieval.components.score_completion import ScoreCompletion
from retrieval.components.words_retriever import WordsRetriever
from retrieval.fusion import FusionWeights

MODES: Final = ("hybrid", "dense", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The adapters that a search works with; ``reranker_weight`` is the share of the re-ranker's score, 0 to 1."""

    embedder: Embedder
    sparse: SparseEncoder
    citations: CitationFinder
    index: PassageIndex
    catalogue: Catalogue
    weights: FusionWeights
    reranker: Reranker | None = None
    reranker_weight: float = 0.0


def build_pipeline(parts: Parts, mode: str, *, read: bool) -> Pipeline:
    """Return the pipeline of a mode; ``read`` adds the texts to the ids that it finds.

    Each component that has a ``search`` input is to be given the same Search. Only "hybrid" looks citations up, looks
    at what else is found of a passage's document and, with a re-ranker, reads the best passages again.
    """
    reranks = mode == "hybrid" and parts.reranker is not None
    depth = parts.weights.depth
    pipeline = Pipeline()
    catalogue = parts.catalogue if mode == "hybrid" else None
    pipeline.add_component("fusion", RankFusion(parts.weights, catalogue, at_least=DEPTH if reranks else 0))
    if mode in {"hybrid", "dense"}:
        pipeline.add_component("embedder", QuestionEmbedder(parts.embedder))
        pipeline.add_component("dense", DenseRetriever(parts.index, depth))
        pipeline.connect("embedder.embedded", "dense.embedded")
    if mode in {"hybrid", "words"}:
        pipeline.add_component("words", WordsRetriever(parts.sparse, parts.index, depth))
    _connect_lists(pipeline, parts, mode)
    if mode == "hybrid":
        pipeline.add_component("exact", ExactLookup(parts.citations, parts.index, depth))
        pipeline.connect("exact.ranked", "fusion.exact")
    if parts.reranker and reranks:
        pipeline.add_component("reranking", Reranking(parts.reranker, parts.catalogue, parts.reranker_weight))
        pipeline.connect("exact.ranked", "reranking.exact")
        pipeline.connect("fusion.ranked", "reranking.ranked")
    if read:
        pipeline.add_component("reading", ParentExpander(parts.catalogue))
        pipeline.connect("reranking.ranked" if reranks else "fusion.ranked", "reading.ranked")
    return pipeline


def _connect_lists(pipeline: Pipeline, parts: Parts, mode: str) -> None:
    """Lead what the searches found into the fusion; scores of two searches are completed first, ranks are not."""
    if mode == "hybrid" and parts.weights.k is None:
        pipeline.add_component("completion", ScoreCompletion(parts.index, among=parts.weights.candidates > 0))
        for source, target in (
            ("embedder.embedded", "embedded"),
            ("words.weighed", "weighed"),
            ("dense.ranked", "dense"),
            ("words.ranked", "words"),
        ):
            pipeline.connect(source, f"completion.{target}")
        pipeline.connect("completion.dense", "fusion.dense")
        pipeline.connect("completion.words", "fusion.words")
        pipeline.connect("completion.candidates", "fusion.candidates")
        if parts.weights.asked and parts.weights.document:
            pipeline.add_component("asking", AskedScores(parts.embedder, parts.sparse, parts.index))
            pipeline.connect("embedder.embedded", "asking.embedded")
            pipeline.connect("completion.words", "asking.candidates")
            pipeline.connect("asking.asked", "fusion.asked")
        return
    for name in ("dense", "words"):
        if mode in {"hybrid", name}:
            pipeline.connect(f"{name}.ranked", f"fusion.{name}")
