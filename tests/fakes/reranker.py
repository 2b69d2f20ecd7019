"""A re-ranker without a model: the share of the question's words that a text holds."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import ServiceError


class FakeReranker:
    """Deterministic; ``available=False`` raises as a missing model does; ``read`` keeps what it was given."""

    def __init__(self, *, available: bool = True) -> None:
        self.available = available
        self.read: list[str] = []

    @property
    def name(self) -> str:
        return "fake-words"

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        if not self.available:
            raise ServiceError("service.reranker_unavailable")
        self.read.extend(texts)
        words = set(question.lower().split())
        return [len(words & set(text.lower().split())) / max(1, len(words)) for text in texts]
