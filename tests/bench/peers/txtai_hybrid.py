"""txtai: one Embeddings database with ``hybrid`` and ``content``, asked in SQL."""

from __future__ import annotations

from collections.abc import Iterator

from txtai import Embeddings
from txtai.pipeline import Segmentation
from txtai.vectors import HFVectors

QUERY = "select id, text, score from txtai where similar(:query) and collection = :collection"


class System:
    """Words are searchable when everything is."""

    embeds = ((HFVectors, "encode"),)
    packages = ("txtai", "faiss-cpu")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._folder, self._collection, self._k = folder, collection, k
        self._embeddings = Embeddings(path=encoder, hybrid=True, content=True)

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Index dictionaries; every field can be asked for in SQL."""
        self._embeddings.index((d["id"], {"text": d["content"], "collection": d["collection"]}) for d in documents)
        yield "everything"

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Cut into lines: these files have a paragraph on each, and its sentences need data that is not installed."""
        yield from ((piece, None) for piece in Segmentation(lines=True)(text))

    def words(self, query: str) -> list[str]:
        """Search with all the weight on words."""
        return self._found(query, 0.0)

    def search(self, query: str) -> list[str]:
        """Search by both, equally weighted by default."""
        return self._found(query, None)

    def save(self) -> None:
        """Save the database."""
        self._embeddings.save(self._folder)

    def _found(self, query: str, weights: float | None) -> list[str]:
        given = {"query": query, "collection": self._collection}
        return [row["id"] for row in self._embeddings.search(QUERY, self._k, weights=weights, parameters=given)]
