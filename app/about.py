"""Says what is running: version, configuration and models, so that a measurement can be repeated."""

from __future__ import annotations

from importlib.metadata import version

from app.bootstrap import Consilium

About = dict[str, dict[str, str]]


def about(consilium: Consilium) -> About:
    """Return "product", "configuration" and "models" as names and values; no secret and no path is among them."""
    settings, pack = consilium.settings, consilium.pack
    return {
        "product": {"name": "consilium", "version": version("consilium")},
        "configuration": {
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
        },
        "models": {
            "encoder": consilium.ingestor.embedder.name,
            "drafter": consilium.answers.drafter.name,
            "verifier": consilium.answers.verifier.name,
        },
    }
