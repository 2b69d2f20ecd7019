"""Writes an XML tree into an outline in document order, so that no text is lost and nothing is glued together.

A reader subclasses :class:`Flow`, names the elements that break lines or are left out, and handles those that open
sections. All other elements are inline: their text runs on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from typing import ClassVar, Final

from lxml import etree

from domain.documents import Locator
from ingestion.outline import Outline
from ingestion.xml_tree import children, local_name

CELL_SEPARATOR: Final = " | "
_SOFT_HYPHEN: Final = "\u00ad"
_UNIT: Final = re.compile(r"\b(?:m|ft|in|cm|mm|km|yd|mi|s)$")
_CLOSING: Final = re.compile(r"[.,;:)\]”’]+")  # ends the line before, as after a quoted block
_DIGITS: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def clean(text: str) -> str:
    """Collapse white space and drop soft hyphens, which break words only in print."""
    return " ".join(text.replace(_SOFT_HYPHEN, "").split())


def bare_number(text: str) -> str:
    """Return the number alone: "(b)", "1.", "§ 5.", "Article 17" and "b)" become "b", "1", "5", "17" and "b"."""
    words = clean(text).strip('()[].:—–-“”"‘’ ').split()
    return words[-1].strip('()[].:—–-“”"‘’§') if words else ""


def iso_date(text: str | None) -> Date | None:
    """Read a date written as 2018-05-25 or 20180525, with or without a time behind it; ``None`` for anything else."""
    found = _DIGITS.match((text or "").strip())
    try:
        return Date.fromisoformat(found.group()) if found else None
    except ValueError:
        return None


class Flow:
    """Walks elements and writes their text: a line per block, notes at the end of the section that they belong to."""

    skipped: ClassVar[frozenset[str]] = frozenset()
    blocks: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self.outline = Outline()
        self.handlers: Mapping[str, Callable[[etree._Element], None]] = {}
        self._line: list[str] = []
        self._notes: list[list[str]] = [[]]
        self._heading_levels: list[list[int]] = [[]]
        self._captures = 0
        self.run_in = False

    def walk(self, element: etree._Element) -> None:
        """Write everything inside the element."""
        self.write(element.text)
        for child in element:
            self.enter(child)
            self.write(child.tail)

    def enter(self, element: etree._Element) -> None:
        """Write one element as its name demands."""
        name = local_name(element)
        handler = self.handlers.get(name)
        if handler is not None:
            handler(element)
        elif name in self.skipped:
            self.write(" ")
        elif name in self.blocks:
            self.block(element)
        else:
            self.walk(element)

    def block(self, element: etree._Element) -> None:
        """Write an element on lines of its own, or behind the number that waits for it (``run_in``)."""
        if not self.run_in:
            self.end_line()
        self.walk(element)
        self.end_line()

    def write(self, text: str | None) -> None:
        """Continue the line."""
        if text:
            self._line.append(text)
            self.run_in = self.run_in and text.isspace()

    def end_line(self) -> None:
        """End the line, if anything is on it."""
        self.run_in = False
        if self._captures:
            self._line.append(" ")
            return
        line = clean("".join(self._line))
        self._line.clear()
        if line:
            self.outline.add(line, separator="" if _CLOSING.fullmatch(line) else "\n")

    def captured(self, write: Callable[[], None]) -> str:
        """Return what ``write`` would have written, as one line; sections cannot open meanwhile."""
        outside, run_in = self._line, self.run_in
        self._line = []
        self._captures += 1
        try:
            write()
            return clean("".join(self._line))
        finally:
            self._captures -= 1
            self._line, self.run_in = outside, run_in

    @property
    def capturing(self) -> bool:
        """Say whether text is being captured, so that no section may open."""
        return self._captures > 0

    def text_of(self, element: etree._Element | None) -> str:
        """Return the element's text as it would be written."""
        return "" if element is None else self.captured(lambda: self.walk(element))

    def note(self, text: str) -> None:
        """Keep a note for the end of the innermost open section."""
        text = clean(text)
        if text:
            self._notes[-1].append(text)

    def superscript(self, element: etree._Element) -> None:
        """Write raised text: "10^2", "m2" and "1st" as such, anything else as a mark in brackets."""
        text = self.text_of(element)
        before = "".join(self._line[-2:])
        if before[-1:].isdigit():
            self.write(f"^{text}" if text.isdigit() else text)
        else:
            self.write(text if not text or _UNIT.search(before) else f" [{text.strip('()[]')}]")

    def open(
        self,
        label: str,
        *,
        kind: str,
        citation: str | None = None,
        element: str | None = None,
        heading: str = "",
        date: Date | None = None,
    ) -> None:
        """Open a section; ``heading`` is written as its first line."""
        self.end_line()
        locator = Locator(citation=citation, element=element)
        self.outline.open(clean(label) or kind, kind=kind, heading=clean(heading), locator=locator, date=date)
        self._notes.append([])

    def close(self) -> None:
        """Close the innermost section, its notes first."""
        self.end_notes()
        self._notes.pop()
        self.outline.close()

    def heading(self, label: str, level: int, *, kind: str = "heading", citation: str | None = None) -> None:
        """Open a section for a heading of running text, closing those as deep as ``level`` or deeper."""
        self._close_headings(level)
        self.open(label, kind=kind, citation=citation)
        self._heading_levels[-1].append(level)

    def running_text(self, element: etree._Element) -> None:
        """Write an element whose headings open sections, and close them at its end."""
        self._heading_levels.append([])
        self.walk(element)
        self._close_headings()
        self._heading_levels.pop()

    def _close_headings(self, level: int = 0) -> None:
        self.end_line()
        while self._heading_levels[-1] and self._heading_levels[-1][-1] >= level:
            self._heading_levels[-1].pop()
            self.close()

    def end_notes(self) -> None:
        """Write the notes kept so far."""
        self.end_line()
        for text in self._notes[-1]:
            self.outline.add(text)
        self._notes[-1].clear()

    def table(self, header: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> None:
        """Write a table, one line a row; without a header row the first row is it, if there is more than one."""
        lines = [[line for row in rows if (line := CELL_SEPARATOR.join(row)).strip(" |")] for rows in (header, body)]
        if self.capturing:
            self.write(" " + " ".join(lines[0] + lines[1]) + " ")
            return
        self.end_line()
        if not lines[0] and len(lines[1]) > 1:
            lines = [lines[1][:1], lines[1][1:]]
        self.outline.table("\n".join(lines[0]), lines[1])

    def html_table(self, element: etree._Element) -> None:
        """Write an XHTML table with its caption before and its foot after it."""
        self.end_line()
        header: list[list[str]] = []
        body: list[list[str]] = []
        foot: list[list[str]] = []
        for part in element.iterdescendants():
            name = local_name(part).lower()
            if (
                next((above for above in part.iterancestors() if local_name(above).lower() == "table"), None)
                is not element
            ):
                continue
            if name == "caption":
                self.block(part)
            elif name == "tr":
                group = local_name(parent).lower() if (parent := part.getparent()) is not None else ""
                cells = [cell for cell in children(part) if local_name(cell).lower() in {"td", "th"}]
                headed = not body and all(local_name(cell).lower() == "th" for cell in cells)
                rows = header if group == "thead" or (headed and cells) else foot if group == "tfoot" else body
                rows.append([self.text_of(cell) for cell in cells])
        self.table(header, [*body, *foot])
