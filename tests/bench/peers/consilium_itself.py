"""Consilium as it is served: the product that its composition root puts together, with its embedded index."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Final

from app.bootstrap import build
from app.evaluating import ProductUnderTest
from app.settings import load_settings
from evaluation.subject import CorpusText
from retrieval.embedder import SentenceTransformerEmbedder

_BETWEEN_TRIES: Final = 0.1  # seconds


class System:
    """Reads the texts of what it finds from its catalogue, as the others return theirs."""

    embeds = ((SentenceTransformerEmbedder, "embed"),)
    packages = ("consilium", "qdrant-edge-py")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._consilium = build(load_settings(home=Path(folder)))
        self._product = ProductUnderTest(consilium=self._consilium)
        self._collection, self._k = collection, k

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Load all in another thread, so that search by words can be tried meanwhile."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            loading = pool.submit(self._load, documents)
            while not loading.done():
                wait([loading], timeout=_BETWEEN_TRIES)
                yield "everything"
            loading.result()

    def _load(self, documents: list[dict[str, str]]) -> None:
        texts = ((d["collection"], CorpusText(key=d["id"], title=d["title"], text=d["text"])) for d in documents)
        self._product.load_each(texts)

    def words(self, query: str) -> list[str]:
        """Search by words."""
        return [key for key, _, _ in self._product.rank(query, self._k, "words", self._collection)]

    def search(self, query: str) -> list[str]:
        """Search as by default."""
        return [key for key, _, _ in self._product.rank(query, self._k, "hybrid", self._collection)]

    def save(self) -> None:
        """Build the graph, as ``consilium ingest`` does before it ends; everything is on disk already."""
        self._consilium.index.optimise()
