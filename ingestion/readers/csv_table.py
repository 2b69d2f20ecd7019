"""Reads CSV and TSV: the text is the file, seen as one table (RFC 4180; quoted cells may hold line ends)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from domain.documents import Reading, Section, TableSpan
from ingestion.decoding import decoded, looks_like_text
from ingestion.names import title_from

_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64 * 1024
_LONGEST_ROW: Final = 100_000  # characters; past that an opening quote was no quote
_LINE: Final = re.compile(r"[^\n]*(?:\n|\Z)")
_LINES: Final = 10  # that show which mark parts the cells
_QUOTED: Final = re.compile(r'"[^"]*"')
_FIGURE: Final = re.compile(r"[-+]?[\d.,]+%?")


@dataclass(frozen=True, slots=True)
class CsvReader:
    """Reads tables in text; offsets of the canonical text are offsets of the decoded file."""

    name: str = "csv"
    media_types: tuple[str, ...] = ("text/csv", "text/tab-separated-values")
    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def sniff(self, content: bytes, name: str) -> float:
        """Go by the suffix: any text is a table of one column."""
        return 0.5 if PurePath(name).suffix.lower() in self.suffixes and looks_like_text(content) else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        """Read the file as it is. Raises document.malformed where it is no text."""
        text = decoded(content)
        delimiter = _delimiter(text[:_SAMPLE], name)
        rows = [(start, end) for start, end in _rows(text, delimiter) if text[start:end].strip()]
        root = Section(path=(), kind="document", start=0, end=len(text), parent=None)
        is_tabs = PurePath(name).suffix.lower() == ".tsv"
        return Reading(
            media_type="text/tab-separated-values" if is_tabs else "text/csv",
            title=title_from(name),
            text=text,
            sections=(root,),
            tables=(_table(text, rows, delimiter),) if rows else (),
        )


def _table(text: str, rows: list[tuple[int, int]], delimiter: str) -> TableSpan:
    start, end = rows[0]
    cells = next(csv.reader([text[start:end].lstrip("\ufeff")], delimiter=delimiter), [])
    is_header = len(rows) > 1 and not any(_FIGURE.fullmatch(cell.strip()) for cell in cells)
    return TableSpan(
        start=start,
        end=rows[-1][1],
        header_start=start,
        header_end=end if is_header else start,
        row_starts=tuple(row for row, _ in (rows[1:] if is_header else rows)),
    )


def _delimiter(sample: str, name: str) -> str:
    if PurePath(name).suffix.lower() == ".tsv":
        return "\t"
    lines = [_QUOTED.sub("", line) for line in sample.splitlines()[:_LINES] if line.strip()]
    return max(_DELIMITERS, key=lambda mark: (min((line.count(mark) for line in lines), default=0), sample.count(mark)))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, int]]:
    """Yield where each row starts and ends, without its line end. A quote opens a cell only at the cell's start."""
    mark = re.escape(delimiter)
    whole = re.compile(rf'(?:^|(?<={mark}))"(?:[^"]|"")*"(?={mark}|$)')
    opening = re.compile(rf'(?:^|{mark})"')
    start, is_open = 0, False
    for match in _LINE.finditer(text):
        line, end = match[0].rstrip("\r\n"), match.end()
        if is_open:
            is_open = line.count('"') % 2 == 0
        else:
            is_open = '"' in line and opening.search(whole.sub("", line.lstrip("\ufeff"))) is not None
        if is_open and end - start < _LONGEST_ROW and end < len(text):
            continue
        is_open = False
        row = text[start:end].rstrip("\r\n")
        if row:
            yield start, start + len(row)
        start = end
