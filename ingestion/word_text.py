"""Takes text out of WordprocessingML as a person sees it with all changes accepted (ECMA-376 part 1, 17)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ingestion.word_numbering import attribute, number_in, value_of
from ingestion.xml_tree import child, children, local_name

_WRITTEN: Final = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_SKIPPED: Final = frozenset(
    ["del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "Fallback", "txbxContent", "sdtPr", "rt"]
)
_WRAPPERS: Final = frozenset(
    ["sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"]
)
_FALSE: Final = ("0", "false", "off")
_FIRST_ROW: Final = 0x0020
_WIDEST_SPAN: Final = 64


def blocks(container: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the blocks (or rows, or cells) of these names, looking through content controls and insertions."""
    for element in children(container):
        name = local_name(element)
        if name in names:
            yield element
        elif name in _WRAPPERS:
            yield from blocks(element, *names)


def paragraph_text(paragraph: etree._Element) -> str:
    """Return the visible text of a paragraph: insertions kept, deletions, field codes and hidden runs left out."""
    return "".join(_pieces(paragraph)).strip()


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the contents of the text boxes that hang on a paragraph, each once."""
    for element in children(paragraph):
        name = local_name(element)
        if name == "txbxContent":
            yield element
        elif name not in _SKIPPED:
            yield from text_boxes(element)


def table_cells(table: etree._Element) -> list[list[str]]:
    """Return the cells of a table, merged ones repeated downwards and padded to the right."""
    rows: list[list[str]] = []
    for row in blocks(table, "tr"):
        properties = child(row, "trPr")
        if properties is not None and child(properties, "del") is not None:
            continue
        cells: list[str] = []
        for cell in blocks(row, "tc"):
            merge = child(child_or(cell, "tcPr"), "vMerge")
            goes_on = merge is not None and attribute(merge, "val") != "restart"
            above = rows[-1][len(cells)] if goes_on and rows and len(cells) < len(rows[-1]) else ""
            span = value_of(cell, "tcPr", "gridSpan")
            width = min(int(span), _WIDEST_SPAN) if span.isdigit() else 1
            cells += [above if goes_on else _cell_text(cell), *([""] * (width - 1))]
        rows.append(cells)
    return rows


def states_header(table: etree._Element) -> bool | None:
    """Say whether a table marks its first row as header; ``None`` where it leaves that open."""
    first = next(blocks(table, "tr"), None)
    header = None if first is None else child(child_or(first, "trPr"), "tblHeader")
    if header is not None and attribute(header, "val") not in _FALSE:
        return True
    look = child(child_or(table, "tblPr"), "tblLook")
    if look is None:
        return None
    flag, bits = attribute(look, "firstRow"), attribute(look, "val")
    try:
        is_styled = flag not in _FALSE if flag else bool(int(bits, 16) & _FIRST_ROW)
    except ValueError:
        return None
    return None if is_styled else False


def child_or(element: etree._Element, name: str) -> etree._Element:
    """Return a child, or an empty element in its place."""
    found = child(element, name)
    return etree.Element(name) if found is None else found


def level_in(properties: etree._Element) -> int | None:
    """Return the outline level that paragraph properties state, from 0; 9 is body text."""
    level = child(properties, "outlineLvl")
    return None if level is None else number_in(level, "val")


def _pieces(element: etree._Element) -> Iterator[str]:
    for part in children(element):
        name = local_name(part)
        if name == "t":
            yield "".join(map(str, part.itertext()))
        elif name in _WRITTEN:
            yield _WRITTEN[name]
        elif name == "br":
            yield "" if attribute(part, "type") == "page" else "\n"
        elif name not in _SKIPPED and not (name == "r" and _is_hidden(part)):
            yield from _pieces(part)


def _is_hidden(run: etree._Element) -> bool:
    vanish = child(child_or(run, "rPr"), "vanish")
    return vanish is not None and attribute(vanish, "val") not in _FALSE


def _cell_text(cell: etree._Element) -> str:
    parts = []
    for block in blocks(cell, "p", "tbl"):
        if local_name(block) == "p":
            parts.append(paragraph_text(block))
        else:
            parts += [text for row in table_cells(block) for text in row]
    return " ".join(part for part in parts if part)
