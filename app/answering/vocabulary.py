"""Turns English words into the terms that the extractive drafter compares, and weighs those of a question."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import Stemmer

from retrieval.bm25 import fold

_WORD: Final = re.compile(r"[^\W_]+")
_WEAK: Final = 0.2
_NAMED: Final = 1.6
_FRAGMENT: Final = 0.4
_SHORT: Final = 2
# words that the stemmer gives the stem of others with another meaning (design, author, experience)
_APART: Final = ("designat", "authorit", "experiment")
_local = threading.local()


def words(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, in order."""
    return _WORD.findall(text)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    folded = fold(word)
    for start in _APART:
        if folded.startswith(start):
            return start
    # a stemmer keeps state between calls, so that threads cannot share one
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english", 0)
    return str(stemmer.stemWord(folded))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words without content, words that count for little, and phrases of one meaning; all as stems.

    ``phrases`` maps the first stem of a spelling to its remaining stems and the term that stands for all spellings,
    longest first.
    """

    empty: frozenset[str]
    weak: frozenset[str]
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]

    def located(self, raw: Sequence[str]) -> list[tuple[str, int, int]]:
        """Return each term with the half-open range of words that it stands for; words without content are left out."""
        stems = [_stem(word) for word in raw]
        found: list[tuple[str, int, int]] = []
        index, size = 0, len(stems)
        while index < size:
            stem, length = stems[index], 1
            for rest, canonical in self.phrases.get(stem, ()):
                if tuple(stems[index + 1 : index + 1 + len(rest)]) == rest:
                    stem, length = canonical, 1 + len(rest)
                    break
            if stem not in self.empty:
                found.append((stem, index, index + length))
            index += length
        return found

    def terms(self, text: str) -> frozenset[str]:
        """Return the set of terms of a text."""
        return frozenset(term for term, _, _ in self.located(words(text)))

    def weigh(self, question: str) -> dict[str, float]:
        """Return the weight of each term of a question: names and long numbers more than words, weak words little."""
        raw = words(question)
        weights: dict[str, float] = {}
        for term, start, end in self.located(raw):
            weight = _WEAK if term in self.weak else max(_weight(raw[index], index) for index in range(start, end))
            weights[term] = max(weight, weights.get(term, 0.0))
        return weights


def _weight(word: str, index: int) -> float:
    # a letter or a short number stands in any text by chance ("protein C", "type 2")
    if len(word) == 1 or (len(word) == _SHORT and word.isdigit()):
        return _FRAGMENT
    named = (index > 0 and word[0].isupper()) or any(character.isdigit() for character in word)
    return _NAMED if named else 1.0


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words(text))


def _phrases(groups: Iterable[Sequence[str]]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for group in groups:
        canonical = _stem(group[0])
        for spelling in group:
            first, *rest = [_stem(word) for word in words(spelling)]
            found.setdefault(first, {})[tuple(rest)] = canonical
    return {first: sorted(tails.items(), key=lambda tail: -len(tail[0])) for first, tails in found.items()}


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary that is shipped beside this module (``vocabulary.toml``)."""
    data = tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    return Vocabulary(empty=_stems(data["empty"]), weak=_stems(data["weak"]), phrases=_phrases(data["synonyms"]))
