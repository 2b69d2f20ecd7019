"""Embeds the question."""

from __future__ import annotations

from haystack import component

from domain.ports.embedder import Embedder
from retrieval.components.sockets import Embedded, Search


@component
class QuestionEmbedder:
    """Turns the words of a search into its vector."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @component.output_types(embedded=Embedded)
    def run(self, search: Search) -> dict[str, Embedded]:
        """Return the vector of the question."""
        return {"embedded": Embedded(vector=self._embedder.embed([search.text])[0])}
