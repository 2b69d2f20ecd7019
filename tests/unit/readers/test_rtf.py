from __future__ import annotations

import pytest

from domain.errors import DocumentError
from ingestion.readers.rtf import RtfReader
from tests.data import shared_data

READER = RtfReader()
LEASE = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Lease \'e0 terme}{\author Ann Bee}"
    rb"{\creatim\yr2024\mo3\dy1\hr8}}"
    rb"\plain 1. Rent. The rent is \b 100 \u8364?\b0  monthly.\par 2. Term. Five years.\par}"
)


def test_text_title_and_author_are_read() -> None:
    reading = READER.read(LEASE, "x.rtf")
    assert reading.text == "1. Rent. The rent is 100 € monthly.\n2. Term. Five years."
    assert reading.title == "Lease à terme"
    assert reading.metadata == {"author": "Ann Bee", "created": "2024-03-01"}


def test_clauses_that_the_text_shows_are_sections() -> None:
    assert [section.path for section in READER.read(LEASE, "x.rtf").sections] == [(), ("1. Rent",), ("2. Term",)]


@pytest.mark.parametrize("content", [b"", b"plain words", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_rtf_is_malformed(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(content, "x.rtf")


def test_sniffing_looks_for_the_opening_group() -> None:
    assert READER.sniff(LEASE, "unnamed") == 1.0
    assert READER.sniff(b"plain words", "x.rtf") == 0.0


def test_a_corrupt_list_table_from_the_field_does_not_stop_the_reading() -> None:
    content = (shared_data("faults/office_bad") / "020-testRTFCorruptListOverride.rtf").read_bytes()
    assert len(READER.read(content, "x.rtf").text) > 100
