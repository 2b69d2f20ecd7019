from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from domain.errors import DocumentError
from ingestion.readers import xlsx
from ingestion.readers.xlsx import XlsxReader
from tests.data import shared_data
from tests.unit.readers.office_files import package, relations

READER = XlsxReader()


def book() -> bytes:
    file = openpyxl.Workbook()
    sheet: Any = file.active
    sheet.title = "Labs"
    sheet.append(["Results of March"])
    sheet.append(["Test", "Value", "Taken", "Share"])
    sheet.append(["Potassium", 4.1, date(2024, 3, 1), 0.05])
    sheet["D3"].number_format = "0%"
    sheet.append(["Sodium", 140, datetime(2024, 3, 2, 8, 30), None])  # noqa: DTZ001 - cells know no zones
    sheet.append([])
    sheet.append([None, "Note", "By"])
    sheet.append([None, "fasting", True])
    hidden: Any = file.create_sheet("Archive")
    hidden.append(["old"])
    hidden.sheet_state = "hidden"
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


def test_each_sheet_is_a_section_and_each_block_of_cells_a_table() -> None:
    reading = READER.read(book(), "labs.xlsx")
    assert reading.text == (
        "Labs\nResults of March\nTest | Value | Taken | Share\nPotassium | 4.1 | 2024-03-01 | 5%\n"
        "Sodium | 140 | 2024-03-02T08:30:00 |\nNote | By\nfasting | TRUE\n\nArchive\nold"
    )
    assert [(section.path, section.kind) for section in reading.sections[1:]] == [
        (("Labs",), "sheet"),
        (("Archive",), "sheet"),
    ]


def test_rows_know_their_header() -> None:
    reading = READER.read(book(), "labs.xlsx")
    table = reading.tables[0]
    assert reading.text[table.header_start : table.header_end] == "Test | Value | Taken | Share"
    assert [reading.text[start : start + 6] for start in table.row_starts] == ["Potass", "Sodium"]


def test_hidden_sheets_are_read_and_named() -> None:
    assert READER.read(book(), "labs.xlsx").metadata["hidden_sheets"] == "Archive"


def test_too_many_cells_stop_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_CELLS", 5)
    with pytest.raises(DocumentError, match=r"document\.too_large"):
        READER.read(book(), "labs.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 xl/workbook.xml", book()[:2000]])
def test_what_is_no_workbook_is_malformed(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(content, "x.xlsx")


def test_a_document_type_in_any_part_is_refused() -> None:
    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "b">]><sst/>',
    }
    with pytest.raises(DocumentError, match=r"document\.hostile"):
        READER.read(package(parts), "x.xlsx")


def test_a_row_number_past_the_last_does_not_count_forever() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as source, zipfile.ZipFile(content, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(b'r="2"', b'r="99999999999"', 1) if "sheet1" in name else part)
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(content.getvalue(), "x.xlsx")


def test_sniffing_tells_workbooks_from_other_packages() -> None:
    assert READER.sniff(book(), "unnamed") == 0.95
    assert READER.sniff(b"PK\x03\x04 ppt/presentation.xml", "x") == 0.0


def test_an_encrypted_workbook_from_the_field_is_said_to_be_encrypted() -> None:
    content = (shared_data("faults/office_bad") / "006-protect.xlsx").read_bytes()
    with pytest.raises(DocumentError, match=r"document\.encrypted"):
        READER.read(content, "x.xlsx")
