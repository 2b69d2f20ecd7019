"""Turns texts into dense vectors."""

from __future__ import annotations

import array
from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """Embeds texts as unit vectors of ``dimension`` 32-bit floats."""

    @property
    def name(self) -> str:
        """Return the model's name with the short digest of its weights."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    @property
    def window(self) -> int:
        """Return the most tokens of one text that the encoder reads."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, special tokens left out."""

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        """Return one unit vector ("f") per text, in order. Raises ServiceError when the model is unavailable."""
