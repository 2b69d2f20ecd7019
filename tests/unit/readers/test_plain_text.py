from __future__ import annotations

import pytest

from domain.errors import DocumentError
from ingestion.readers.plain_text import PlainTextReader
from tests.data import shared_data

READER = PlainTextReader()


def paths(text: str) -> list[tuple[str, ...]]:
    return [section.path for section in READER.read(text.encode(), "x.txt").sections[1:]]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfa\r\nb", "\ufeffa\r\nb"),
        ("Łódź\r".encode("utf-16"), "Łódź\r"),
        (b"\xe9t\xe9 \x80", "été €"),
        (b"", ""),
    ],
)
def test_the_text_is_the_decoded_file(content: bytes, text: str) -> None:
    assert READER.read(content, "x.txt").text == text


@pytest.mark.parametrize("content", [b"a\x00" + b"b" * 1_000, b"\xff\xfeabc", bytes(range(1, 32)) * 9, b"\x81\x8d\x9d"])
def test_binary_content_is_malformed(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(content, "x.txt")


def test_numbered_headings_nest_by_their_numbers() -> None:
    text = "1. Definitions.\n1.1 Terms. Words mean things.\n1.2 are used as said\n2. TERM. Five years.\n"
    assert paths(text) == [
        ("1. Definitions",),
        ("1. Definitions", "1.1 Terms"),
        ("1. Definitions", "1.2"),
        ("2. TERM",),
    ]


def test_articles_hold_their_sections() -> None:
    text = "ARTICLE I\nSection 1.01 Scope. All.\nARTICLE II Payment\nSection 2.01 Price. Ten.\nExhibit A\nA list.\n"
    assert paths(text) == [
        ("ARTICLE I",),
        ("ARTICLE I", "Section 1.01 Scope"),
        ("ARTICLE II Payment",),
        ("ARTICLE II Payment", "Section 2.01 Price"),
        ("Exhibit A",),
    ]


def test_roman_numbers_and_letters_count_only_with_a_title() -> None:
    text = "I. TERM\nA. Start. Now.\nB. End. Later.\nII. PRICE\nTen.\nA. nobody knows who wrote this line\n"
    assert paths(text) == [("I. TERM",), ("I. TERM", "A. Start"), ("I. TERM", "B. End"), ("II. PRICE",)]


def test_short_lines_in_capitals_are_headings_but_parties_and_stacks_are_not() -> None:
    text = (
        "NON-DISCLOSURE AGREEMENT\nbetween\nACME HOLDINGS INC.\nand Bo.\n"
        "CONFIDENTIALITY\nKeep it.\nFIRST LINE\nSECOND LINE\n"
    )
    assert paths(text) == [("NON-DISCLOSURE AGREEMENT",), ("CONFIDENTIALITY",)]


def test_clauses_do_not_stand_below_recitals() -> None:
    assert paths("RECITALS\nWhereas.\n1. Scope. All.\n") == [("RECITALS",), ("1. Scope",)]


@pytest.mark.parametrize(
    "text",
    [
        "12. Nothing came before this number\n",
        "100 Main Street\n",
        "2.5 million people\n",
        "Section 5 of this agreement applies.\n",
        "Exhibit 10.5\n",
        "1. Term .......... 2\n2. Price ......... 3\n",
        "24 hours\n",
    ],
)
def test_what_is_no_heading_stays_text(text: str) -> None:
    assert paths(text) == []


def test_of_a_contents_list_and_its_headings_the_headings_count() -> None:
    body = "words " * 40
    text = f"1. Term 1\n2. Price 1\n1. Term\n{body}\n2. Price\n{body}\n"
    sections = READER.read(text.encode(), "x.txt").sections
    assert [section.path for section in sections[1:]] == [("1. Term",), ("2. Price",)]
    assert sections[1].start == text.index("1. Term\n")


def test_a_list_that_restarts_nests_in_its_clause() -> None:
    text = "1. Scope. All.\n2. Remedies. These:\n1. cure\n2. terminate\n3. Notice. In writing.\n"
    assert paths(text) == [
        ("1. Scope",),
        ("2. Remedies",),
        ("2. Remedies", "1."),
        ("2. Remedies", "2."),
        ("3. Notice",),
    ]


def test_a_regulation_in_plain_text_keeps_its_citations() -> None:
    sections = "\n".join(f"§ 164.{500 + n} Heading {n}.\n(a) First. Text.\n(b) Second. Text.\n" for n in range(20))
    reading = READER.read(f"Title 45\nPART 164 - SECURITY\n{sections}".encode(), "x.txt")
    assert "§ 164.503(a)" in {section.locator.citation for section in reading.sections}


def test_sniffing_takes_any_text_with_little_confidence() -> None:
    assert READER.sniff(b"words", "x.txt") == 0.3
    assert READER.sniff(b"a" + "é".encode() * 40_000, "unnamed") == 0.1
    assert READER.sniff(b"\x00\x01", "x.txt") == 0.0


def test_every_contract_reads_character_for_character() -> None:
    paths_ = sorted(shared_data("legalbenchrag/corpus").rglob("*.txt"))
    assert len(paths_) == 182
    for path in paths_:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        assert READER.read(path.read_bytes(), path.name).text == text
