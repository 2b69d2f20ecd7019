"""Puts letters that a producer drew apart from their line back to where they stand.

Editors that clip columns write the first or last letters of lines as objects of their own, after the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.documents import Box
from ingestion.pdf.page import Line, Page, Word

_LONGEST: Final = 3  # characters of a fragment
_TOUCHING: Final = 0.12  # of the height: nearer than this is the same word
_NEAR: Final = 0.4  # of the height: nearer than this is the next word
_SAME_LINE: Final = 0.25


def without_fragments(page: Page) -> Page:
    """Return the page with every fragment joined to the line that it touches; one that touches none stays."""
    if not any(_is_fragment(line) for line in page.lines):
        return page
    lines: list[Line | None] = list(page.lines)
    hosts = sorted(range(len(lines)), key=lambda index: _is_fragment(page.lines[index]))
    for index, line in enumerate(page.lines):
        here = lines[index]
        if here is None or not _is_fragment(line):
            continue
        others = [host for host in hosts if host != index]
        words = tuple(word for word in here.words if not _join(word, lines, others))
        lines[index] = replace(here, words=words) if words else None
    return replace(page, lines=tuple(line for line in lines if line))


def _is_fragment(line: Line) -> bool:
    return all(len(word.text) <= _LONGEST for word in line.words)


def _join(word: Word, lines: list[Line | None], hosts: Sequence[int]) -> bool:
    """Join a word to the line that it stands next to, in place."""
    height = max(word.box.bottom - word.box.top, 1.0)
    for index in hosts:
        line = lines[index]
        if line is None or abs(line.top - word.box.top) > _SAME_LINE * height:
            continue
        before, after = line.left - word.box.right, word.box.left - line.right
        if abs(before) < _NEAR * height:
            lines[index] = replace(line, words=_merged(word, line.words[0], before / height) + line.words[1:])
            return True
        if abs(after) < _NEAR * height:
            lines[index] = replace(line, words=line.words[:-1] + _merged(line.words[-1], word, after / height))
            return True
    return False


def _merged(first: Word, second: Word, gap: float) -> tuple[Word, ...]:
    if gap > _TOUCHING:
        return (first, second)
    return (replace(second, text=first.text + second.text, box=_around((first.box, second.box))),)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        page=boxes[0].page,
        left=min(box.left for box in boxes),
        top=min(box.top for box in boxes),
        right=max(box.right for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )
