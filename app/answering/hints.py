"""How well a sentence has the form of what was asked: a number, a date, a definition, the right day, a state."""

from __future__ import annotations

import re
from typing import Final

from app.answering.asked import Asked, Expected
from app.answering.dates import dates_in
from app.answering.vocabulary import Vocabulary
from domain.documents import Passage

_FORMS: Final = {
    Expected.NUMBER: (re.compile(r"\d"), 1.25),
    Expected.DATE: (
        re.compile(
            r"\b(?:19|20)\d\d\b|\b\d+\s+(?:day|week|month|year|hour|minute|business day)s?\b|\bwithout undue delay\b"
            r"|\bimmediately\b",
            re.IGNORECASE,
        ),
        1.25,
    ),
    Expected.NAME: (re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+"), 1.1),
    Expected.DEFINITION: (re.compile(r"\b(?:is|are|means?|refers? to|defined as)\b", re.IGNORECASE), 1.1),
}
# How statutes and contracts define: "'processing' means …", "Covered entity means …", "… ('data minimisation')".
_DEFINED: Final = (
    re.compile(r"[‘“\"](?P<term>[^’”\"]{3,60})[’”\"]"),
    re.compile(r"^(?:\(?\w{1,4}[.)] )?(?P<term>[^.:;,]{3,60}?) (?:means?|is defined as|refers? to)\b"),
)
_DEFINES: Final = {Expected.DEFINITION: 2.0}
_DEFINES_IN_PASSING: Final = 1.4
_RECITAL: Final = re.compile(r"recital|preamble", re.IGNORECASE)
_NOT_OPERATIVE: Final = 0.7
_OVER: Final = re.compile(r"\b(?:stopped|completed|inactive|resolved|discontinued|cancelled|refuted)\b", re.IGNORECASE)
_RIGHT_DAY: Final = 1.5
_OTHER_DAY: Final = 0.3
_IS_OVER: Final = 0.3


def fit(asked: Asked, text: str, passage: Passage, known: Vocabulary) -> float:
    """Return a factor for the sentence's score: over 1 for the form asked for, 0 for a record of another day."""
    factor = 1.0
    form = _FORMS.get(asked.expected)
    if form and form[0].search(text):
        factor *= form[1]
    if _defines(asked, text, known):
        factor *= _DEFINES.get(asked.expected, _DEFINES_IN_PASSING)
    if _RECITAL.match(passage.locator.citation or "") and not asked.recitals:
        factor *= _NOT_OPERATIVE
    if asked.dates:
        factor *= _on_the_day(asked.dates, text, passage)
    if asked.current and _OVER.search(text):
        factor *= _IS_OVER
    return factor


def _defines(asked: Asked, text: str, known: Vocabulary) -> bool:
    """Say whether the sentence defines a term that the question names."""
    named = (known.terms(match["term"]) for pattern in _DEFINED for match in pattern.finditer(text))
    return any(terms and terms <= asked.weights.keys() for terms in named)


def _on_the_day(asked: tuple[str, ...], text: str, passage: Passage) -> float:
    stated = dates_in(" ".join((text, *passage.section)))
    if passage.date:
        stated.append(passage.date.isoformat())
    if not stated:
        return 1.0
    if any(day.startswith(wanted) for day in stated for wanted in asked):
        return _RIGHT_DAY
    # a record has its own day, so that one of another day is a wrong answer; prose may name dates in passing
    return 0.0 if passage.date else _OTHER_DAY
