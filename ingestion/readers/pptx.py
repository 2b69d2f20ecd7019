"""Reads presentations: a section for each slide with its title, text, tables, diagrams and speaker notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from domain.documents import Reading
from ingestion.block_writer import BlockWriter
from ingestion.names import title_from
from ingestion.office_package import OfficePackage, sniff_package
from ingestion.word_numbering import attribute
from ingestion.xml_tree import child, children, descendant, local_name

_TITLES: Final = ("title", "ctrTitle")
_FURNITURE: Final = ("dt", "ftr", "sldNum", "hdr", "sldImg")
_FALSE: Final = ("0", "false")
_TEXT_OF: Final = {"br": "\n", "tab": "\t"}


@dataclass(frozen=True, slots=True)
class PptxReader:
    """Reads presentations; dates, footers, numbers of slides, macros and media are left out.

    The parts are read directly because partitioning tells neither the title of a slide nor its notes from its text.
    """

    name: str = "pptx"
    media_types: tuple[str, ...] = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    )
    suffixes: tuple[str, ...] = (".pptx", ".pptm", ".ppsx")

    def sniff(self, content: bytes, name: str) -> float:
        """Look for the main part among the names of the package."""
        return sniff_package(content, name, part="ppt/presentation.xml", suffixes=self.suffixes)

    def read(self, content: bytes, name: str) -> Reading:
        """Read all slides. Raises document.encrypted, .bomb, .hostile and .malformed."""
        package = OfficePackage(content)
        main, root = package.main_part("presentation")
        targets = {relation.id: relation.target for relation in package.relations(main)}
        ids = [_relation_of(slide) for slide in root.iter() if local_name(slide) == "sldId"]
        writer = BlockWriter()
        hidden = []
        title = ""
        for number, part in enumerate((targets[id_] for id_ in ids if id_ in targets), start=1):
            slide = _Slide(package, part)
            title = title or slide.title
            slide.write(writer, number)
            if slide.is_hidden:
                hidden.append(str(number))
        metadata = package.properties()
        stated = metadata.pop("title", "")
        if hidden:
            metadata["hidden_slides"] = ",".join(hidden)
        return writer.outline.finish(
            media_type=self.media_types[0],
            title=stated or title or title_from(name),
            language=metadata.get("language"),
            metadata=metadata,
        )


class _Slide:
    """One slide with its parts."""

    def __init__(self, package: OfficePackage, part: str) -> None:
        self._package = package
        self._part = part
        root = package.xml(part)
        self.is_hidden = root.get("show", "1") in _FALSE
        self._shapes = list(_shapes(root))
        titles = [shape for shape in self._shapes if _placeholder(shape) in _TITLES]
        self.title = " ".join(" ".join(_paragraphs(shape)) for shape in titles[:1])
        self._rest = [shape for shape in self._shapes if shape not in titles[:1]]

    def write(self, writer: BlockWriter, number: int) -> None:
        """Write the slide as a section; its number is the page of its locator."""
        label = " ".join(f"Slide {number} {self.title}".split())
        writer.section(label, kind="slide", heading=" ".join(self.title.split()), page=number)
        for shape in self._rest:
            table = descendant(shape, "tbl")
            if table is not None:
                writer.table(_cells(table), has_header=_states_header(table))
            elif _placeholder(shape) not in _FURNITURE:
                for text in (*_paragraphs(shape), *self._diagram(shape)):
                    writer.paragraph(text)
        notes = self._package.related(self._part, "notesSlide")
        texts = [text for shape in _shapes(notes) if _placeholder(shape) == "body" for text in _paragraphs(shape)]
        if texts:
            writer.outline.open("Notes", kind="notes")
        for text in texts:
            writer.paragraph(text)

    def _diagram(self, shape: etree._Element) -> Iterator[str]:
        """Yield the text of a SmartArt diagram, which stands in a part of its own."""
        link = descendant(shape, "relIds")
        if link is None:
            return
        wanted = attribute(link, "dm")
        for relation in self._package.relations(self._part):
            if relation.id == wanted:
                yield from _paragraphs(self._package.xml(relation.target))


def _relation_of(element: etree._Element) -> str:
    """Return the relationship that an element refers to; its own ``id`` has no namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _shapes(root: etree._Element | None) -> Iterator[etree._Element]:
    """Yield shapes and frames in reading order, groups opened, alternatives taken once."""
    for element in children(root) if root is not None else ():
        name = local_name(element)
        if name in ("sp", "graphicFrame", "cxnSp"):
            yield element
        elif name in ("cSld", "spTree", "grpSp", "AlternateContent", "Choice"):
            yield from _shapes(element)


def _placeholder(shape: etree._Element) -> str:
    """Return the type of a placeholder, "" for other shapes; a placeholder without a type is of type "obj"."""
    found = descendant(shape, "ph")
    return "" if found is None else found.get("type", "obj")


def _paragraphs(element: etree._Element) -> Iterator[str]:
    for paragraph in (below for below in element.iter() if local_name(below) == "p"):
        text = "".join(_pieces(paragraph)).strip()
        if text:
            yield text


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    for part in paragraph.iterdescendants():
        name = local_name(part)
        if name == "t":
            yield part.text or ""
        elif name in _TEXT_OF:
            yield _TEXT_OF[name]


def _cells(table: etree._Element) -> list[list[str]]:
    return [
        [" ".join(_paragraphs(cell)) for cell in children(row, "tc")]
        for row in children(table, "tr")
    ]  # fmt: skip


def _states_header(table: etree._Element) -> bool | None:
    properties = child(table, "tblPr")
    return None if properties is None else properties.get("firstRow", "0") not in _FALSE
