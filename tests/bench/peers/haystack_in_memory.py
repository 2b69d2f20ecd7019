"""Haystack 3 with its in-memory store: the hybrid pipeline of its tutorial, with a filter and without a re-ranker."""

from __future__ import annotations

from collections.abc import Iterator

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class System:
    """Documents are written once they are embedded, as in the tutorial."""

    embeds = ((SentenceTransformersDocumentEmbedder, "run"), (SentenceTransformersTextEmbedder, "run"))
    packages = ("haystack-ai", "sentence-transformers-haystack")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._folder, self._k = folder, k
        self._filters = {"field": "meta.collection", "operator": "==", "value": collection}
        self._store = InMemoryDocumentStore()
        self._indexing = Pipeline()
        self._indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=encoder))
        self._indexing.add_component("writer", DocumentWriter(self._store))
        self._indexing.connect("embedder.documents", "writer.documents")
        self._hybrid = Pipeline()
        self._hybrid.add_component("embedder", SentenceTransformersTextEmbedder(model=encoder, progress_bar=False))
        self._hybrid.add_component("dense", InMemoryEmbeddingRetriever(self._store, top_k=k))
        self._hybrid.add_component("words", InMemoryBM25Retriever(self._store, top_k=k))
        self._hybrid.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=k))
        self._hybrid.connect("embedder.embedding", "dense.query_embedding")
        self._hybrid.connect("dense", "joiner")
        self._hybrid.connect("words", "joiner")

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Run the indexing pipeline."""
        own = [Document(id=d["id"], content=d["content"], meta={"collection": d["collection"]}) for d in documents]
        self._indexing.run({"embedder": {"documents": own}})
        yield "everything"

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Cut every 200 words, the splitter's default."""
        for piece in DocumentSplitter().run(documents=[Document(content=text)])["documents"]:
            yield piece.content or "", piece.meta["split_idx_start"]

    def words(self, query: str) -> list[str]:
        """Search by BM25."""
        return [document.id for document in self._store.bm25_retrieval(query, self._filters, self._k)]

    def search(self, query: str) -> list[str]:
        """Run the hybrid pipeline."""
        found = self._hybrid.run(
            {
                "embedder": {"text": query},
                "dense": {"filters": self._filters},
                "words": {"query": query, "filters": self._filters},
            }
        )
        return [document.id for document in found["joiner"]["documents"]]

    def save(self) -> None:
        """Save the store."""
        self._store.save_to_disk(f"{self._folder}/store.json")
