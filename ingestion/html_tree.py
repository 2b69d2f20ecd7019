"""Parses HTML without running or fetching anything, and brings it into a shape in which no text gets lost."""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree

from domain.errors import DocumentError
from ingestion.decoding import decoded

_DECLARED: Final = re.compile(rb"""(?:<meta[^>]+charset|<\?xml[^>]+encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED_WITHIN: Final = 4_096
_XML_DECLARATION: Final = re.compile(r"\s*<\?xml.*?\?>", re.DOTALL)
_HIDDEN_STYLE: Final = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$))", re.IGNORECASE
)
_DROPPED: Final = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "canvas", "audio",
    "video", "nav", "select", "datalist", "noframes", "link", "base", "del",
)  # fmt: skip
_RENAMED: Final = {
    "form": "div", "fieldset": "div", "details": "div", "dialog": "div", "figure": "div", "main": "div",
    "summary": "p", "figcaption": "p", "legend": "p", "label": "span", "button": "span", "textarea": "p",
}  # fmt: skip
_INLINE: Final = ("abbr", "b", "big", "em", "font", "i", "small", "strike", "strong", "tt", "u")
_DEEPEST: Final = 200  # without inline elements, which sloppy pages never close; partitioning drops text below 256
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_TABLE_PARTS: Final = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")
_WIDEST_SPAN: Final = 64


def parse_html(content: bytes) -> etree._Element:
    """Return the root element of an HTML document. Raises document.malformed and, too deep to parse, document.bomb."""
    text = _XML_DECLARATION.sub("", _decoded(content).lstrip("\ufeff"), count=1)
    if not text.strip():
        return etree.Element("html")
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError("document.malformed") from error
    if root is None:
        raise DocumentError("document.malformed")
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise DocumentError("document.bomb", "elements nested too deep")
    return root


def without_hidden(root: etree._Element) -> None:
    """Remove what a reader of the page does not see: scripts, styles, hidden elements, menus."""
    hidden = [element for element in root.iter(etree.Element) if _is_hidden(element)]
    for element in hidden:
        _remove(element)


def with_plain_blocks(root: etree._Element) -> None:
    """Turn containers that partitioning would skip into plain ones, tables for layout too; make data tables square.

    Hidden elements must be gone by now. Raises document.bomb where elements nest too deep.
    """
    etree.strip_tags(root, *_INLINE)
    _check_depth(root)
    for element in list(root.iter(*_RENAMED)):
        element.tag = _RENAMED[str(element.tag)]
    for table in list(root.iter("table")):
        if _is_layout(table):
            parts = [part for part in table.iter(*_TABLE_PARTS) if next(part.iterancestors("table")) is table]
            for part in [table, *parts]:
                part.tag = "div"
        else:
            _square(table)


def table_rows(html: str) -> tuple[str, list[list[str]], bool | None]:
    """Return caption, rows and whether the first row is marked as header (``None``: nothing is) of a flat table."""
    table = etree.fromstring(html, etree.HTMLParser())
    rows = list(table.iter("tr"))
    cells = [["".join(map(str, cell.itertext())) for cell in row] for row in rows]
    caption = " ".join("".join(map(str, part.itertext())) for part in table.iter("caption"))
    marked = next(table.iter("th"), None) is not None or next(table.iter("thead"), None) is not None
    first = rows[0] if rows else None
    is_header = first is not None and (all(cell.tag == "th" for cell in first) or _parent_tag(first) == "thead")
    return caption, cells, is_header if marked else None


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise DocumentError("document.bomb", f"deeper than {_DEEPEST} elements")


def _decoded(content: bytes) -> str:
    declared = _DECLARED.search(content[:_DECLARED_WITHIN])
    if declared and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = content.decode(declared[1].decode("ascii"))
        except (LookupError, ValueError):
            return decoded(content)
        if "\0" not in text:
            return text
    return decoded(content)


def _is_hidden(element: etree._Element) -> bool:
    if element.tag in _DROPPED or element.get("hidden") is not None or element.tag in ("head", "title"):
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    return _HIDDEN_STYLE.search(element.get("style") or "") is not None


def _remove(element: etree._Element) -> None:
    """Remove an element and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _is_layout(table: etree._Element) -> bool:
    """Say whether a table only places things: it holds headings or tables, or one cell a row."""
    if (
        table.get("role") in ("presentation", "none")
        or next(table.iterdescendants("table", *_HEADINGS), None) is not None
    ):
        return True
    return all(len(list(row.iterchildren("td", "th"))) <= 1 for row in table.iter("tr"))


def _square(table: etree._Element) -> None:
    """Repeat cells that span rows and pad cells that span columns, so that every cell stands in its column."""
    below: dict[int, tuple[int, etree._Element]] = {}
    for row in table.iter("tr"):
        cells = list(row.iterchildren("td", "th"))
        for cell in cells:
            row.remove(cell)
        waiting, below = below, {}
        column = 0
        while cells or column in waiting:
            if column in waiting:
                left, cell = waiting[column]
                placed, columns = _copy(cell), 1
            else:
                cell = placed = cells.pop(0)
                left, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            row.append(placed)
            for extra in range(columns):
                if extra:
                    row.append(etree.SubElement(row, str(cell.tag)))
                if left > 1:
                    below[column + extra] = (left - 1, cell)
            column += columns


def _copy(cell: etree._Element) -> etree._Element:
    copy = etree.Element(str(cell.tag))
    copy.text = " ".join("".join(map(str, cell.itertext())).split())
    return copy


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(int(value), _WIDEST_SPAN) if value.isascii() and value.isdigit() and int(value[:4]) else 1


def _parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)
