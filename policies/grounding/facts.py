"""Reads a text as tokens: numbers, doses, dates, provisions, codes, words and the signs between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from policies.grounding import citations, dates, quantities
from policies.grounding.folding import folded
from policies.grounding.lexicon import BOUNDS, PHRASES, key_of
from policies.grounding.quantities import Quantity

_MAX_DIGITS: Final = 20


class Kind(StrEnum):
    """What a token is. All but WORD, FUNCTION and SIGN are facts, which a claim may not change."""

    DATE = "date"
    CITATION = "citation"
    FREQUENCY = "frequency"
    ORDINAL = "ordinal"
    NUMBER = "number"
    CODE = "code"
    WORD = "word"
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token: its words as read, and ``key``, the form in which it is compared. ``name`` says it is capitalised."""

    kind: Kind
    text: str
    key: Hashable
    name: bool = False


_CODE: Final = r"""
    (?P<address>(?:https?://|www\.)[^\s<>"]{1,500}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}) |
    (?P<id>(?<!\w)(?:[^\W\d_]+\d\w*(?:\.\d+)*|\d+(?:[^\W\d_]\w*)|\d*_\w*)) |
    (?P<worded_code>(?<!\w)\d+) |
    (?P<word>[^\W\d_]+(?:\.[^\W\d_]\b)*(?:'[^\W\d_]+)?) |
    (?P<mark>[^\w\s]|_|\d)
"""
_TOKEN: Final = re.compile(f"{dates.PATTERN}|{citations.PATTERN}|{quantities.PATTERN}|{_CODE}", re.VERBOSE)
_COUNTED: Final = (
    "one two three four five six seven eight nine ten eleven twelve fourteen fifteen twenty thirty forty fifty sixty "
    "seventy eighty ninety hundred january february march april june july august september october november december"
).split()
_AMOUNT: Final = (
    r"(?:(?:a|an|the|age|of|from)\s)?(?:EUR|USD|GBP|CHF|[€$£])?\s?"
    rf"(?:\d|(?:{'|'.join(_COUNTED)})\b)"
)
_BOUND: Final = re.compile(
    rf"\b({'|'.join(re.escape(phrase) for phrase in sorted(BOUNDS, key=len, reverse=True))})\s(?={_AMOUNT})",
    re.IGNORECASE,
)
_PHRASE: Final = re.compile(
    rf"\b({'|'.join(re.escape(phrase) for phrase in sorted(PHRASES, key=len, reverse=True))})\b", re.IGNORECASE
)
_SPACE: Final = re.compile(r"\s+")
_NEGATED: Final = re.compile(r"n't\b")
_DATES: Final = frozenset({"iso", "stamp", "dmy", "mdy", "my", "slashed", "clock"})


def extract(text: str) -> tuple[Token, ...]:
    """Return the checkable facts of ``text`` in order: all tokens but plain words and signs."""
    return tuple(t for t in tokens(text) if t.name or t.kind not in {Kind.WORD, Kind.SIGN})


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text`` in order, phrases and bounds brought to one wording."""
    plain = _SPACE.sub(" ", folded(text)).strip()
    plain = _BOUND.sub(lambda match: f"{BOUNDS[match[1].lower()]} ", plain)
    plain = _PHRASE.sub(lambda match: PHRASES[match[1].lower()], _NEGATED.sub(" not", plain))
    found = []
    for match in _TOKEN.finditer(plain):
        token = _token(match)
        if token.text:
            found.append(token)
    return tuple(found)


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    text = match[0].strip()
    if kind in _DATES:
        return Token(kind=Kind.DATE, text=text, key=dates.parts_of(kind, text) or text.casefold())
    return _READERS[kind](match, text)


def _number(match: re.Match[str], text: str) -> Token:
    digits = match["digits"] or ""
    if len(digits) > _MAX_DIGITS or (digits[:1] == "0" and digits[1:2].isdigit()):
        # a leading zero belongs to the number of a record, not to an amount
        return Token(kind=Kind.CODE, text=text, key=text.casefold())
    return Token(kind=Kind.NUMBER, text=text, key=quantities.quantity_of(match))


def _word(match: re.Match[str], text: str) -> Token:
    capital = text[0].isupper() and (match.start() > 0 or text.isupper()) and len(text) > 1
    return Token(kind=Kind.WORD, text=text, key=text.casefold().removesuffix("'s"), name=capital)


def _code(_: re.Match[str], text: str) -> Token:
    return Token(kind=Kind.CODE, text=text, key=text.casefold())


_READERS: Final[Mapping[str, Callable[[re.Match[str], str], Token]]] = {
    "number": _number,
    "word": _word,
    "id": _code,
    "address": _code,
    "worded_code": _code,
    "freq": lambda _, text: Token(kind=Kind.FREQUENCY, text=text, key=quantities.frequency_of(text)),
    "ordinal": lambda _, text: Token(kind=Kind.ORDINAL, text=text, key=quantities.ordinal_of(text)),
    "code": lambda _, text: Token(kind=Kind.CITATION, text=text, key=citations.key_of(text)),
    "cite": lambda _, text: Token(kind=Kind.CITATION, text=text, key=citations.key_of(text)),
    "mark": lambda _, text: Token(kind=Kind.SIGN, text=text, key=text),
}


def agrees(claimed: Token, told: Token) -> bool:
    """Say whether a fact of a claim is the fact that a quote tells."""
    if claimed.kind is not told.kind:
        return _year_of(claimed, told)
    if claimed.kind is Kind.DATE and isinstance(claimed.key, tuple) and isinstance(told.key, tuple):
        return dates.within(claimed.key, told.key)
    if claimed.kind is Kind.CITATION and isinstance(claimed.key, tuple) and isinstance(told.key, tuple):
        return citations.within(claimed.key, told.key)
    return claimed.key == told.key


def _year_of(claimed: Token, told: Token) -> bool:
    """Say whether a bare year in a claim ("in 2019") is the year of a told date."""
    if told.kind is not Kind.DATE or not isinstance(told.key, tuple) or not isinstance(claimed.key, Quantity):
        return False
    quantity = claimed.key
    return quantity.shape == "one" and not quantity.unit and not quantity.bound and quantity.values[0] == told.key[0]


def stem(token: Token) -> str:
    """Return the key of a word in the form in which words are compared."""
    return key_of(str(token.key))
