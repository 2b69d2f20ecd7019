"""Cuts a passage into units that can be quoted alone: sentences, record lines, table rows and whole lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from domain.documents import Passage
from policies.grounding.blocks import joined
from policies.sentences import split

_MARKER: Final = re.compile(r"\s*(?:\(?[0-9a-zA-Z]{1,4}[).]|[-•*–▪◦])\s")
_RECORD: Final = re.compile(r"^[^:|\t]{1,120}: \S|\||\t")
_DIVISION: Final = re.compile(
    r"^(?:article|section|chapter|part|title|annex|recital|subpart|§)\s*[\dIVXLC]", re.IGNORECASE
)
_FINAL: Final = re.compile(r"[.!?;:,%\d][)\]”\"’']*$")
_INNER_STOP: Final = re.compile(r"[.!?…。][^\w\s]*\s+\S|[.!?][A-Z]")
_ASKS: Final = re.compile(r"[?？؟][)\]”\"’']*$")
_MIN_WORDS: Final = 4
_LONG_HEADING: Final = 8
_MAX_LIST: Final = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Verbatim words of a passage, with every run of white space as one space; ``start`` is where they stand in it."""

    text: str
    start: int


def units(passage: Passage) -> list[Unit]:
    """Return the passage's units in order; headings, questions and fragments under four words are left out."""
    headings = {_plain(part) for part in (*passage.section, passage.title)}
    found: list[Unit] = []
    for start, end in joined(passage.text, _sentences(passage.text), _MAX_LIST):
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


def _stands_alone(text: str, headings: set[str]) -> bool:
    if any(_plain(text) in heading for heading in headings):
        return False
    if _RECORD.search(text):
        return True
    size = len(text.split())
    if size < _MIN_WORDS or _ASKS.search(text):  # what asks says nothing
        return False
    looks_like_heading = bool(_DIVISION.match(text)) or (size <= _LONG_HEADING and not _MARKER.match(text))
    return bool(_FINAL.search(text)) or not looks_like_heading


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:")
