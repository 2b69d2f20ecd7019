"""sentence-transformers' default call on one query: what the others' embedding of a query is compared with."""

from __future__ import annotations

from collections.abc import Iterator

from sentence_transformers import SentenceTransformer


class System:
    """Embeds and finds nothing."""

    embeds = ((SentenceTransformer, "encode"),)
    packages = ("sentence-transformers", "transformers", "torch")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._model = SentenceTransformer(encoder)

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Embed all documents, with nothing around it."""
        self._model.encode([d["content"] for d in documents])
        yield "vectors"

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Leave a file whole."""
        yield text, 0

    def words(self, query: str) -> list[str]:
        """Find nothing."""
        return []

    def search(self, query: str) -> list[str]:
        """Embed the query."""
        self._model.encode(query)
        return []

    def save(self) -> None:
        """Nothing to save."""
