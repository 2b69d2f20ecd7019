"""Finds deadlines in a text: days by which something is due, and terms that are counted from something.

Better nothing than a wrong day: a term is counted only from a day that the text itself states, in calendar days, and
every rule keeps the words that it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.records.dates import Dated, dates_in, moved
from policies.sentences import split

_WORDS: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_NUMBER_OF: Final = {
    **{word: number for number, word in enumerate(_WORDS, start=1)},
    "thirty": 30, "forty-five": 45, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "one hundred and eighty": 180,
}  # fmt: skip
_NUMERAL: Final = r"(?:\d{1,4}|" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + ")"
_TERM: Final = (
    rf"(?P<count>\b{_NUMERAL})(?:\s*\(\s*(?P<again>{_NUMERAL})\s*\))?\s+(?:consecutive\s+|clear\s+)?"
    r"(?:(?P<kind>calendar|business|working|banking|court|trading)\s+)?(?P<unit>day|week|month|year)s?\b['’]?"
)
_RELATION: Final = r"(?P<relation>of|after|from|following|before|prior\s+to)\b"
_RELATIVE: Final = re.compile(rf"{_TERM}\s+{_RELATION}\s+(?P<base>[^.;:,\n()“”\"]{{2,160}})", re.IGNORECASE)
_NOTICE: Final = re.compile(rf"{_TERM}\s+(?:prior\s+|advance\s+)?(?:written\s+)?notice\b", re.IGNORECASE)
_LIMIT: Final = re.compile(
    r"\b(?:within|no\s+later\s+than|not\s+later\s+than|at\s+least|(?:not|no)\s+(?:less|fewer|more)\s+than)\s+"
    r"(?:a\s+period\s+of\s+)?$",
    re.IGNORECASE,
)
_CUE: Final = re.compile(
    r"\b(?:within|no\s+later\s+than|not\s+later\s+than|at\s+least|not\s+less\s+than|no\s+less\s+than|shall|must"
    r"|(?:is|are)\s+(?:due|required|payable)|due|deadline)\b",
    re.IGNORECASE,
)
_STRONG: Final = re.compile(
    r"\b(?:no\s+later\s+than|not\s+later\s+than|on\s+or\s+before|due\s+(?:on|by)|payable\s+(?:on|by)"
    r"|at\s+the\s+latest\s+(?:on|by)|latest\s+by|expires?\s+on|deadline\s+(?:is|of|for\s+[^.;,]{1,60}\s+is))\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_WEAK: Final = re.compile(r"\b(?:by|before|until)\s+(?:the\s+)?$", re.IGNORECASE)
_DUTY: Final = re.compile(
    r"\b(?:shall|must|(?:is|are)\s+(?:to|due|required|obliged)|(?:has|have)\s+to|should|agrees?\s+to|undertakes?\s+to)\b",
    re.IGNORECASE,
)
_REPLACED: Final = re.compile(r"\b(?:replaced|substituted|deleted)\b", re.IGNORECASE)
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"")
_DEFINED: Final = re.compile(r"[\"“](?P<term>(?:[A-Z][A-Za-z]+ ){1,3}Date)[\"”]")
_IS: Final = re.compile(r"\s*(?:means|is|shall\s+mean|shall\s+be)\s+(?:the\s+)?$")
_OPENS: Final = re.compile(r"\s*[,(]?\s*\(?\s*(?:the\s+|such\s+date,?\s+the\s+)?$")
BEFORE: Final = frozenset({"before", "prior to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline and where it stands: ``start..end`` is its sentence, ``rule_start..rule_end`` the words that set it.

    ``due`` is the day, where it is stated or could be counted; else ``reason`` says why not: "base_not_stated",
    "business_days", "numbers_disagree". ``base_start..base_end`` is the day that it was counted from, elsewhere in the
    text. ``stated`` says that the text itself names the day.
    """

    start: int
    end: int
    rule_start: int
    rule_end: int
    due: date | None = None
    stated: bool = False
    count: int | None = None
    unit: str = ""
    relation: str = ""
    base: str = ""
    base_start: int | None = None
    base_end: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSentence:
    """A day that a text states and the sentence around it."""

    day: date
    start: int
    end: int
    date_start: int
    date_end: int


@dataclass(slots=True)
class _Text:
    """A text with its sentences, its days and the days that it gives a name."""

    text: str
    sentences: list[tuple[int, int]]
    days: list[Dated]
    terms: dict[str, list[Dated]] = field(default_factory=dict)


def chronology(text: str) -> list[DatedSentence]:
    """Return every day that a text states with its sentence, in the order of the text."""
    sentences = split(text)
    found = []
    for dated in dates_in(text):
        start, end = _around(sentences, dated)
        found.append(DatedSentence(day=dated.day, start=start, end=end, date_start=dated.start, date_end=dated.end))
    return found


def deadlines(text: str) -> list[Deadline]:
    """Return the deadlines of a text in order."""
    whole = _Text(text, split(text), dates_in(text))
    for match in _DEFINED.finditer(text):
        if (dated := _defined(whole, match)) is not None:
            whole.terms.setdefault(match["term"].casefold(), []).append(dated)
    found = [one for start, end in whole.sentences for one in _of_sentence(whole, start, end)]
    return sorted(found, key=lambda one: (one.rule_start, one.rule_end))


def _around(sentences: Sequence[tuple[int, int]], dated: Dated) -> tuple[int, int]:
    """Return the sentence of a date; both, where a sentence was cut inside of it."""
    touched = [one for one in sentences if one[0] < dated.end and dated.start < one[1]]
    return (touched[0][0], touched[-1][1]) if touched else (dated.start, dated.end)


def _defined(whole: _Text, match: re.Match[str]) -> Dated | None:
    """Return the day that a defined term stands for: `"Closing Date" means 1 May 2025`, `1 May 2025 (the "…")`."""
    for dated in whole.days:
        if dated.start >= match.end() and _IS.match(whole.text[match.end() : dated.start]):
            return dated
        if dated.end <= match.start() and _OPENS.match(whole.text[dated.end : match.start()]):
            return dated
    return None


def _of_sentence(whole: _Text, start: int, end: int) -> Iterator[Deadline]:
    words = whole.text[start:end]
    quoted = _replaced(words)
    inside = [one for one in whole.days if start <= one.start and one.end <= end]
    taken: list[tuple[int, int]] = []
    for match in _RELATIVE.finditer(words):
        if _CUE.search(words) and not _within(match, quoted):
            taken.append(match.span())
            yield _relative(whole, start, end, match)
    for match in _NOTICE.finditer(words):
        if not _within(match, quoted) and not any(
            first < match.end() and match.start() < last for first, last in taken
        ):
            yield _counted(start, end, match, base="notice", reason="base_not_stated")
    for dated in inside:
        first, last = dated.start - start, dated.end - start
        if any(begin <= first and last <= stop for begin, stop in taken):
            continue
        before = words[:first]
        mark = _STRONG.search(before) or (_WEAK.search(before) if _DUTY.search(before) else None)
        if mark and not any(begin <= first < stop for begin, stop in quoted):
            yield Deadline(
                start=start, end=end, rule_start=start + mark.start(), rule_end=dated.end, due=dated.day, stated=True
            )


def _replaced(words: str) -> list[tuple[int, int]]:
    """Return the quoted words that a sentence says to be replaced: they set nothing any more."""
    return [one.span() for one in _QUOTED.finditer(words) if _REPLACED.search(words[one.end() :])]


def _within(match: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= match.start() and match.start() < last for first, last in spans)


def _limited(match: re.Match[str]) -> int:
    """Return where a rule begins: "within" belongs to it."""
    limit = _LIMIT.search(match.string, 0, match.start())
    return limit.start() if limit else match.start()


def _counted(start: int, end: int, match: re.Match[str], **more: str) -> Deadline:
    return Deadline(
        start=start,
        end=end,
        rule_start=start + _limited(match),
        rule_end=start + match.end(),
        count=_number(match["count"]),
        unit=match["unit"].casefold(),
        **more,  # type: ignore[arg-type]  # base and reason alone
    )


def _relative(whole: _Text, start: int, end: int, match: re.Match[str]) -> Deadline:
    base = match["base"].rstrip()
    relation = " ".join(match["relation"].casefold().split())
    count, unit = _number(match["count"]), match["unit"].casefold()
    base_start = start + match.start("base")
    due, anchor, reason = None, None, ""
    if match["again"] and _number(match["again"]) != count:
        reason = "numbers_disagree"
    elif (match["kind"] or "calendar").casefold() != "calendar":
        reason = "business_days"
    else:
        anchor = _base(whole, base, base_start)
        due = moved(anchor.day, -count if relation in BEFORE else count, unit) if anchor else None
        reason = "" if due else "base_not_stated"
    return Deadline(
        start=start,
        end=end,
        rule_start=start + _limited(match),
        rule_end=base_start + len(base),
        due=due,
        count=count,
        unit=unit,
        relation=relation,
        base=base,
        base_start=anchor.start if anchor and due else None,
        base_end=anchor.end if anchor and due else None,
        reason=reason,
    )


def _base(whole: _Text, base: str, start: int) -> Dated | None:
    """Return the day that a base states: a date and nothing else, or a term that the text gives exactly one day."""
    for dated in whole.days:
        before = whole.text[start : dated.start] if start <= dated.start else "no"
        if before in {"", "the "} and dated.end == start + len(base):
            return dated
    named = whole.terms.get(base.casefold().removeprefix("the "), [])
    return named[0] if len({one.day for one in named}) == 1 else None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBER_OF[word.casefold()]
