"""LangChain with Chroma: BM25Retriever and a Chroma retriever, joined by EnsembleRetriever as its guide has it.

BM25Retriever has no filter, so it is given the documents of one collection; Chroma filters by metadata.
"""

from __future__ import annotations

from collections.abc import Iterator

from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


class System:
    """Words come first, as in the guide."""

    embeds = ((HuggingFaceEmbeddings, "embed_documents"), (HuggingFaceEmbeddings, "embed_query"))
    packages = ("langchain", "langchain-classic", "langchain-chroma", "langchain-huggingface", "chromadb", "rank-bm25")

    def __init__(self, *, encoder: str, folder: str, collection: str, k: int) -> None:
        self._folder, self._collection, self._k = folder, collection, k
        self._embeddings = HuggingFaceEmbeddings(model_name=encoder)

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Build the retrievers."""
        own = [
            Document(id=d["id"], page_content=d["content"], metadata={"collection": d["collection"], "id": d["id"]})
            for d in documents
        ]
        here = [document for document in own if document.metadata["collection"] == self._collection]
        self._bm25 = BM25Retriever.from_documents(here, k=self._k)
        yield "words"
        store = Chroma.from_documents(own, self._embeddings, persist_directory=self._folder)
        chroma = store.as_retriever(search_kwargs={"k": self._k, "filter": {"collection": self._collection}})
        self._ensemble = EnsembleRetriever(retrievers=[self._bm25, chroma], weights=[0.5, 0.5], id_key="id")
        yield "vectors"

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Cut as its tutorials do: 1,000 characters, of which 200 overlap."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        for piece in splitter.split_documents([Document(page_content=text)]):
            yield piece.page_content, piece.metadata["start_index"]

    def words(self, query: str) -> list[str]:
        """Search by BM25."""
        return [document.metadata["id"] for document in self._bm25.invoke(query)]

    def search(self, query: str) -> list[str]:
        """Search by both; the ensemble returns all that either found."""
        return [document.metadata["id"] for document in self._ensemble.invoke(query)][: self._k]

    def save(self) -> None:
        """Chroma has written its part; BM25Retriever has no place on disk."""
