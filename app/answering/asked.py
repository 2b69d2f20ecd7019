"""What a question asks for, read from its words alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.answering.dates import asked_dates
from app.answering.vocabulary import Vocabulary


class Expected(StrEnum):
    """The kind of answer that a question expects."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    DEFINITION = "definition"
    ANY = "any"


class Order(StrEnum):
    """Which of several records about the same thing a question wants."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ANY = "any"


_EXPECTED: Final = (
    (Expected.DATE, re.compile(r"\bwhen\b|\b(?:what|which) (?:date|day|year)\b|\bhow (?:long|soon)\b", re.IGNORECASE)),
    (
        Expected.NUMBER,
        re.compile(
            r"\bhow (?:many|much|high|low|old|often|large)\b"
            r"|\bwhat (?:\w+ ){0,4}"
            r"(?:dose|dosage|level|value|percentage|number|amount|limit|threshold|reading|result)\b",
            re.IGNORECASE,
        ),
    ),
    (Expected.NAME, re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)),
    (
        Expected.DEFINITION,
        re.compile(
            r"^\W*what (?:is|are)\b|\bwhat do(?:es)? .{2,80} mean\b|\bmeaning of\b|\bdefin(?:e|ition)\b", re.IGNORECASE
        ),
    ),
)
_NEWEST: Final = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|recent|last(?! name))\b", re.IGNORECASE
)
_OLDEST: Final = re.compile(
    r"\b(?:earliest|oldest|initial(?:ly)?|first(?![ -]?(?:line|name|aid|degree)))\b", re.IGNORECASE
)
_CURRENT: Final = re.compile(r"\b(?:current(?:ly)?|now|active|still|present(?:ly)?)\b", re.IGNORECASE)
_RECITAL: Final = re.compile(r"\b(?:recitals?|preamble)\b", re.IGNORECASE)
_PARTS: Final = r"\d+[a-z]?(?:[.\-]\d+[a-z]?)*(?:\s?\([0-9a-z]{1,5}\))*"
_CITATION: Final = re.compile(
    rf"(?:\b(?:articles?|art\.?|sections?|sec\.?|rules?|regulations?|paragraphs?|recitals?|cfr|usc|u\.s\.c\.)|§+)\s*"
    rf"(?!(?:19|20)\d\d\b)(?P<number>{_PARTS})(?!/)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, read: ``weights`` by term, exact ``citations`` ("17(1)(b)") and ``dates`` (ISO 8601 prefixes)."""

    weights: Mapping[str, float]
    citations: tuple[str, ...]
    dates: tuple[str, ...]
    expected: Expected
    order: Order
    current: bool
    recitals: bool

    @property
    def strong(self) -> frozenset[str]:
        """Return the terms that carry the question's topic."""
        return frozenset(term for term, weight in self.weights.items() if weight >= 1)


def read_question(text: str, vocabulary: Vocabulary) -> Asked:
    """Return what ``text`` asks for."""
    dates, rest = asked_dates(text)
    order = Order.NEWEST if _NEWEST.search(text) else Order.OLDEST if _OLDEST.search(text) else Order.ANY
    return Asked(
        weights=vocabulary.weigh(rest),
        citations=tuple(plain_number(match["number"]) for match in _CITATION.finditer(text)),
        dates=tuple(dates),
        expected=next((kind for kind, pattern in _EXPECTED if pattern.search(text)), Expected.ANY),
        order=order,
        current=bool(_CURRENT.search(text)),
        recitals=bool(_RECITAL.search(text)),
    )


def cites(passage_citation: str, number: str) -> bool:
    """Say whether a passage's citation or heading ("Article 17(1)") is the cited number ("17") or stands below it.

    >>> cites("Article 17(1)(b)", "17(1)"), cites("Article 170", "17"), cites("45 CFR 164.512(b)", "164.512")
    (True, False, True)
    """
    for match in _CITATION.finditer(passage_citation):
        own = plain_number(match["number"])
        if own == number or own.startswith((f"{number}(", f"{number}.")):
            return True
    return False


def mentions(text: str, number: str) -> bool:
    """Say whether a text has the cited number, or the one that it stands below, anywhere in it."""
    whole = number.split("(", maxsplit=1)[0]
    return re.search(rf"(?<![\w.]){re.escape(whole)}(?!\w)", text, re.IGNORECASE) is not None


def plain_number(number: str) -> str:
    """Return a cited number without spaces, in lower case."""
    return "".join(number.split()).lower()
