"""Reads a question and passages together to say which answer it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Scores texts for a question; too slow for a whole collection, so only the best passages are read."""

    @property
    def name(self) -> str:
        """Return the model's name with the short digest of its weights."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score per text, in order; higher is better, and only scores of one question are comparable.

        Raises ServiceError when the model is unavailable.
        """
