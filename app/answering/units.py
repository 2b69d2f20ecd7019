"""Cuts a passage into units that can be quoted alone: sentences, record lines, table rows and whole lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.documents import Passage
from policies.sentences import split

_MARKER: Final = re.compile(
    r"\s*(?P<open>\()?(?:(?P<digit>\d{1,3})|[a-zA-Z]{1,4}|(?P<bullet>[-•*–▪◦]))(?(bullet)|[).])\s"
)
_OPEN_END: Final = re.compile(r"(?:[:;,]|[;,]\s*(?:and|or))\s*$")
_RECORD: Final = re.compile(r"^[^:|\t]{1,120}: \S|\||\t")
_DIVISION: Final = re.compile(
    r"^(?:article|section|chapter|part|title|annex|recital|subpart|§)\s*[\dIVXLC]", re.IGNORECASE
)
_FINAL: Final = re.compile(r"[.!?;:,%\d][)\]”\"’']*$")
_INNER_STOP: Final = re.compile(r"[.!?…。][^\w\s]*\s+\S|[.!?][A-Z]")
_MIN_WORDS: Final = 4
_LONG_HEADING: Final = 8
_MAX_LIST: Final = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Verbatim words of a passage, with every run of white space as one space; ``start`` is where they stand in it."""

    text: str
    start: int


def units(passage: Passage) -> list[Unit]:
    """Return the passage's units in order; headings and fragments under four words are left out."""
    headings = {_plain(part) for part in (*passage.section, passage.title)}
    found: list[Unit] = []
    for start, end in _joined(passage.text, _sentences(passage.text)):
        text = " ".join(passage.text[start:end].split())
        if _stands_alone(text, headings):
            found.append(Unit(text=text, start=start))
    return found


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return what ``split`` returns; a line without a stop inside is one sentence, which need not be looked for."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if _INNER_STOP.search(line):
            spans.extend((start + first, start + last) for first, last in split(line))
        elif line.strip():
            first = start + len(line) - len(line.lstrip())
            spans.append((first, first + len(line.strip())))
        start += len(line) + 1
    return spans


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a lead-in that ends with a colon with the items after it, as long as the whole stays readable."""
    joined: list[tuple[int, int]] = []
    index = 0
    while index < len(spans):
        start, end = spans[index]
        index += 1
        leads_in = text[start:end].rstrip().endswith(":")
        shapes: set[str] = set()
        while leads_in and index < len(spans) and spans[index][1] - start <= _MAX_LIST:
            shape = _shape(text[spans[index][0] : spans[index][1]])
            if not (_OPEN_END.search(text[start:end]) or shape in shapes):
                break
            shapes |= {shape} if shape else set()
            end = spans[index][1]
            index += 1
        joined.append((start, end))
    return joined


def _shape(item: str) -> str:
    """Return the form of an item's marker: "(1)" and "(2)" have one, "(a)", "1." and "•" others; empty for none."""
    match = _MARKER.match(item)
    if match is None:
        return ""
    return match["bullet"] or f"{match['open'] or ''}{'1' if match['digit'] else 'a'}"


def _stands_alone(text: str, headings: set[str]) -> bool:
    if any(_plain(text) in heading for heading in headings):
        return False
    if _RECORD.search(text):
        return True
    size = len(text.split())
    if size < _MIN_WORDS:
        return False
    looks_like_heading = bool(_DIVISION.match(text)) or (size <= _LONG_HEADING and not _MARKER.match(text))
    return bool(_FINAL.search(text)) or not looks_like_heading


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:")
