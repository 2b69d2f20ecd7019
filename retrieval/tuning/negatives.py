"""Finds passages that look like the answer and are not: the best others by words."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from retrieval.bm25 import Bm25Encoder
from retrieval.tuning.pairs import Excerpt, Pair, passage_text

_DEPTH: Final = 40


class HardNegatives:
    """Ranks a collection's passages by BM25, in memory."""

    def __init__(self, excerpts: Sequence[Excerpt]) -> None:
        self._excerpts = excerpts
        self._texts = {one.id: passage_text(one) for one in excerpts}
        self._encoder = Bm25Encoder()
        self._postings: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for number, vector in enumerate(self._encoder.encode_passages([self._texts[one.id] for one in excerpts])):
            for term, weight in zip(vector.indices, vector.values, strict=True):
                self._postings[term].append((number, weight))

    def of(self, pair: Pair, count: int, chance: random.Random) -> list[str]:
        """Return ``count`` different texts out of the 40 best that are not the answer, other ones where words find few.

        A passage that says the same as the answer, word for word, is none.
        """
        same = {pair.passage, self._texts.get(pair.excerpt, "")}
        ranked = dict.fromkeys(self._texts[self._excerpts[number].id] for number in self._best(pair.question))
        hard = [text for text in ranked if text not in same]
        if len(hard) < count:
            hard += [text for text in self._texts.values() if text not in same and text not in ranked][:_DEPTH]
        return chance.sample(hard, min(count, len(hard)))

    def _best(self, question: str) -> list[int]:
        scores: dict[int, float] = defaultdict(float)
        vector = self._encoder.encode_question(question)
        for term, weight in zip(vector.indices, vector.values, strict=True):
            postings = self._postings.get(term, [])
            rarity = math.log((len(self._excerpts) - len(postings) + 0.5) / (len(postings) + 0.5) + 1)
            for number, value in postings:
                scores[number] += weight * value * rarity
        return sorted(scores, key=lambda number: (-scores[number], number))[: _DEPTH + 2]
