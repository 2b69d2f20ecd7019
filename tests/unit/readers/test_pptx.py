from __future__ import annotations

import io
from typing import Any

import pptx as python_pptx
import pytest
from pptx.util import Inches

from domain.errors import DocumentError
from ingestion.readers.pptx import PptxReader
from tests.data import shared_data

READER = PptxReader()


def saved(file: Any) -> bytes:
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


def deck() -> bytes:
    file: Any = python_pptx.Presentation()
    file.core_properties.author = "Ann Bee"
    file.core_properties.title = ""
    first = file.slides.add_slide(file.slide_layouts[1])
    first.shapes.title.text = "Dosing"
    first.placeholders[1].text = "Start low\nGo slow"
    first.notes_slide.notes_text_frame.text = "Mention the kidneys"
    table = first.shapes.add_table(3, 2, Inches(1), Inches(1), Inches(2), Inches(1)).table
    for row, cells in enumerate([("Drug", "Dose"), ("A", "1 mg"), ("B", "2 mg")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    second = file.slides.add_slide(file.slide_layouts[6])
    box = second.shapes.add_group_shape().shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
    box.text_frame.text = "In a group"
    second._element.set("show", "0")
    return saved(file)


def test_each_slide_is_a_section_with_its_title_table_and_notes() -> None:
    reading = READER.read(deck(), "x.pptx")
    assert reading.text == (
        "Dosing\nStart low\nGo slow\nDrug | Dose\nA | 1 mg\nB | 2 mg\n\nNotes\nMention the kidneys\n\nIn a group"
    )
    assert [section.path for section in reading.sections[1:]] == [
        ("Slide 1 Dosing",),
        ("Slide 1 Dosing", "Notes"),
        ("Slide 2",),
    ]
    assert [section.locator.page for section in reading.sections] == [None, 1, None, 2]


def test_the_header_row_of_a_table_is_known() -> None:
    reading = READER.read(deck(), "x.pptx")
    table = reading.tables[0]
    assert reading.text[table.header_start : table.header_end] == "Drug | Dose"
    assert len(table.row_starts) == 2


def test_hidden_slides_are_read_and_named() -> None:
    reading = READER.read(deck(), "x.pptx")
    assert reading.metadata["hidden_slides"] == "2"
    assert reading.metadata["author"] == "Ann Bee"


def test_the_first_slide_title_stands_in_for_a_missing_title() -> None:
    assert READER.read(deck(), "x.pptx").title == "Dosing"


def test_a_broken_package_is_malformed() -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(deck()[:3000], "x.pptx")


def test_sniffing_tells_slides_from_other_packages() -> None:
    assert READER.sniff(deck(), "unnamed") == 0.95
    assert READER.sniff(b"PK\x03\x04 word/document.xml", "x.docx") == 0.0


def test_encrypted_slides_from_the_field_are_said_to_be_encrypted() -> None:
    content = (shared_data("faults/office_bad") / "018-testPPT_protected_passtika.pptx").read_bytes()
    with pytest.raises(DocumentError, match=r"document\.encrypted"):
        READER.read(content, "x.pptx")
