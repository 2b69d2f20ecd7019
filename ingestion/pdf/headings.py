"""Finds headings by size, weight, numbering and capitals, and ranks them into levels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingestion.pdf.page import Line
from ingestion.pdf.paragraphs import follows, is_row

_LARGER: Final = 1.12
_MOST_WORDS: Final = 40
_MOST_PLAIN_WORDS: Final = 12
_ABBREVIATION: Final = 3  # letters: "BMI" on a line of its own is no heading
_MOST_LEVELS: Final = 6
_MOST_SHARE: Final = 0.5
_LEADERS: Final = re.compile(r"(\. ?){4,}|…{2,}|_{4,}")
_LETTERS: Final = re.compile(r"[^\W\d_].*[^\W\d_]")
_NAMED: Final = re.compile(
    r"(§|article|artikel|section|chapter|part|subpart|annex|schedule|appendix|title|abschnitt|kapitel)\s"
    r"[\dIVXLCA-Z]+(\.\d+)*\b",
    re.IGNORECASE,
)
_DECIMAL: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s+[^\W\d_]")

_Style = tuple[float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or a heading when ``level`` is set (1 is the highest)."""

    lines: tuple[Line, ...]
    level: int | None = None

    @property
    def page(self) -> int:
        """Return the page on which it starts."""
        return self.lines[0].page


def with_headings(blocks: Sequence[Sequence[Line]]) -> list[Block]:
    """Return blocks with their levels; no level at all where headings would make up most of the text."""
    body = _body_size(blocks)
    styles = [_style(block, body) for block in blocks]
    words = [sum(len(line.words) for line in block) for block in blocks]
    of_headings = sum(count for count, style in zip(words, styles, strict=True) if style)
    if of_headings > _MOST_SHARE * sum(words):
        return [Block(lines=tuple(block)) for block in blocks]
    ranks = {style: rank for rank, style in enumerate(sorted({s for s in styles if s}, reverse=True), start=1)}
    found: list[Block] = []
    previous: _Style | None = None
    for block, style in zip(blocks, styles, strict=True):
        if style and style == previous and _continues(found[-1], block):
            found[-1] = Block(lines=(*found[-1].lines, *block), level=found[-1].level)
        else:
            found.append(Block(lines=tuple(block), level=_level(ranks[style], block) if style else None))
        previous = style
    return found


def _body_size(blocks: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for block in blocks:
        for line in block:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _style(block: Sequence[Line], body: float) -> _Style | None:
    """Return what ranks a heading (larger first, then bold, capitals and numbered ones), or nothing."""
    text = " ".join(line.text for line in block)
    if text.count(" ") >= _MOST_WORDS or not _LETTERS.search(text) or _LEADERS.search(text) or is_row(block[0]):
        return None
    size = block[0].size
    if body and size >= _LARGER * body:
        return (size, 3)
    if size < body / _LARGER:
        return None
    if all(line.bold for line in block):
        return (body, 2)
    return _plain_style(text, body) if len(block) == 1 else None


def _plain_style(text: str, body: float) -> _Style | None:
    """Rank a line that is set like the text below it: capitals, or a number that names a division."""
    if text.count(" ") >= _MOST_PLAIN_WORDS or text.endswith((",", ";", ":", ".")):
        return None
    if text.isupper() and sum(character.isalpha() for character in text) > _ABBREVIATION:
        return (body, 1)
    return (body, 0) if _NAMED.match(text) or _DECIMAL.match(text) else None


def _level(rank: int, block: Sequence[Line]) -> int:
    """Return the level: its rank, and one more for each dot of a decimal number."""
    number = _DECIMAL.match(block[0].text)
    return min(_MOST_LEVELS, rank + (number[1].count(".") if number else 0))


def _continues(heading: Block, block: Sequence[Line]) -> bool:
    """Say whether a heading runs on: the next line close below, without a number of its own."""
    last, line = heading.lines[-1], block[0]
    if not follows(last, line) or _NAMED.match(line.text) or _DECIMAL.match(line.text):
        return False
    words = sum(len(each.words) for each in (*heading.lines, *block))
    return words <= _MOST_WORDS and line.top - last.top < 1.6 * max(last.height, 1.0)
