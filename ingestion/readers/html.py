"""Reads HTML and XHTML: what a person sees, headings as sections, tables row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from lxml import etree

from domain.documents import Reading
from ingestion.block_writer import BlockWriter
from ingestion.decoding import looks_like_text
from ingestion.html_tree import parse_html, table_rows, with_plain_blocks, without_hidden
from ingestion.names import title_from
from ingestion.readers.unstructured_elements import html_elements

# possessive: what once matched is never tried another way, or a page of comments would take for ever
_START: Final = re.compile(
    rb"(?:\s++|<\?xml[^>]*+>|<!--(?:(?!-->).)*+-->)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_META: Final = {
    "author": "author", "dc.creator": "author", "dcterms.creator": "author",
    "dcterms.created": "created", "dc.date": "created", "date": "created", "article:published_time": "created",
    "dcterms.modified": "modified", "last-modified": "modified", "article:modified_time": "modified",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HtmlReader:
    """Reads HTML. Scripts never run, nothing is fetched, hidden text is left out."""

    name: str = "html"
    media_types: tuple[str, ...] = ("text/html", "application/xhtml+xml")
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def sniff(self, content: bytes, name: str) -> float:
        """Look for the beginning of a page; believe the suffix where it is text at all."""
        head = content[: 64 * 1024].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
        if _START.match(head):
            return 0.9
        return 0.5 if PurePath(name).suffix.lower() in self.suffixes and looks_like_text(content) else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        """Read a page. Raises document.malformed and, for elements nested too deep, document.bomb."""
        root = parse_html(content)
        title = " ".join("".join(map(str, part.itertext())) for part in root.iter("title"))
        metadata = _metadata(root)
        without_hidden(root)
        with_plain_blocks(root)
        writer = BlockWriter()
        for element in html_elements(etree.tostring(root, encoding="unicode", method="html")):
            if element.kind == "heading":
                writer.heading(element.level, element.text)
            elif element.kind == "table":
                caption, rows, has_header = table_rows(element.html)
                writer.paragraph(caption)
                writer.table(rows, has_header=has_header)
            else:
                writer.paragraph(element.text)
        return writer.outline.finish(
            media_type="text/html",
            title=title.strip() or writer.first_heading or title_from(name),
            language=metadata.get("language"),
            metadata=metadata,
        )


def _metadata(root: etree._Element) -> dict[str, str]:
    found = {"language": root.get("lang") or ""}
    for meta in root.iter("meta"):
        key = _META.get((meta.get("name") or meta.get("property") or meta.get("http-equiv") or "").lower())
        if key:
            found.setdefault(key, meta.get("content") or "")
    return {key: " ".join(value.split()) for key, value in found.items() if value.strip()}
