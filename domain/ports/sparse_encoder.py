"""Turns texts into sparse term vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.ports.passage_index import SparseVector


class SparseEncoder(Protocol):
    """Weighs the terms of passages and questions for BM25; the index applies the inverse document frequency."""

    @property
    def name(self) -> str:
        """Return the analyser's name with its parameters."""

    def encode_passages(self, texts: Sequence[str]) -> list[SparseVector]:
        """Return one vector of saturated, length-normalised term frequencies per text, in order."""

    def encode_question(self, text: str) -> SparseVector:
        """Return the vector of a question's terms; empty when it has no terms that count."""
