"""Reads Word documents: headings by outline level, numbers as Word shows them, tables, notes and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from domain.documents import Reading, Section
from ingestion.block_writer import BlockWriter
from ingestion.names import title_from
from ingestion.office_package import OfficePackage, sniff_package
from ingestion.text_structure import visible_sections
from ingestion.word_numbering import Numbering, attribute, numbering_of, value_of
from ingestion.word_text import (
    blocks,
    child_or,
    level_in,
    paragraph_text,
    states_header,
    table_cells,
    text_boxes,
)
from ingestion.xml_tree import children, local_name

_HEADING_NAME: Final = re.compile(r"heading ([1-9])", re.IGNORECASE)
_BODY_LEVEL: Final = 9
_NOTES: Final = (("footnotes", "Footnotes", "Footnote"), ("endnotes", "Endnotes", "Endnote"))


@dataclass(frozen=True, slots=True)
class DocxReader:
    """Reads Word documents with changes accepted; headers, footers, macros and embedded files are left out.

    The parts are read directly because partitioning loses what law rests on: inserted text, content controls, outline
    levels of own styles and the numbers of clauses.
    """

    name: str = "docx"
    media_types: tuple[str, ...] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-word.document.macroEnabled.12",
    )
    suffixes: tuple[str, ...] = (".docx", ".docm", ".dotx")

    def sniff(self, content: bytes, name: str) -> float:
        """Look for the main part among the names of the package."""
        return sniff_package(content, name, part="word/document.xml", suffixes=self.suffixes)

    def read(self, content: bytes, name: str) -> Reading:
        """Read the document. Raises document.encrypted, .bomb, .hostile and .malformed."""
        package = OfficePackage(content)
        main, root = package.main_part("document")
        styles = _styles(package.related(main, "styles"))
        body = _Body(styles, numbering_of(package.related(main, "numbering")))
        body.write(child_or(root, "body"))
        writer = body.writer
        size, headed = writer.outline.size, bool(writer.first_heading)
        _write_notes(writer, package, main)
        metadata = package.properties()
        title = metadata.pop("title", "") or body.title or writer.first_heading or title_from(name)
        reading = writer.outline.finish(
            media_type=self.media_types[0], title=title, language=metadata.get("language"), metadata=metadata
        )
        return reading if headed else replace(reading, sections=_with_visible(reading, size))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """A paragraph style with what it inherits: outline level from 0, list number and level."""

    name: str = ""
    level: int | None = None
    number: str = ""
    depth: str = ""


class _Body:
    """Writes the blocks of the main part in order."""

    def __init__(self, styles: Mapping[str, _Style], numbering: Numbering) -> None:
        self.writer = BlockWriter()
        self.title = ""
        self._styles = styles
        self._numbering = numbering

    def write(self, container: etree._Element) -> None:
        for block in blocks(container, "p", "tbl"):
            if local_name(block) == "p":
                self._write_paragraph(block)
            else:
                self._write_table(block)

    def _write_paragraph(self, paragraph: etree._Element) -> None:
        properties = child_or(paragraph, "pPr")
        name = value_of(properties, "pStyle")
        style = self._styles.get(name, _Style())
        text = paragraph_text(paragraph)
        if text:
            label = self._label(properties, name, style)
            text = f"{label} {text}" if label else text
            stated = level_in(properties)
            level = style.level if stated is None else stated
            if style.name.lower() == "title":
                self.title = self.title or " ".join(text.split())
            if level is not None and level < _BODY_LEVEL:
                self.writer.heading(level + 1, text)
            else:
                self.writer.paragraph(text)
        for box in text_boxes(paragraph):
            self.write(box)

    def _label(self, properties: etree._Element, name: str, style: _Style) -> str:
        own = value_of(properties, "numPr", "numId")
        number = own or style.number
        depth = value_of(properties, "numPr", "ilvl") or ("" if own else style.depth)
        if not number or number == "0":
            return ""
        return self._numbering.next(
            number, int(depth) if depth.isdigit() else self._numbering.level_of_style(number, name)
        )

    def _write_table(self, table: etree._Element) -> None:
        rows = list(blocks(table, "tr"))
        if all(len(list(blocks(row, "tc"))) <= 1 for row in rows):
            for row in rows:
                for cell in blocks(row, "tc"):
                    self.write(cell)
        else:
            self.writer.table(table_cells(table), has_header=states_header(table))


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    elements = (
        {attribute(element, "styleId"): element for element in children(root, "style")} if root is not None else {}
    )
    return {name: _style(name, elements) for name in elements}


def _style(name: str, elements: Mapping[str, etree._Element]) -> _Style:
    own = value_of(elements[name], "name")
    level: int | None = None
    number = depth = ""
    seen: set[str] = set()
    while name in elements and name not in seen:
        seen.add(name)
        element = elements[name]
        properties = child_or(element, "pPr")
        heading = _HEADING_NAME.fullmatch(value_of(element, "name"))
        if level is None:
            stated = level_in(properties)
            level = int(heading[1]) - 1 if stated is None and heading else stated
        if not number:
            number, depth = value_of(properties, "numPr", "numId"), value_of(properties, "numPr", "ilvl")
        name = value_of(element, "basedOn")
    return _Style(name=own, level=level, number=number, depth=depth)


def _write_notes(writer: BlockWriter, package: OfficePackage, main: str) -> None:
    """Write footnotes, endnotes and comments as sections of their own."""
    for kind, label, word in _NOTES:
        root = package.related(main, kind)
        notes = [note for note in children(root) if not attribute(note, "type")] if root is not None else []
        texts = [text for note in notes if (text := _note_text(note))]
        if texts:
            writer.section(label, kind="notes")
        for number, text in enumerate(texts, start=1):
            writer.paragraph(f"{word} {number}: {text}")
    root = package.related(main, "comments")
    comments = [(attribute(note, "author"), _note_text(note)) for note in children(root)] if root is not None else []
    if any(text for _, text in comments):
        writer.section("Comments", kind="comments")
    for author, text in comments:
        writer.paragraph(f"{author}: {text}" if author and text else text)


def _note_text(note: etree._Element) -> str:
    return " ".join(text for block in blocks(note, "p") if (text := paragraph_text(block)))


def _with_visible(reading: Reading, size: int) -> tuple[Section, ...]:
    """Return the sections that the first ``size`` characters show, in front of those that the reading has."""
    shown = visible_sections(reading.text[:size])
    return (reading.sections[0], *shown[1:], *reading.sections[1:])
