from __future__ import annotations

import pytest

from domain.errors import DocumentError
from ingestion.readers.markdown import MarkdownReader

READER = MarkdownReader()


def test_headings_of_both_kinds_become_sections_of_the_text_as_it_is() -> None:
    text = "# One **bold** `c`\r\npara\r\n\r\nTwo\r\n---\r\n> # quoted\r\n\r\n### Three\r\nend\r\n# Four\r\n"
    reading = READER.read(text.encode(), "x.md")
    assert reading.text == text
    assert [section.path for section in reading.sections] == [
        (),
        ("One bold c",),
        ("One bold c", "Two"),
        ("One bold c", "Two", "Three"),
        ("Four",),
    ]
    three = reading.sections[3]
    assert text[three.start : three.end] == "### Three\r\nend\r\n"


def test_a_heading_inside_of_code_is_no_heading() -> None:
    reading = READER.read(b"# A\n```\n# not\n```\n", "x.md")
    assert [section.path for section in reading.sections] == [(), ("A",)]


def test_tables_know_their_header_and_rows() -> None:
    text = "x\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nafter\n"
    table = READER.read(text.encode(), "x.md").tables[0]
    assert text[table.header_start : table.header_end] == "| a | b |"
    assert [text[start : start + 5] for start in table.row_starts] == ["| 1 |", "| 3 |"]
    assert text[table.start : table.end].endswith("| 3 | 4 |")


def test_front_matter_is_metadata_and_no_heading() -> None:
    text = '---\r\ntitle: "The act"\r\nauthor: Ann Bee\r\nlang: en\r\n---\r\n# First\r\n'
    reading = READER.read(text.encode(), "x.md")
    assert reading.title == "The act"
    assert reading.metadata == {"author": "Ann Bee", "language": "en"}
    assert [section.path for section in reading.sections] == [(), ("First",)]
    assert reading.sections[1].start == text.index("# First")


def test_a_byte_order_mark_does_not_hide_the_first_heading() -> None:
    reading = READER.read("\ufeff# A\n\ntext".encode(), "x.md")
    assert reading.title == "A"
    assert reading.text.startswith("\ufeff")


def test_a_regulation_in_markdown_keeps_its_citations() -> None:
    sections = "\n".join(f"## § 164.{500 + n} Heading {n}.\n\n(a) First. Text.\n\n(b) Second.\n" for n in range(20))
    reading = READER.read(f"# Title 45\n\nPART 164 - SECURITY\n\n{sections}".encode(), "x.md")
    assert "§ 164.503(a)" in {section.locator.citation for section in reading.sections}


def test_binary_content_is_malformed() -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(b"\x00\x01", "x.md")


def test_sniffing_goes_by_the_suffix() -> None:
    assert READER.sniff(b"# A", "x.md") == 0.5
    assert READER.sniff(b"# A", "x.txt") == 0.0
