from __future__ import annotations

import io

import docx as python_docx
import pytest

from domain.errors import DocumentError
from ingestion.readers.docx import DocxReader
from tests.data import shared_data
from tests.unit.readers.office_files import package, paragraph, relations, with_flags, word

READER = DocxReader()
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")


def text_of(body: str, **parts: str) -> str:
    return READER.read(word(body, **parts), "lease.docx").text


def test_headings_of_a_real_word_file_become_sections_by_level() -> None:
    file = python_docx.Document()
    file.core_properties.title = "Lease"
    file.core_properties.author = "Ann Bee"
    file.add_heading("Rent", 1)
    file.add_heading("Late payment", 2)
    file.add_paragraph("Interest runs from the due date.")
    file.add_heading("Term", 1)
    file.add_paragraph("Five years.")
    content = io.BytesIO()
    file.save(content)
    reading = READER.read(content.getvalue(), "x.docx")
    assert reading.title == "Lease"
    assert reading.metadata["author"] == "Ann Bee"
    assert [section.path for section in reading.sections[1:]] == [("Rent",), ("Rent", "Late payment"), ("Term",)]
    late = reading.sections[2]
    assert reading.text[late.start : late.end] == "Late payment\nInterest runs from the due date."


def test_an_own_style_with_an_inherited_outline_level_is_a_heading() -> None:
    styles = (
        '<w:style w:styleId="A"><w:name w:val="Absatz"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:styleId="B"><w:name w:val="Klausel"/><w:basedOn w:val="A"/></w:style>'
    )
    reading = READER.read(word(paragraph("Miete", "B") + paragraph("Monatlich."), styles=styles), "x.docx")
    assert [section.path for section in reading.sections] == [(), ("Miete",)]


def test_insertions_stay_and_deletions_and_hidden_text_go() -> None:
    body = (
        "<w:p><w:r><w:t>Pay </w:t></w:r><w:ins><w:r><w:t>30</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>10</w:delText><w:t>11</w:t></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> secretly</w:t></w:r><w:r><w:t> days</w:t></w:r></w:p>"
    )
    assert text_of(body) == "Pay 30 days"


def test_content_controls_and_text_boxes_are_read_once() -> None:
    box = "<w:txbxContent>" + paragraph("In a box") + "</w:txbxContent>"
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('Controlled')}</w:sdtContent></w:sdt>"
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(body) == "Controlled\nIn a box"


def test_numbers_that_word_shows_but_does_not_store_are_written() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="7">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )

    def item(text: str, depth: int) -> str:
        return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')

    body = (
        item("Rent", 0) + item("Amount", 1) + item("Due", 1) + item("monthly", 2) + item("Term", 0) + item("Start", 1)
    )
    assert text_of(body, numbering=numbering).splitlines() == [
        "1. Rent",
        "1.1 Amount",
        "1.2 Due",
        "(a) monthly",
        "2. Term",
        "2.1 Start",
    ]


def test_a_document_without_heading_styles_gets_the_sections_its_text_shows() -> None:
    body = paragraph("1. Rent. The rent is due monthly.") + paragraph("2. Term. Five years.")
    notes = f'<w:footnote w:id="1">{paragraph("See the annex.")}</w:footnote>'
    reading = READER.read(word(body, footnotes=notes), "x.docx")
    assert [section.path for section in reading.sections] == [(), ("1. Rent",), ("2. Term",), ("Footnotes",)]


def test_a_table_keeps_its_header_row_and_merged_cells() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    body = (
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell("Drug") + cell("Dose") + "</w:tr>"
        "<w:tr>" + cell("A", '<w:vMerge w:val="restart"/>') + cell("1 mg") + "</w:tr>"
        "<w:tr>" + cell("", "<w:vMerge/>") + cell("2 mg") + "</w:tr></w:tbl>"
    )
    reading = READER.read(word(body), "x.docx")
    table = reading.tables[0]
    assert reading.text == "Drug | Dose\nA | 1 mg\nA | 2 mg"
    assert reading.text[table.header_start : table.header_end] == "Drug | Dose"
    assert [reading.text[start : start + 8] for start in table.row_starts] == ["A | 1 mg", "A | 2 mg"]


def test_footnotes_and_comments_are_sections_of_their_own() -> None:
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph("-----")}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph("As amended.")}</w:footnote>'
    )
    comments = f'<w:comment w:id="1" w:author="Bo">{paragraph("Check this.")}</w:comment>'
    reading = READER.read(word(paragraph("Body"), footnotes=notes, comments=comments), "x.docx")
    assert reading.text == "Body\n\nFootnotes\nFootnote 1: As amended.\n\nComments\nBo: Check this."
    assert [section.kind for section in reading.sections[1:]] == ["notes", "comments"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ENCRYPTED, "document.encrypted"),
        (ENCRYPTED[:300], "document.malformed"),
        (with_flags(word(paragraph("x")), 1), "document.encrypted"),
        (word(paragraph("x"))[:400], "document.malformed"),
        (b"no package at all", "document.malformed"),
        (package({"word/document.xml": "<document/>"}), "document.malformed"),
        (
            package({"_rels/.rels": relations(("officeDocument", "a.xml")), "a.xml": "<workbook/>"}),
            "document.malformed",
        ),
    ],
)
def test_what_is_no_readable_document_ends_in_its_code(content: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        READER.read(content, "x.docx")
    assert caught.value.code == code


def test_entities_in_a_part_are_refused() -> None:
    hostile = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document><body><p>&x;</p></body></document>'
    content = package({"_rels/.rels": relations(("officeDocument", "a.xml")), "a.xml": hostile})
    with pytest.raises(DocumentError, match=r"document\.hostile"):
        READER.read(content, "x.docx")


def test_sniffing_goes_by_the_parts_and_not_by_the_name() -> None:
    assert READER.sniff(word(paragraph("x")), "unnamed") == 0.95
    assert READER.sniff(ENCRYPTED, "secret.docx") == 0.9
    assert READER.sniff(ENCRYPTED, "secret.doc") == 0.0
    assert READER.sniff(b"plain words", "x.docx") == 0.0


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("004-protected_normal_case.docx", "document.encrypted"),
        ("028-testWORD_truncated.docx", "document.malformed"),
        ("024-testWORD_null_style.docx", "read"),
    ],
)
def test_bad_files_from_the_field_end_clearly(name: str, outcome: str) -> None:
    content = (shared_data("faults/office_bad") / name).read_bytes()
    try:
        ended = "read" if READER.read(content, name).text else "empty"
    except DocumentError as error:
        ended = error.code
    assert ended == outcome
