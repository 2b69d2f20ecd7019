from __future__ import annotations

import pytest

from domain.errors import DocumentError
from ingestion.readers.csv_table import CsvReader

READER = CsvReader()


def rows_of(text: str, name: str = "x.csv") -> tuple[str, list[str]]:
    reading = READER.read(text.encode(), name)
    assert reading.text == text
    table = reading.tables[0]
    ends = [*table.row_starts[1:], table.end]
    rows = [text[start:end].strip() for start, end in zip(table.row_starts, ends, strict=True)]
    return text[table.header_start : table.header_end], rows


def test_the_first_row_is_the_header_and_each_row_has_its_start() -> None:
    assert rows_of("name,dose\r\nA,1\r\n\r\nB,2\r\n") == ("name,dose", ["A,1", "B,2"])


def test_a_quoted_line_end_does_not_end_a_row() -> None:
    text = 'name,note\nAnn,"line one\nline ""two"""\nBo,x\n'
    assert rows_of(text) == ("name,note", ['Ann,"line one\nline ""two"""', "Bo,x"])


def test_a_quote_within_a_cell_opens_nothing() -> None:
    assert rows_of('part,size\npipe,5" wide\nrod,3\n')[1] == ['pipe,5" wide', "rod,3"]


def test_rows_of_figures_have_no_header() -> None:
    assert rows_of("1,2\n3,4\n") == ("", ["1,2", "3,4"])


@pytest.mark.parametrize(
    ("text", "name"), [("a;b,c\n1;2\n3;4", "x.csv"), ("a\tb\n1\t2\n", "x.tsv"), ("a|b\n1|2", "x.csv")]
)
def test_other_delimiters_are_found(text: str, name: str) -> None:
    assert rows_of(text, name)[0] == text.partition("\n")[0]


def test_an_unclosed_quote_ends_with_the_file() -> None:
    assert rows_of('a,b\n"1,2\n3,4\n')[1] == ['"1,2\n3,4']


def test_a_file_of_blank_lines_has_no_table() -> None:
    assert READER.read(b"\n\n", "x.csv").tables == ()


def test_binary_content_is_malformed() -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(b"\x00\x01", "x.csv")


def test_sniffing_goes_by_the_suffix() -> None:
    assert READER.sniff(b"a,b", "x.csv") == 0.5
    assert READER.sniff(b"a,b", "x.txt") == 0.0
