"""Reads dates that a text states as ISO 8601 prefixes: "2019", "2019-03" or "2019-03-04"."""

from __future__ import annotations

import re
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"\b{_YEAR}-(?P<month>[01]\d)(?:-(?P<day>[0-3]\d))?(?![\d-])",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
    )
)
_BARE_YEAR: Final = re.compile(rf"(?<![\d/.\-]){_YEAR}(?![\d/\-]|\.\d)", re.ASCII)
_ASKED_YEAR: Final = re.compile(
    rf"\b(?:in|during|for|from|of|year)\s+(?:the\s+year\s+)?(?={_YEAR}\b(?![/\-]))", re.IGNORECASE | re.ASCII
)


def _iso(match: re.Match[str]) -> str:
    month = match["month"].lower()[:3]
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    day = match.groupdict().get("day")
    return f"{match['year']}-{number:02d}" + (f"-{int(day):02d}" if day else "")


def _full(text: str) -> tuple[list[str], str]:
    found: list[str] = []
    for form in _FORMS:
        found += [_iso(match) for match in form.finditer(text)]
        text = form.sub(" ", text)
    return found, text


def dates_in(text: str) -> list[str]:
    """Return the dates that a text states, those with a month first, then bare years."""
    found, rest = _full(text)
    return found + [match["year"] for match in _BARE_YEAR.finditer(rest)]


def asked_dates(question: str) -> tuple[list[str], str]:
    """Return the dates that a question is about, and the question without them.

    A bare year counts only after a word such as "in" or "during": "Regulation 2016/679" names no date.
    """
    found, rest = _full(question)
    for match in reversed(list(_ASKED_YEAR.finditer(rest))):
        found.append(rest[match.end() : match.end() + 4])
        rest = rest[: match.start()] + " " + rest[match.end() + 4 :]
    return found, rest
