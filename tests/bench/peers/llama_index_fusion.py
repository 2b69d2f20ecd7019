"""LlamaIndex: a VectorStoreIndex and BM25Retriever joined by QueryFusionRetriever, as its guide has it.

One query a question (``num_queries=1``): the others would be written by a language model.
"""

from __future__ import annotations

from collections.abc import Iterator

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever


class System:
    """Words come from the index's own docstore, so after the vectors, as in the guide."""

    embeds = ((HuggingFaceEmbedding, "_embed"),)
    packages = ("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-retrievers-bm25", "bm25s")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._folder, self._k = folder, k
        self._filters = MetadataFilters(filters=[MetadataFilter(key="collection", value=collection)])
        self._embed_model = HuggingFaceEmbedding(model_name=encoder)

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Build the index and the retrievers; the label is kept out of what is embedded, a file's path is not."""
        nodes = [
            TextNode(
                id_=d["id"],
                text=d["content"],
                metadata={"collection": d["collection"], **_path(d.get("path", ""))},
                excluded_embed_metadata_keys=["collection"],
            )
            for d in documents
        ]
        self._index = VectorStoreIndex(nodes, embed_model=self._embed_model)
        vectors = self._index.as_retriever(similarity_top_k=self._k, filters=self._filters)
        yield "vectors"
        self._bm25 = BM25Retriever.from_defaults(
            docstore=self._index.docstore, similarity_top_k=self._k, filters=self._filters
        )
        self._fusion = QueryFusionRetriever(
            [vectors, self._bm25],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=self._k,
            num_queries=1,
        )
        yield "words"

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Cut into sentences of up to 1,024 tokens in all, the splitter's default, less those of the path."""
        for node in SentenceSplitter().get_nodes_from_documents([Document(text=text, metadata=_path(path))]):
            yield node.text, node.start_char_idx

    def words(self, query: str) -> list[str]:
        """Search by BM25; before it is built nothing is found."""
        return [found.node.node_id for found in self._bm25.retrieve(query)] if hasattr(self, "_bm25") else []

    def search(self, query: str) -> list[str]:
        """Search by both."""
        return [found.node.node_id for found in self._fusion.retrieve(query)]

    def save(self) -> None:
        """Persist the index and BM25."""
        self._index.storage_context.persist(self._folder)
        self._bm25.persist(f"{self._folder}/bm25")


def _path(path: str) -> dict[str, str]:
    """Return what its reader of files says of one and embeds with it."""
    return {"file_path": path} if path else {}
