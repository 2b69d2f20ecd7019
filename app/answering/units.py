"""Cuts a passage into units that can be quoted alone: sentences, record lines, table rows and whole lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policies.sentences import split

from domain.documents import Passage

_MARKER: Final = re.compile(r"\s*(?:\(?[0-9a-zA-Z]{1,4}[).]|[-•*–▪◦])\s")
_OPEN_END: Final = re.compile(r"(?:[:;,]|[;,]\s*(?:and|or))\s*$")
_RECORD: Final = re.compile(r"^[^:|\t]{1,120}: \S|\||\t")
_DIVISION: Final = re.compile(
    r"^(?:article|section|chapter|part|title|annex|recital|subpart|§)\s*[\dIVXLC]", re.IGNORECASE
)
_FINAL: Final = re.compile(r"[.!?;:,%\d][)\]”\"’']*$")
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
    for start, end in _joined(passage.text, split(passage.text)):
        text = " ".join(passage.text[start:end].split())
        if _stands_alone(text, headings):
            found.append(Unit(text=text, start=start))
    return found


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a lead-in that ends with a colon with the items after it, as long as the whole stays readable."""
    joined: list[tuple[int, int]] = []
    index = 0
    while index < len(spans):
        start, end = spans[index]
        index += 1
        if text[start:end].rstrip().endswith(":"):
            while index < len(spans) and spans[index][1] - start <= _MAX_LIST:
                previous, following = text[start:end], text[spans[index][0] : spans[index][1]]
                if not (_OPEN_END.search(previous) or _MARKER.match(following)):
                    break
                end = spans[index][1]
                index += 1
        joined.append((start, end))
    return joined


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
