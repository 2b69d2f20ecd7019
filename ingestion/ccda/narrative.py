"""Writes a section's narrative block (text, lists, tables) into an outline; deleted revisions are left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ingestion.outline import Outline
from ingestion.xml_tree import child, children, local_name

_CELL_MARK: Final = " | "
_BLOCKS: Final = frozenset({"paragraph", "list", "table", "caption", "item", "tr", "br", "footnote"})
_WIDEST: Final = 64


def write_narrative(outline: Outline, text: etree._Element) -> None:
    """Add the blocks of a narrative in reading order."""
    for block in _blocks(text):
        if isinstance(block, str):
            outline.add(block)
        else:
            _write_table(outline, block)


def _blocks(element: etree._Element) -> Iterator[str | etree._Element]:
    """Yield lines of text, and tables as elements."""
    inline: list[str] = [element.text or ""]
    for inner in children(element):
        name = local_name(inner)
        if inner.get("revised") == "delete":
            inline.append(inner.tail or "")
        elif name in _BLOCKS or _holds_blocks(inner):
            yield from _line(inline)
            if name == "table":
                yield inner
            elif name == "list":
                yield from _list(inner)
            elif name != "br":
                yield from _blocks(inner)
            inline = [inner.tail or ""]
        else:
            inline += ["".join(_inline(inner)), inner.tail or ""]
    yield from _line(inline)


def _line(inline: list[str]) -> list[str]:
    text = " ".join("".join(inline).split())
    return [text] if text else []


def _list(element: etree._Element) -> Iterator[str | etree._Element]:
    caption = child(element, "caption")
    if caption is not None:
        yield from _blocks(caption)
    ordered = element.get("listType") == "ordered"
    for number, item in enumerate(children(element, "item"), start=1):
        mark = f"{number}. " if ordered else "- "
        lines = list(_blocks(item))
        if lines and isinstance(lines[0], str):
            lines[0] = mark + lines[0]
        yield from lines


def _inline(element: etree._Element) -> Iterator[str]:
    if element.get("revised") == "delete":
        return
    yield element.text or ""
    for inner in children(element):
        yield from _inline(inner)
        yield inner.tail or ""


def _holds_blocks(element: etree._Element) -> bool:
    return any(local_name(inner) in _BLOCKS for inner in element.iterdescendants())


def _write_table(outline: Outline, table: etree._Element) -> None:
    caption = child(table, "caption")
    if caption is not None:
        for line in _blocks(caption):
            if isinstance(line, str):
                outline.add(line)
    head = [row for part in children(table, "thead") for row in children(part, "tr")]
    body = [
        row
        for part in children(table)
        for row in (
            [part]
            if local_name(part) == "tr"
            else children(part, "tr")
            if local_name(part) in {"tbody", "tfoot"}
            else []
        )
    ]
    if not head and len(body) > 1 and all(local_name(cell) == "th" for cell in children(body[0])):
        head, body = body[:1], body[1:]
    headings = _rows(head)
    rows = [_CELL_MARK.join(cells).rstrip() for cells in _rows(body) if any(cells)]
    for cells in headings[:-1]:
        outline.add(_CELL_MARK.join(cells).rstrip())
    header = _CELL_MARK.join(headings[-1]).rstrip() if headings else ""
    if rows:
        outline.table(header, rows)
    else:
        outline.add(header)


def _rows(rows: list[etree._Element]) -> list[list[str]]:
    """Return the cells of each row; a cell that spans several rows stands in each of them."""
    found: list[list[str]] = []
    carried: dict[int, tuple[str, int]] = {}
    for row in rows:
        cells: list[str] = []
        for cell in children(row, "td", "th"):
            _carry(cells, carried)
            text = " ".join(line for line in _cell(cell) if line)
            span = min(int(cell.get("rowspan") or 1) if (cell.get("rowspan") or "1").isdigit() else 1, len(rows))
            width = cell.get("colspan") or "1"
            if span > 1:
                carried[len(cells)] = (text, span - 1)
            cells.append(text)
            cells.extend([""] * (min(int(width), _WIDEST) - 1 if width.isdigit() else 0))
        _carry(cells, carried)
        found.append(cells)
    return found


def _carry(cells: list[str], carried: dict[int, tuple[str, int]]) -> None:
    while len(cells) in carried:
        text, left = carried.pop(len(cells))
        if left > 1:
            carried[len(cells)] = (text, left - 1)
        cells.append(text)


def _cell(cell: etree._Element) -> Iterator[str]:
    for block in _blocks(cell):
        if isinstance(block, str):
            yield block
        else:
            for cells in _rows([row for row in block.iterdescendants() if local_name(row) == "tr"]):
                yield ", ".join(text for text in cells if text)
