"""Reads spreadsheets: a section for each sheet, its blocks of cells as tables, values as last computed."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any, Final

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.block_writer import BlockWriter
from ingestion.names import title_from
from ingestion.office_package import OfficePackage, sniff_package

MAX_CELLS: Final = 2_000_000
_LAST_ROW: Final = 2**20  # of any spreadsheet; rows that a file leaves out are counted through
_DIGITS: Final = ".15g"  # what a double holds and a spreadsheet shows
# What openpyxl is known to raise on broken workbooks; an XML error is a SyntaxError in both of its parsers.
_BROKEN: Final = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, AssertionError,
    RuntimeError, OSError, EOFError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class XlsxReader:
    """Reads spreadsheets; hidden sheets are read and named in the metadata; formulas, charts and macros are not."""

    name: str = "xlsx"
    media_types: tuple[str, ...] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroEnabled.12",
    )
    suffixes: tuple[str, ...] = (".xlsx", ".xlsm", ".xltx")

    def sniff(self, content: bytes, name: str) -> float:
        """Look for the main part among the names of the package."""
        return sniff_package(content, name, part="xl/workbook.xml", suffixes=self.suffixes)

    def read(self, content: bytes, name: str) -> Reading:
        """Read all sheets. Raises document.encrypted, .bomb, .hostile, .malformed and .too_large."""
        package = OfficePackage(content)
        package.main_part("workbook")
        package.check_prologs()
        metadata = package.properties()
        title = metadata.pop("title", "") or title_from(name)
        writer = BlockWriter()
        hidden = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not support (styles, validation) holds no text
            try:
                for sheet in _sheets(content):
                    _write(writer, sheet.title, _rows(sheet))
                    if sheet.sheet_state != "visible":
                        hidden.append(sheet.title)
            except _BROKEN as error:
                raise DocumentError("document.malformed", type(error).__name__) from error
        if hidden:
            metadata["hidden_sheets"] = ", ".join(hidden)
        return writer.outline.finish(
            media_type=self.media_types[0], title=title, language=metadata.get("language"), metadata=metadata
        )


def _sheets(content: bytes) -> Iterator[Any]:
    # It takes numpy along, a third of what the reading process takes to start, and few files are spreadsheets.
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()  # a file may claim more rows and columns than it has
                yield sheet
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[list[str]]:
    cells = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW:
            raise DocumentError("document.malformed", f"rows past {_LAST_ROW}")
        cells += len(row)
        if cells > MAX_CELLS:
            raise DocumentError("document.too_large", f"over {MAX_CELLS} cells in a sheet")
        yield [_shown(cell.value, cell.number_format if isinstance(cell.value, float | int) else "") for cell in row]


def _write(writer: BlockWriter, title: str, rows: Iterable[list[str]]) -> None:
    """Write a sheet; empty rows part its tables, lines of one cell above a table are its captions."""
    writer.section(title, kind="sheet")
    block: list[list[str]] = []
    for row in chain(rows, [[]]):
        if any(row):
            block.append(row)
        elif block:
            _write_block(writer, block)
            block = []


def _write_block(writer: BlockWriter, block: list[list[str]]) -> None:
    first = min(next(index for index, cell in enumerate(row) if cell) for row in block)
    last = max(max(index for index, cell in enumerate(row) if cell) for row in block)
    rows = [[*row, *([""] * (last + 1 - len(row)))][first : last + 1] for row in block]
    while len(rows) > 1 and last > first and sum(map(bool, rows[0])) == 1:
        writer.paragraph(next(cell for cell in rows.pop(0) if cell))
    writer.table(rows)


def _shown(value: object, number_format: str) -> str:
    """Return a value as a person reads it; dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float | int):
        return f"{value * 100:{_DIGITS}}%" if "%" in number_format else f"{value:{_DIGITS}}"
    return str(value)
