"""Small PDF files for tests, written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import pypdfium2
from fpdf import FPDF


def blank(pages: int = 1) -> FPDF:
    pdf = FPDF(unit="pt", format="letter")
    pdf.set_auto_page_break(auto=False)
    for _ in range(pages):
        pdf.add_page()
    return pdf


def written(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def put(pdf: FPDF, x: float, y: float, text: str, *, size: float = 10, style: str = "") -> None:
    pdf.set_font("helvetica", style=style, size=size)
    pdf.text(x, y, text)


def pdf_width(text: str) -> float:
    """Return the width of a text as :func:`put` sets it."""
    pdf = blank()
    pdf.set_font("helvetica", size=10)
    return float(pdf.get_string_width(text))


def put_lines(pdf: FPDF, x: float, y: float, lines: Sequence[str], *, step: float = 12) -> None:
    for number, line in enumerate(lines):
        put(pdf, x, y + number * step, line)


def pages(write: Callable[[FPDF, int], None], count: int) -> bytes:
    pdf = FPDF(unit="pt", format="letter")
    pdf.set_auto_page_break(auto=False)
    for number in range(1, count + 1):
        pdf.add_page()
        write(pdf, number)
    return written(pdf)


def scan_of(content: bytes) -> bytes:
    """Return the first page as a PDF that holds nothing but its picture."""
    pdf = blank()
    put_picture(pdf, content)
    return written(pdf)


def put_picture(pdf: FPDF, content: bytes, *, width: float = 612) -> None:
    """Draw a picture of another file's first page."""
    document = pypdfium2.PdfDocument(content)
    picture = BytesIO()
    document[0].render(scale=200 / 72).to_pil().save(picture, format="PNG")
    document.close()
    pdf.image(picture, x=0, y=0, w=width)
