"""Reads PDF: words in reading order with their boxes, headings as sections, scans through text recognition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from domain.documents import Anchor, Locator, Reading, Section
from domain.errors import DocumentError
from domain.layout import anchors_within
from ingestion.legal_text import regulation_sections
from ingestion.limits import Limits
from ingestion.names import title_from
from ingestion.outline import Outline
from ingestion.pdf.extraction import opened, pages_of, render, title_of
from ingestion.pdf.fragments import without_fragments
from ingestion.pdf.furniture import without_furniture
from ingestion.pdf.headings import Block, with_headings
from ingestion.pdf.ocr import is_available, recognise
from ingestion.pdf.page import Line, Page
from ingestion.pdf.paragraphs import paragraphs

_MEDIA_TYPE: Final = "application/pdf"
_HEADER_WITHIN: Final = 1_024  # bytes; readers in the field accept as much before the header
_NO_TITLE: Final = re.compile(
    r"untitled|(microsoft (word|powerpoint|excel) - .*)|.*\.(docx?|pdf|tex|dvi|indd)", re.IGNORECASE
)
_BARE_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class PdfReader:
    """Reads PDF, one anchor a word. Encrypted files open only with the empty user password."""

    limits: Limits = field(default_factory=Limits)
    name: str = "pdf"
    media_types: tuple[str, ...] = (_MEDIA_TYPE,)
    suffixes: tuple[str, ...] = (".pdf",)

    def within(self, limits: Limits) -> PdfReader:
        """Return this reader with other limits."""
        return replace(self, limits=limits)

    def sniff(self, content: bytes, name: str) -> float:
        """Look for the header, which may follow some junk."""
        if content.startswith(b"%PDF-"):
            return 1.0
        return 0.8 if b"%PDF-" in content[:_HEADER_WITHIN] and name.lower().endswith(".pdf") else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        """Read all pages. Raises document.encrypted, .malformed, .needs_ocr and .too_large."""
        with opened(content) as document:
            count = len(document)
            if count > self.limits.max_pages:
                raise DocumentError("document.too_large", f"{count} pages, limit {self.limits.max_pages}")
            pages, unread = _with_scans(document, self._pages(document))
            stated = title_of(document)
        metadata = {"pages": str(count)}
        if unread:
            metadata["pages_without_text"] = ",".join(str(number) for number in unread)
        blocks = with_headings(paragraphs(without_furniture(pages)))
        outline = Outline()
        _write(outline, blocks)
        title = _title(stated, blocks) or title_from(name)
        reading = outline.finish(media_type=_MEDIA_TYPE, title=title, metadata=metadata)
        legal = regulation_sections(reading.text)
        return replace(reading, sections=_with_pages(legal or reading.sections, reading.anchors))

    def _pages(self, document: Any) -> list[Page]:
        pages: list[Page] = []
        characters = 0
        for page in pages_of(document):
            characters += sum(len(word.text) for line in page.lines for word in line.words)
            if characters > self.limits.max_characters:
                raise DocumentError("document.too_large", f"over {self.limits.max_characters} characters")
            pages.append(without_fragments(page))
        return pages


def _with_scans(document: Any, pages: Sequence[Page]) -> tuple[list[Page], list[int]]:
    """Return pages with the text of scans recognised, and the numbers of the pages whose text stays unknown."""
    scans = [page for page in pages if page.scan]
    if scans and not is_available() and all(page.scan or not page.lines for page in pages):
        raise DocumentError("document.needs_ocr", f"{len(scans)} pages")
    read = {page.number: _recognised(document, page) for page in scans} if is_available() else {}
    unread = [page.number for page in scans if not read.get(page.number)]
    return [replace(page, lines=read.get(page.number) or page.lines) for page in pages], unread


def _recognised(document: Any, page: Page) -> tuple[Line, ...]:
    image = render(document, page.number - 1)
    return recognise(*image, page.number) if image else ()


def _write(outline: Outline, blocks: Sequence[Block]) -> None:
    """Write blocks below their headings, or below their pages where the document has no headings."""
    headed = any(block.level for block in blocks)
    known = _vocabulary(blocks)
    page = 0
    for block in blocks:
        text, spans = _joined(block.lines, known)
        locator = Locator(page=block.page)
        if block.level:
            outline.close_to(min(block.level - 1, outline.depth))
            outline.open(text, kind="heading", locator=locator)
            start = outline.size - len(text)
        else:
            if not headed and block.page != page:
                page = block.page
                outline.close_to(0)
                outline.open(f"Page {page}", kind="page", heading="", locator=locator)
            start, _ = outline.add(text)
        for anchor in spans:
            outline.anchor(Anchor(start=start + anchor.start, end=start + anchor.end, box=anchor.box))


def _vocabulary(blocks: Sequence[Block]) -> Counter[str]:
    words: Counter[str] = Counter()
    for block in blocks:
        for line in block.lines:
            words.update(match[0].lower() for word in line.words for match in _BARE_WORD.finditer(word.text))
    return words


def _joined(lines: Sequence[Line], known: Counter[str]) -> tuple[str, list[Anchor]]:
    """Return lines as one text and where its words are drawn; a word cut by a hyphen is made whole again."""
    parts: list[str] = []
    spans: list[Anchor] = []
    size = 0
    glue = ""
    for line, following in zip(lines, (*lines[1:], None), strict=True):
        for index, word in enumerate(line.words):
            parts.append(glue)
            size += len(glue)
            text, glue = word.text, " "
            if index == len(line.words) - 1 and following and text.endswith("-"):
                text, glue = _unhyphenated(line, following, known)
            parts.append(text)
            if text:
                spans.append(Anchor(start=size, end=size + len(text), box=word.box))
            size += len(text)
    return "".join(parts), spans


def _unhyphenated(line: Line, following: Line, known: Counter[str]) -> tuple[str, str]:
    """Return the last word of a line that ends with a hyphen and what joins it to the next word.

    The hyphen goes when the whole word stands elsewhere in the document; otherwise it may belong to the word
    ("long-term") and stays, without a space.
    """
    head, tail = line.words[-1].text[:-1], following.words[0].text
    if not head or not head[-1].isalnum() or not tail[:1].isalnum():
        return line.words[-1].text, " "
    first, second = _BARE_WORD.findall(head), _BARE_WORD.match(tail)
    whole = bool(first and second and second[0].islower() and known[(first[-1] + second[0]).lower()])
    return (head if whole else line.words[-1].text), ""


def _title(stated: str, blocks: Sequence[Block]) -> str:
    """Return the stated title, or the largest text of the first page that has any."""
    if stated and not _NO_TITLE.fullmatch(stated):
        return stated
    first = [block for block in blocks if block.page == blocks[0].page]
    largest = max((block.lines[0].size for block in first), default=0.0)
    found = next((block for block in first if block.lines[0].size == largest), None)
    return _joined(found.lines, Counter())[0][:200] if found else ""


def _with_pages(sections: Sequence[Section], anchors: Sequence[Anchor]) -> tuple[Section, ...]:
    """Return sections with the page on which each starts."""
    return tuple(
        section if section.locator.page else replace(section, locator=_on_page(section, anchors))
        for section in sections
    )


def _on_page(section: Section, anchors: Sequence[Anchor]) -> Locator:
    within = anchors_within(anchors, section.start, max(section.end, section.start + 1))
    return replace(section.locator, page=within[0].box.page if within else 1)
