"""Finds words in quotation marks in a draft, and says whether a source has them word for word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from domain.documents import Passage
from policies.grounding.verbatim import find_quote

VERBATIM: Final = "verbatim"
MISQUOTED: Final = "misquoted"
ELSEWHERE: Final = "elsewhere"
NOT_FOUND: Final = "not_found"

_LEAST_WORDS: Final = 3
_NEAR: Final = 0.6
_LONGEST: Final = 2_000
# Opening and closing marks, and what cannot stand between them. A paragraph is a line.
_PAIRS: Final = (("“", "”", "“”"), ("„", "[“”]", "„“”"), ("«", "»", "«»"), ("»", "«", "«»"), ("「", "」", "「」"))
_MARKS: Final = (
    *(re.compile(rf"{first}(?P<words>[^{none}\n]{{2,{_LONGEST}}}){last}") for first, last, none in _PAIRS),
    re.compile(rf'(?<![\w"])"(?P<words>[^"\n]{{2,{_LONGEST}}})"(?!\w)'),
)
# What an author leaves out or puts in of their own.
_CUT: Final = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.{3}|\[[^\]]{1,80}\])\s*")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_END: Final = ".,;: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stretch of a passage; ``start..end`` count characters of the version's canonical text."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What became of quoted words: their state and, where something is near, where it stands in a passage."""

    state: str
    reason: str
    place: Place | None = None


def quotations_in(text: str) -> list[tuple[int, int]]:
    """Return where words stand in quotation marks, without the marks; three words or more, as fewer name a term."""
    found: list[tuple[int, int]] = []
    for pattern in _MARKS:
        for match in pattern.finditer(text):
            start, end = match.span("words")
            taken = any(start < last and first < end for first, last in found)
            if not taken and len(re.findall(r"\w+", match["words"])) >= _LEAST_WORDS:
                found.append((start, end))
    return sorted(found)


def compare(words: str, cited: Sequence[Passage], others: Sequence[Passage]) -> Quoted:
    """Return what became of ``words``: looked for in what is cited beside them first, then in ``others``.

    An ellipsis and words in brackets are the author's own; the first letter may be of another case, and a full stop
    or comma at the end may be the sentence's.
    """
    exact = _exact(words, cited)
    if exact:
        return Quoted(state=VERBATIM, reason="the source has these words", place=exact)
    exact = _exact(words, others)
    if exact and not cited:
        return Quoted(state=VERBATIM, reason="a source has these words", place=exact)
    if exact:
        return Quoted(state=ELSEWHERE, reason="another source has these words, not the one that is cited", place=exact)
    near = _nearest(words, cited) or _nearest(words, others)
    if near:
        return Quoted(state=MISQUOTED, reason="the source says it in other words", place=near)
    return Quoted(state=NOT_FOUND, reason="no source that was found has these words")


def difference(quoted: str, source: str) -> list[tuple[str, str]]:
    """Return words that both have ("same"), that only the quotation has ("quoted") and only the source ("source").

    Words are put together with the white space after them, so that each side reads as it was written.

    >>> difference("within ten days", "within seven days")
    [('same', 'within '), ('quoted', 'ten '), ('source', 'seven '), ('same', 'days')]
    """
    own, true = _spaced(quoted), _spaced(source)
    matcher = SequenceMatcher(None, [_alike(one) for one in own], [_alike(one) for one in true], autojunk=False)
    told: list[tuple[str, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            told.append(("same", "".join(true[c:d])))
            continue
        told += [(of, "".join(some)) for of, some in (("quoted", own[a:b]), ("source", true[c:d])) if some]
    return told


def _exact(words: str, passages: Sequence[Passage]) -> Place | None:
    parts = [part for part in _CUT.split(words.strip().rstrip(_END)) if part.strip(_END)]
    for passage in passages:
        found = list(_in_order(parts, passage))
        if found and len(found) == len(parts):
            return Place(passage=passage, start=found[0][0], end=found[-1][1])
    return None


def _in_order(parts: Sequence[str], passage: Passage) -> Iterator[tuple[int, int]]:
    at = passage.start
    for part in parts:
        plain = part.strip().strip(_END)
        turned = plain[:1].swapcase() + plain[1:]
        found = find_quote(plain, passage) or find_quote(turned, passage)
        if found is None or found[0] < at:
            return
        at = found[1]
        yield found


def _nearest(words: str, passages: Sequence[Passage]) -> Place | None:
    """Return the stretch of a passage that shares most words with ``words``, if it shares enough."""
    wanted = [word.casefold() for word in _WORD.findall(words.strip().rstrip(_END))]
    best, where = _NEAR, None
    for passage in passages:
        spans = [match.span() for match in _WORD.finditer(passage.text)]
        told = [passage.text[a:b].casefold() for a, b in spans]
        score, first, last = _window(wanted, told)
        if score > best:
            best = score
            where = Place(
                passage=passage, start=passage.start + spans[first][0], end=passage.start + spans[last - 1][1]
            )
    return where


def _window(wanted: Sequence[str], told: Sequence[str]) -> tuple[float, int, int]:
    """Return how alike the most alike stretch of ``told`` is, 0 to 1, and its first and last word."""
    whole = SequenceMatcher(None, wanted, told, autojunk=False)
    anchor = whole.find_longest_match()
    if not anchor.size:
        return 0.0, 0, 0
    slack = max(2, len(wanted) // 4)
    begin = max(0, anchor.b - anchor.a - slack)
    end = min(len(told), anchor.b + len(wanted) - anchor.a + slack)
    blocks = SequenceMatcher(None, wanted, told[begin:end], autojunk=False).get_matching_blocks()
    matched = [block for block in blocks if block.size]
    # What stands before the first and after the last word that both have belongs to it as far as the quotation goes on.
    first = max(begin, begin + matched[0].b - matched[0].a)
    tail = len(wanted) - (matched[-1].a + matched[-1].size)
    last = min(len(told), begin + matched[-1].b + matched[-1].size + tail)
    shared = sum(block.size for block in matched)
    return 2 * shared / (len(wanted) + last - first), first, last


def _spaced(text: str) -> list[str]:
    return re.findall(r"(?:\w+|[^\w\s])\s*", text.strip())


def _alike(word: str) -> str:
    return word.strip().casefold()
