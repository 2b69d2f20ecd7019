"""Says how answers are made, in names and values, so that one can be run again; no secret and no path is among them."""

from __future__ import annotations

from app.settings import Settings
from policies.pack import Pack


def configuration_of(settings: Settings, pack: Pack) -> dict[str, str]:
    """Return the configuration that an answer depends on."""
    return {
        "pack": settings.pack,
        "index": settings.index,
        "drafter": settings.drafter,
        "dense_weight": str(pack.retrieval.dense_weight),
        "phrase_weight": str(pack.retrieval.phrase_weight),
        "candidates_share": str(pack.retrieval.candidates_share),
        "document_weight": str(pack.retrieval.document_weight),
        "rrf_k": str(pack.retrieval.rrf_k),
        "reranker": pack.retrieval.reranker or "none",
        "reranker_weight": str(pack.retrieval.reranker_weight),
        "on_unsupported": pack.on_unsupported,
    }
