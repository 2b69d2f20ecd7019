"""An embedder without a model: each word adds a fixed pseudo-random direction, so texts that share words are near."""

from __future__ import annotations

import array
import hashlib
import math
import struct
from collections.abc import Sequence

from domain.errors import ServiceError


class FakeEmbedder:
    """Deterministic on every machine; ``available=False`` raises as a missing model does."""

    def __init__(self, *, dimension: int = 16, window: int = 256, available: bool = True) -> None:
        self._dimension = dimension
        self._window = window
        self.available = available

    @property
    def name(self) -> str:
        return f"fake-{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def window(self) -> int:
        return self._window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        if not self.available:
            raise ServiceError("service.encoder_unavailable")
        return [self._embed(text) for text in texts]

    def _embed(self, text: str) -> array.array[float]:
        total = [0.0] * self._dimension
        for word in text.lower().split() or [""]:
            total = [a + b for a, b in zip(total, self._direction(word.strip(".,;:?!()")), strict=True)]
        norm = math.hypot(*total) or 1.0
        return array.array("f", [value / norm for value in total])

    def _direction(self, word: str) -> list[float]:
        raw = hashlib.shake_256(word.encode()).digest(4 * self._dimension)
        return [value / 2**31 for value in struct.unpack(f"<{self._dimension}i", raw)]
