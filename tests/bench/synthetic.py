"""Makes any number of passages from the texts of two public sets: words dropped and swapped, vectors displaced.

To embed 200,000 texts takes more than an hour here. So the encoder reads a sample of texts, and again some of them
after words were dropped and swapped. A synthetic passage has the words of a perturbed text, weighed as they are, and
the vector of its source, moved by what the perturbation of another text did to that one.
"""

from __future__ import annotations

import array
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.ports.embedder import Embedder
from tests.data import shared_data

SETS: Final = ("obliqa", "medquad")
DROPPED: Final = 0.1  # of the words, and as many are swapped in pairs
_CHARACTERS: Final = 1_000

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Texts with their vectors, and how perturbation moved some of those."""

    texts: list[str]
    vectors: Matrix
    moves: Matrix

    @property
    def likeness(self) -> float:
        """Return the mean cosine between a text and itself after perturbation."""
        return float(1 - (self.moves**2).sum(axis=1).mean() / 2)

    def passages(self, seed: int) -> Iterator[tuple[str, array.array[float]]]:
        """Yield text and unit vector without end: first the texts as they are, then perturbed ones."""
        dice = random.Random(seed)
        for text, vector in zip(self.texts, self.vectors, strict=True):
            yield text, array.array("f", vector.tobytes())
        while True:
            chosen = dice.randrange(len(self.texts))
            moved = self.vectors[chosen] + self.moves[dice.randrange(len(self.moves))]
            unit = (moved / np.linalg.norm(moved)).astype(np.float32)
            yield perturbed(self.texts[chosen], dice), array.array("f", unit.tobytes())


def gathered(embedder: Embedder, *, sources: int, moves: int, seed: int) -> Material:
    """Embed a sample of the texts, and of those some perturbed."""
    dice = random.Random(seed)
    texts = dice.sample([text for name in SETS for text in _corpus(name)], sources)
    vectors = _matrix(embedder, texts)
    chosen = dice.sample(range(sources), moves)
    after = _matrix(embedder, [perturbed(texts[index], dice) for index in chosen])
    return Material(texts=texts, vectors=vectors, moves=after - vectors[chosen])


def questions(count: int, seed: int) -> list[str]:
    """Return questions of the sets, as many of each."""
    dice = random.Random(seed)
    return [text for name in SETS for text in dice.sample(_lines(name, "queries"), count // len(SETS))]


def perturbed(text: str, dice: random.Random) -> str:
    """Return the text with a tenth of its words dropped and others swapped."""
    words = [word for word in text.split() if dice.random() >= DROPPED]
    for _ in range(int(len(words) * DROPPED / 2)):
        one, other = dice.randrange(len(words)), dice.randrange(len(words))
        words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _corpus(name: str) -> list[str]:
    return [text[:_CHARACTERS] for text in _lines(name, "corpus")]


def _lines(name: str, part: str) -> list[str]:
    lines = (shared_data(name) / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [f"{entry.get('title') or ''}\n{entry['text']}".strip() for entry in map(json.loads, lines)]


def _matrix(embedder: Embedder, texts: list[str]) -> Matrix:
    return np.array(embedder.embed(texts), dtype=np.float32)
