"""Takes words with boxes out of PDF pages with pdfium, and renders the pages that have none."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from domain.documents import Box
from domain.errors import DocumentError
from ingestion.pdf.page import Line, Page, Word

_LINE_ENDS: Final = frozenset((0x0A, 0x0D))
_SPACES: Final = frozenset((0x09, 0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x3000))
_LINE_END_HYPHENS: Final = frozenset((0x02, 0xFFFE))  # pdfium writes a hyphen and the end of its line as one of these
_BOLD_WEIGHT: Final = 600
_BOLD_NAMES: Final = (b"bold", b"black", b"heavy")
_FONT_NAME: Final = ctypes.c_char * 96
_DEVICE: Final = 100  # device units a point: PageToDevice answers in whole units
_FEW_WORDS: Final = 20  # a stamp: Bates number, date received
_MANY_PATHS: Final = 100
_DPI: Final = 300
_MAX_PIXELS: Final = 16_000_000
_STATED: Final = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer")
_DEEP: Final = 15
_LEAST_DPI: Final = 70

_Map = Callable[[float, float], tuple[float, float]]


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """Open a PDF with the empty user password. Raises document.encrypted and document.malformed."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise DocumentError("document.encrypted" if locked else "document.malformed") from error
    try:
        yield document
    finally:
        document.close()


def title_of(document: Any) -> str:
    """Return the title that the metadata state, empty where there is none."""
    return " ".join(str(document.get_metadata_value("Title")).replace("\0", "").split())


def stated_in(document: Any) -> tuple[list[str], int]:
    """Return what metadata and bookmarks say, and how many files are attached."""
    said = [str(document.get_metadata_value(name)).replace("\0", "") for name in _STATED]
    said += [str(mark.get_title()) for mark in document.get_toc(max_depth=_DEEP)]
    return [text for text in said if text.strip()], int(document.count_attachments())


def contents_of(document: Any) -> Iterator[tuple[str, bool, bool]]:
    """Yield all text of every page, whether it shows pictures (or drawn letters), and notes other than links."""
    for index in range(len(document)):
        with _page(document, index) as page:
            words = page.get_textpage()
            try:
                text = str(words.get_text_range())
            finally:
                words.close()
            yield text, _has_pictures(page, empty=not text.strip()), _has_notes(page)


def _has_pictures(page: Any, *, empty: bool) -> bool:
    return any(True for _ in page.get_objects((pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEEP)) or _is_scan(
        page, empty=empty
    )


def _has_notes(page: Any) -> bool:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind != pdfium.FPDF_ANNOT_LINK:
            return True
    return False


def pages_of(document: Any) -> Iterator[Page]:
    """Yield every page with its lines. Raises document.malformed on a page that cannot be loaded."""
    for index in range(len(document)):
        with _page(document, index) as page:
            width, height = page.get_size()
            lines = tuple(_lines(page, index + 1))
            scan = sum(len(line.words) for line in lines) < _FEW_WORDS and _is_scan(page, empty=not lines)
            yield Page(number=index + 1, width=width, height=height, lines=lines, scan=scan)


def render(document: Any, index: int) -> tuple[bytes, float] | None:
    """Return a page as a grey PGM image and its resolution in dots an inch, or nothing for a page of absurd size."""
    with _page(document, index) as page:
        width, height = page.get_size()
        area = max(width * height, 1.0) / 72**2
        dpi = min(float(_DPI), math.sqrt(_MAX_PIXELS / area))
        if dpi < _LEAST_DPI:
            return None
        bitmap = page.render(scale=dpi / 72, grayscale=True)
        rows = memoryview(bitmap.buffer).cast("B")
        wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
        body = b"".join(rows[row * stride : row * stride + wide] for row in range(high))
        bitmap.close()
    return b"P5 %d %d 255\n" % (wide, high) + body, dpi


def _is_scan(page: Any, *, empty: bool) -> bool:
    """Say whether what the page shows is drawn: any image on an empty page, or one that covers it below a stamp.

    Many paths on an empty page are letters turned into outlines, or a chart; only recognition can tell.
    """
    width, height = page.get_size()
    paths = 0
    for item in page.get_objects((pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH), max_depth=3):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            if empty or (right - left) * (top - bottom) > width * height / 2:
                return True
        elif empty:
            paths += 1
            if paths >= _MANY_PATHS:
                return True
    return False


@contextmanager
def _page(document: Any, index: int) -> Iterator[Any]:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise DocumentError("document.malformed", f"page {index + 1}") from error
    try:
        yield page
    finally:
        page.close()


def _lines(page: Any, number: int) -> Iterator[Line]:
    """Yield lines in the order of the page's content, which producers keep in reading order as a rule."""
    text = page.get_textpage()
    try:
        place = _to_top_left(page)
        words: list[Word] = []
        for run in _runs(text.raw, text.count_chars()):
            word = _word(text.raw, run, number, place)
            if words and (not run or (word and _starts_line(words[-1].box, word.box))):
                yield Line(words=tuple(words))
                words = []
            if word:
                words.append(word)
        if words:
            yield Line(words=tuple(words))
    finally:
        text.close()


def _starts_line(last: Box, box: Box) -> bool:
    """Say whether a word stands on the next line, which pdfium does not always mark."""
    return box.left < last.left and box.top > last.top + (last.bottom - last.top) / 2


def _runs(text: Any, count: int) -> Iterator[list[tuple[int, int]]]:
    """Yield each word as (index, code point) pairs, and an empty list at each end of a line."""
    run: list[tuple[int, int]] = []
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in _LINE_ENDS or code in _SPACES:
            if run:
                yield run
                run = []
            if code in _LINE_ENDS:
                yield []
        elif code in _LINE_END_HYPHENS:
            yield [*run, (index, ord("-"))]
            yield []
            run = []
        elif code >= 0x20:  # noqa: PLR2004 - the first printable character
            run.append((index, code))
    if run:
        yield run


def _word(text: Any, run: list[tuple[int, int]], number: int, place: _Map) -> Word | None:
    """Return the word of a run; nothing for an empty one and for characters without a place."""
    rect = pdfium.FS_RECTF()
    corners: list[tuple[float, float]] = []
    for index, _ in run:
        if pdfium.FPDFText_GetLooseCharBox(text, index, rect):
            corners += (place(rect.left, rect.top), place(rect.right, rect.bottom))
    written = _written([code for _, code in run])
    if not corners or not written:
        return None
    box = Box(
        page=number,
        left=round(min(x for x, _ in corners), 1),
        top=round(min(y for _, y in corners), 1),
        right=round(max(x for x, _ in corners), 1),
        bottom=round(max(y for _, y in corners), 1),
    )
    size = round(2 * (box.bottom - box.top)) / 2
    return Word(text=written, box=box, size=size, bold=_bold(text, run[0][0]))


def _written(codes: list[int]) -> str:
    """Return code points as text: surrogate pairs joined, no half characters."""
    units = "".join(chr(min(code, 0x10FFFF)) for code in codes)
    if any(0xD800 <= code <= 0xDFFF for code in codes):  # noqa: PLR2004 - the range of surrogates
        units = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return units.replace("\uffff", "").replace("\u00ad", "-")


def _bold(text: Any, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT:
        return True
    name = _FONT_NAME()
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), None)
    lowered = name.value.lower()
    return any(weight in lowered for weight in _BOLD_NAMES)


def _to_top_left(page: Any) -> _Map:
    """Return the map from page space (crop box and rotation included) to points from the top left as displayed."""
    width, height = (max(1, round(side * _DEVICE)) for side in page.get_size())
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(left: float, bottom: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, left, bottom, x, y)
        return x.value / _DEVICE, y.value / _DEVICE

    reach = 1_000.0
    (zero_x, zero_y), (right_x, right_y), (up_x, up_y) = device(0, 0), device(reach, 0), device(0, reach)
    a, b = (right_x - zero_x) / reach, (up_x - zero_x) / reach
    c, d = (right_y - zero_y) / reach, (up_y - zero_y) / reach

    def place(left: float, bottom: float) -> tuple[float, float]:
        return a * left + b * bottom + zero_x, c * left + d * bottom + zero_y

    return place
