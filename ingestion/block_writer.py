"""Writes headings by level, paragraphs and tables into an outline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.documents import Locator
from ingestion.outline import Outline

CELL_MARK: Final = " | "
_FIGURE: Final = re.compile(r"[-+(]?[\d.,/ ]+[%)]?")
_LONGEST_PATH_ELEMENT: Final = 200


@dataclass(slots=True)
class BlockWriter:
    """Writes blocks in reading order; a heading closes the sections of its own level and below."""

    outline: Outline = field(default_factory=Outline)
    first_heading: str = ""
    _levels: list[int] = field(default_factory=list)
    _floor: int = 0

    def section(self, label: str, *, kind: str, heading: str | None = None, page: int | None = None) -> None:
        """Open a section below the root, closing everything else; headings that follow go below it."""
        self.outline.close_to(0)
        self._levels.clear()
        self._floor = 1
        self.outline.open(label, kind=kind, heading=heading, locator=Locator(page=page))

    def heading(self, level: int, text: str) -> None:
        """Open a section for a heading; levels count from 1 and may skip."""
        text = " ".join(text.split())
        if not text:
            return
        self.first_heading = self.first_heading or text
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self.outline.close_to(self._floor + len(self._levels))
        self.outline.open(text[:_LONGEST_PATH_ELEMENT], kind="heading", heading=text)
        self._levels.append(level)

    def paragraph(self, text: str) -> None:
        """Append a block of text; blank text adds nothing."""
        if text.strip():
            self.outline.add(text)

    def table(self, rows: Sequence[Sequence[str]], *, has_header: bool | None = None) -> None:
        """Append a table, one line a row. ``has_header`` ``None`` means that the file does not say."""
        lines = [[" ".join(cell.split()) for cell in row] for row in rows]
        lines = [line for line in lines if any(line)]
        if not lines:
            return
        headed = _looks_headed(lines) if has_header is None else has_header and len(lines) > 1
        texts = [CELL_MARK.join(line).rstrip() for line in lines]
        self.outline.table(texts[0] if headed else "", texts[1:] if headed else texts)


def _looks_headed(lines: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row of a table names its columns: all filled, no figures, at least two rows below."""
    first = lines[0]
    named = len(first) > 1 and all(first) and not any(_FIGURE.fullmatch(cell) for cell in first)
    return named and len(set(first)) == len(first) and len(lines) > 2  # noqa: PLR2004 - two rows may be anything
