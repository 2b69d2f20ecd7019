"""Haystack 3 with Qdrant in local mode for the vectors and the in-memory store for words.

Qdrant's own hybrid retriever needs a sparse model from a hub; the in-memory store has BM25 without one.
"""

from __future__ import annotations

from collections.abc import Iterator

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers import InMemoryBM25Retriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.qdrant import QdrantEmbeddingRetriever
from haystack_integrations.document_stores.qdrant import QdrantDocumentStore


class System:
    """Words come first, because their store needs no vectors."""

    embeds = ((SentenceTransformersDocumentEmbedder, "run"), (SentenceTransformersTextEmbedder, "run"))
    packages = ("haystack-ai", "sentence-transformers-haystack", "qdrant-haystack", "qdrant-client")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._folder, self._k = folder, k
        self._filters = {"field": "meta.collection", "operator": "==", "value": collection}
        self._words = InMemoryDocumentStore()
        vectors = QdrantDocumentStore(path=f"{folder}/qdrant", embedding_dim=384)
        self._indexing = Pipeline()
        self._indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=encoder))
        self._indexing.add_component("writer", DocumentWriter(vectors))
        self._indexing.connect("embedder.documents", "writer.documents")
        self._hybrid = Pipeline()
        self._hybrid.add_component("embedder", SentenceTransformersTextEmbedder(model=encoder, progress_bar=False))
        self._hybrid.add_component("dense", QdrantEmbeddingRetriever(vectors, top_k=k))
        self._hybrid.add_component("words", InMemoryBM25Retriever(self._words, top_k=k))
        self._hybrid.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=k))
        self._hybrid.connect("embedder.embedding", "dense.query_embedding")
        self._hybrid.connect("dense", "joiner")
        self._hybrid.connect("words", "joiner")

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Write the words, then run the indexing pipeline."""
        own = [Document(id=d["id"], content=d["content"], meta={"collection": d["collection"]}) for d in documents]
        self._words.write_documents(own)
        yield "words"
        self._indexing.run({"embedder": {"documents": own}})
        yield "vectors"

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Cut every 200 words, the splitter's default."""
        for piece in DocumentSplitter().run(documents=[Document(content=text)])["documents"]:
            yield piece.content or "", piece.meta["split_idx_start"]

    def words(self, query: str) -> list[str]:
        """Search by BM25."""
        return [document.id for document in self._words.bm25_retrieval(query, self._filters, self._k)]

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
        """Save the words; Qdrant has written its part."""
        self._words.save_to_disk(f"{self._folder}/words.json")
