"""Reads disguised text: odd dashes, spaces, digits and widths, invisible characters, URL escapes, accents, capitals.

Folded text may be shorter or longer than the original, so it carries where each of its characters came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

_ESCAPES: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_LIKE: Final = {"−": "-", "’": "'", "‘": "'", "ʼ": "'", "′": "'", "´": "'"}
_BY_CATEGORY: Final = {"Cf": "", "Pd": "-", "Zs": " "}  # invisible marks, dashes, spaces of every width


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A folded text; ``starts`` and ``ends`` give the original span of each character, ``None`` where none moved."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of ``start..end`` of the folded text, which must not be empty."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Return the text with look-alikes made plain: dashes, spaces, digits, widths; invisible characters dropped."""
    if text.isascii() and "%" not in text:
        return Folded(text=text)
    return _fold(text, _plain)


def fold_deeply(text: str) -> Folded:
    """Return the text folded, without accents and in lower case, for comparing words."""
    if text.isascii() and "%" not in text:
        return Folded(text=text.lower())
    return _fold(text, _bare)


def _fold(text: str, change: Callable[[str], str]) -> Folded:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for character, start, end in _characters(text):
        changed = change(character)
        parts.append(changed)
        starts.extend([start] * len(changed))
        ends.extend([end] * len(changed))
    return Folded(text="".join(parts), starts=starts, ends=ends)


def _characters(text: str) -> Iterator[tuple[str, int, int]]:
    done = 0
    for escapes in _ESCAPES.finditer(text):
        yield from ((text[at], at, at + 1) for at in range(done, escapes.start()))
        done = escapes.end()
        decoded = bytes.fromhex(escapes.group().replace("%", "")).decode("utf-8", errors="replace")
        yield from ((character, escapes.start(), done) for character in decoded)
    yield from ((text[at], at, at + 1) for at in range(done, len(text)))


@cache
def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character in _LIKE:
        return _LIKE[character]
    category = unicodedata.category(character)
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    return str(unicodedata.decimal(character)) if category == "Nd" else unicodedata.normalize("NFKC", character)


@cache
def _bare(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _plain(character).casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
