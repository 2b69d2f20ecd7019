"""Weighs words for BM25: Snowball stems, codes kept whole, no statistic that a growing collection would change."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from Stemmer import Stemmer

from domain.ports.passage_index import SparseVector
from retrieval.facets import facet_words

# Function words and the words that questions are made of: "what" and "which" are rare in passages, so that their
# inverse document frequency would outweigh the subject of the question (bioasq nDCG@10 .739 with them, .775 without).
STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a about also an and are as at be been being but by can could did do does for from had has have he her his how"
        " i if in into is it its me my no not of on or our she should such than that the their then there these they"
        " this to us was we what when where which who whom whose why will with would you your",
    )
)
_COMPOUND: Final = re.compile(r"[^\W_]+(?:[.\-/'’()]+[^\W_]+)*")
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 64
PHRASES: Final = 0.2  # of a pair of words, a word alone being 1
_REMEMBERED: Final = 1 << 18  # characters; with what Python adds, some 8 MiB


def fold(text: str) -> str:
    """Return ``text`` without case, accents and compatibility forms ("Ménière" -> "meniere", "ﬁ" -> "fi")."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


class Bm25Encoder:
    """Weighs terms as BM25 does (Robertson and Zaragoza, 2009), with the mean length of a passage as a constant.

    A term id is the CRC-32 of its stem, so that vectors of different runs and machines agree. Words joined by a dot,
    hyphen, slash or bracket ("164.512(b)", "COVID-19") count as their parts and as one term as well. Two terms side by
    side are a term of their own, which a question weighs by ``phrases`` (Metzler and Croft, 2005): 0 looks for words
    alone. It changes nothing of how passages are weighed.
    """

    def __init__(
        self,
        *,
        k1: float = 1.2,
        b: float = 0.75,
        mean_length: float = 64,
        language: str = "english",
        phrases: float = PHRASES,
    ) -> None:
        self._phrases = phrases
        self._k1 = k1
        self._b = b
        self._mean_length = mean_length
        self._language = language
        # Terms of words that were seen, and how many characters those words have. Only ever replaced, never emptied, so
        # that another thread keeps what it works with.
        self._known: dict[str, list[int]] = {}
        self._characters = 0

    @property
    def name(self) -> str:
        """Return the analyser's name with its parameters."""
        return f"bm25-snowball-{self._language}-k{self._k1:g}-b{self._b:g}-l{self._mean_length:g}-pairs"

    def encode_passages(self, texts: Sequence[str]) -> list[SparseVector]:
        """Return ``tf (k1 + 1) / (tf + k1 (1 - b + b length / mean length))`` of each term of each text."""
        stemmer = Stemmer(self._language)
        # No term reaches across white space, and texts repeat their words: each is folded and stemmed once.
        words = [text.split() for text in texts]
        known = self._known
        new = {word for some in words for word in some if word not in known}
        known.update((word, _terms(word, stemmer)) for word in new)
        self._characters += sum(map(len, new))
        if self._characters > _REMEMBERED:
            self._known, self._characters = {}, 0
        return [self._passage([term for word in some for term in known[word]]) for some in words]

    def encode_question(self, text: str) -> SparseVector:
        """Return how often each term occurs, its pairs, and once those of its facets; empty when none counts."""
        # A stemmer is not safe to share between threads, and costs microseconds to make.
        stemmer = Stemmer(self._language)
        terms = _terms(text, stemmer)
        weights = {term: float(count) for term, count in Counter(terms).items()}
        if self._phrases:
            weights |= dict.fromkeys(_pairs(terms), self._phrases)
        for term in _terms(facet_words(text), stemmer):
            weights.setdefault(term, 1.0)
        return _vector(weights)

    def _passage(self, terms: list[int]) -> SparseVector:
        norm = self._k1 * (1 - self._b + self._b * len(terms) / self._mean_length)
        gain = self._k1 + 1
        counts = Counter(terms)
        counts.update(_pairs(terms))
        return _vector({term: count * gain / (count + norm) for term, count in counts.items()})


def _terms(text: str, stemmer: Stemmer) -> list[int]:
    words: list[str] = []
    for compound in _COMPOUND.findall(fold(text)):
        parts = [compound] if compound.isalnum() else _WORD.findall(compound)
        words.extend(part for part in parts if part not in STOP_WORDS)
        if len(parts) > 1:
            words.append("".join(parts)[:_LONGEST])
    return [zlib.crc32(stem.encode()) for stem in stemmer.stemWords(words)]


def _pairs(terms: Sequence[int]) -> Iterator[int]:
    """Yield the term of each two terms that stand side by side; what counts as no word stands nowhere."""
    for first, second in pairwise(terms):
        yield zlib.crc32(second.to_bytes(4, "big"), first)


def _vector(weights: dict[int, float]) -> SparseVector:
    indices = tuple(sorted(weights))
    return SparseVector(indices=indices, values=tuple(weights[index] for index in indices))
