"""What finds passages: the encoders, the index of the live generation, and the retriever over them."""

from __future__ import annotations

from dataclasses import dataclass

from app.building.ground import Ground
from app.building.storing import Stores
from app.wiring import citation_finder, embedder_of, former_of, generation_of, index_of, reranker_of
from domain.generations import FIRST, Generation
from domain.ports.citation_finder import CitationFinder
from domain.ports.embedder import Embedder
from retrieval.bm25 import Bm25Encoder
from retrieval.fusion import FusionWeights
from retrieval.indexes.current import CurrentEmbedder, CurrentIndex, MissingEncoder
from retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """``embedder`` is the encoder that is set; ``answering`` the one that the live index was made with."""

    live: Generation
    embedder: Embedder
    answering: CurrentEmbedder
    index: CurrentIndex
    sparse: Bm25Encoder
    citations: CitationFinder
    retriever: Retriever


def build_retrieval(ground: Ground, stores: Stores) -> Retrieval:
    """Open the index, and put over it what asks it. Raises ServiceError when an encoder or the index is not there."""
    settings, given = ground.settings, ground.given
    embedder = given.embedder or embedder_of(settings)
    stores.generations.adopt(generation_of(FIRST, settings, embedder))
    live = stores.generations.live() or generation_of(FIRST, settings, embedder)
    answering = CurrentEmbedder(_encoder_of(live, embedder, given.former if given.embedder else None))
    index = CurrentIndex(given.index or index_of(settings, live), stores.generations.changed)
    sparse, citations = Bm25Encoder(phrases=ground.pack.retrieval.phrase_weight), citation_finder()
    retriever = Retriever(
        embedder=answering.embedder,
        sparse=sparse,
        citations=citations,
        index=index.index,
        catalogue=stores.catalogue,
        weights=_weights(ground),
    )
    if reranker := given.reranker or reranker_of(settings, ground.pack):
        retriever.use_reranker(reranker, ground.pack.retrieval.reranker_weight)
    if isinstance(answering.embedder, MissingEncoder):
        retriever.use_words_only()
    return Retrieval(
        live=live,
        embedder=embedder,
        answering=answering,
        index=index,
        sparse=sparse,
        citations=citations,
        retriever=retriever,
    )


def _encoder_of(live: Generation, embedder: Embedder, former: Embedder | None) -> Embedder:
    if live.embedder == embedder.name:
        return embedder
    return former or former_of(live)


def _weights(ground: Ground) -> FusionWeights:
    chosen = ground.pack.retrieval
    return FusionWeights(
        dense=chosen.dense_weight,
        candidates=chosen.candidates_share,
        document=chosen.document_weight,
        k=chosen.rrf_k or None,
    )
