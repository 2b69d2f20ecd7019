"""Finds the days that a text states, where they stand. A form that could mean two days is not read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_ENGLISH: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN: Final = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_EN: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DE: Final = r"(?P<month>januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)\b"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_DAY: Final = r"(?P<day>[0-3]?\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d\-/.]){_YEAR}-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?![\d\-/]|\.\d)",
        rf"\b{_DAY}(?:st|nd|rd|th)?\s+(?:day\s+)?(?:of\s+)?{_EN},?\s+{_YEAR}\b",
        rf"\b{_EN}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}\b",
        rf"\b{_DAY}\.\s*{_DE}\s+{_YEAR}\b",
        rf"(?<![\d.]){_DAY}\.(?P<month>[01]?\d)\.{_YEAR}(?![\d.]\d)",
        rf"{_YEAR}\s?年\s?(?P<month>[01]?\d)\s?月\s?(?P<day>[0-3]?\d)\s?日",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A day and the characters that state it."""

    day: date
    start: int
    end: int


def dates_in(text: str) -> list[Dated]:
    """Return every full date in order, none overlapping; a day that no calendar has is not read."""
    found = sorted(_every(text), key=lambda one: (one.start, -one.end))
    kept: list[Dated] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _every(text: str) -> Iterator[Dated]:
    for form in _FORMS:
        for match in form.finditer(text):
            try:
                day = date(int(match["year"]), _month(match["month"]), int(match["day"]))
            except ValueError:
                continue
            yield Dated(day=day, start=match.start(), end=match.end())


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    start = word.casefold()[:3]
    start = {"jän": "jan", "mar": "mar"}.get(start, start)
    return (_ENGLISH.index(start) if start in _ENGLISH else _GERMAN.index(start)) + 1


def moved(day: date, count: int, unit: str) -> date | None:
    """Return the day that many days, weeks, months or years on; the last of a month that is too short.

    ``None`` where the calendar ends.
    """
    try:
        if unit in {"day", "week"}:
            return day + timedelta(days=count * (7 if unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None
