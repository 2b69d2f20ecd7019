"""Loads the words that the verifier knows (lexicon.toml) and brings words to one form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any, Final

_DATA: Final[dict[str, Any]] = tomllib.loads(
    resources.files("policies.grounding").joinpath("lexicon.toml").read_text(encoding="utf-8")
)
_RESPELT: Final = (("ae", "e"), ("oe", "e"), ("isation", "ization"), ("yse", "yze"))
_SHORT: Final = 5
_LEAST: Final = 3
_VOWEL: Final = re.compile("[aeiouy]")

PHRASES: Final[Mapping[str, str]] = _DATA["phrases"]
BOUNDS: Final[Mapping[str, str]] = _DATA["bounds"]
UNITS: Final[Mapping[str, str]] = {spelling: name for name, all_ in _DATA["units"].items() for spelling in all_}
CONVERSIONS: Final[Mapping[str, tuple[Decimal, str]]] = {
    unit: (Decimal(factor), base) for unit, (factor, base) in _DATA["conversions"].items()
}
MODALS: Final[Mapping[str, str]] = {word: kind for kind, words in _DATA["modals"].items() for word in words}


def _words(name: str) -> frozenset[str]:
    return frozenset(_DATA["words"][name].split())


FUNCTION: Final = _words("function")
AUXILIARIES: Final = _words("auxiliaries")
PRESENT: Final = _words("present")
PAST: Final = _words("past")
DETERMINERS: Final = _words("determiners")
PREPOSITIONS: Final = _words("prepositions")
DIRECTIONAL: Final = _words("directional")
NEGATORS: Final = _words("negators")
RELATIVES: Final = _words("relatives")
SEPARATORS: Final = _words("separators")
CONDITIONS: Final = _words("conditions")
POPULATIONS: Final = _words("populations")
COMPLEMENTS: Final = _words("complements")
ADJUNCTS: Final = _words("adjuncts")


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """Return a word without its inflection (plural, past, -ing), in American spelling.

    Derivation stays: Snowball gives "insurer", "insured" and "insurance" one stem, and the law does not.
    """
    if len(word) > _SHORT:
        for british, american in _RESPELT:
            word = word.replace(british, american)
        word = word[:-3] + "or" if word.endswith("our") else word
        word = word[:-3] + "ize" if word.endswith("ise") else word
    return _bare(_singular(word))


def _singular(word: str) -> str:
    if len(word) <= _LEAST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zzes")) else word[:-1]


def _bare(word: str) -> str:
    """Return a word without -ed or -ing and without a final silent letter, so that forms of one verb meet."""
    if word.endswith("ied") and len(word) > _SHORT - 1:
        return word[:-3] + "i"
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST and _VOWEL.search(stem) and not stem.endswith("e"):
            if stem[-1] == stem[-2] and stem[-1] not in "lsz":
                return stem[:-1]
            return _rounded(stem)
    return _rounded(word)


def _rounded(word: str) -> str:
    word = word.removesuffix("e") if len(word) > _LEAST else word
    return word[:-1] + "i" if word.endswith("y") and len(word) > _LEAST else word


_GROUPS: Final[Mapping[str, str]] = {
    _stem(word): _stem(group.split()[0]) for group in _DATA["synonyms"]["groups"] for word in reversed(group.split())
}


def key_of(word: str) -> str:
    """Return the form in which words are compared: stemmed, one word for each group of synonyms.

    >>> key_of("administered") == key_of("given")
    True
    """
    stem = _stem(word)
    return _GROUPS.get(stem, stem)


DENIALS: Final = _words("denials")
HEDGES: Final = frozenset(map(key_of, _words("hedges")))
LIGHT: Final = frozenset(map(key_of, _words("light")))
_ANTONYMS: Final = frozenset(
    frozenset(map(key_of, pair.split())) for pair in _DATA["antonyms"]["pairs"] if len(pair.split()) == len(("a", "b"))
)
_TURNING: Final = ("un", "in", "im", "ir", "il", "non", "dis", "ab", "anti", "contra")


def opposed(one: str, other: str) -> bool:
    """Say whether two keys are opposites: listed, turned by a prefix, or hyper- against hypo-.

    >>> opposed(key_of("hyperkalaemia"), key_of("hypokalemia"))
    True
    """
    if frozenset((one, other)) in _ANTONYMS:
        return True
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(shorter) >= _SHORT and any(longer == prefix + shorter for prefix in _TURNING):
        return True
    return one.replace("hyper", "hypo", 1) == other != one or other.replace("hyper", "hypo", 1) == one != other
