from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest

from domain.documents import Anchor, Attachment, Box, Reading
from domain.identities import KnownIdentity
from ingestion.limits import Limits
from ingestion.outcomes import MemberOutcome
from ingestion.outline import Outline
from ingestion.reading import read_file
from ingestion.registry import READERS

BOMB = b"""<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>"""
EXTERNAL = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""


@dataclass(frozen=True)
class LetterReader:
    """Reads nothing real: whatever ``make`` builds, for names ending in .letter."""

    make: Callable[[Outline], None]
    name: str = "letter"
    media_types: tuple[str, ...] = ("application/x-letter",)
    suffixes: tuple[str, ...] = (".letter",)

    def sniff(self, content: bytes, name: str) -> float:
        return 1.0 if name.endswith(".letter") and content else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        outline = Outline()
        self.make(outline)
        return outline.finish(media_type="application/x-letter", title=name)


def outcomes(content: bytes, name: str, limits: Limits | None = None) -> list[MemberOutcome]:
    return read_file(content, name, limits or Limits(), READERS)


def codes(content: bytes, name: str, limits: Limits | None = None) -> dict[str, str | None]:
    return {outcome.name: outcome.code for outcome in outcomes(content, name, limits)}


def letter(make: Callable[[Outline], None], limits: Limits | None = None) -> list[MemberOutcome]:
    return read_file(b"x", "a.letter", limits or Limits(), (*READERS, LetterReader(make)))


def zipped(**members: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"", "a.pdf", "document.empty"),
        (b" \n\t ", "a.txt", "document.empty"),
        (b"\x00\x01\x02\x03\xfe" * 50, "a", "document.unsupported"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40), "a.7z", "document.unsupported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a.png", "document.unsupported"),
        (b"Page not found", "report.pdf", "document.malformed"),
        (b"\x00\x01\x02\x03" * 50, "report.pdf", "document.malformed"),
        (b"Page not found", "report.docx", "document.malformed"),
        (b"<a><b></a>", "a.xml", "document.malformed"),
        (b"<weather><sun/></weather>", "a.xml", "document.unsupported"),
        (b"<?xml version='1.0'?><weather>fine</weather>", "a", "document.unsupported"),
        (EXTERNAL, "a.xml", "document.hostile"),
        (EXTERNAL, "attack", "document.hostile"),
        (BOMB, "a.xml", "document.bomb"),
        (b'{"weather": "fine"}', "a.json", "document.unsupported"),
        (b'["one", "two"]', "a.json", "document.unsupported"),
        (b'{"a": 1}\n{"b": 2}\n', "a.jsonl", "document.unsupported"),
        (b'{"weather": ', "a.json", "document.malformed"),
        (b'{"resourceType": "Patient", "id": ', "a.json", "document.malformed"),
    ],
)
def test_what_cannot_be_read_has_its_code(content: bytes, name: str, expected: str) -> None:
    assert codes(content, name) == {name: expected}


@pytest.mark.parametrize("name", ["main.go", "query.gql", "README", "notes.txt", "notes.unknown"])
def test_any_text_that_is_nothing_else_is_plain_text(name: str) -> None:
    (outcome,) = outcomes(b"query { these are plain words }", name)
    assert outcome.reading is not None
    assert (outcome.reading.media_type, outcome.reading.text) == ("text/plain", "query { these are plain words }")


def test_markup_named_as_text_is_text() -> None:
    (outcome,) = outcomes(b"<?xml version='1.0'?> is how a declaration begins", "notes.txt")
    assert outcome.reading is not None
    assert outcome.reading.media_type == "text/plain"


def test_characters_that_no_database_stores_are_replaced_one_by_one() -> None:
    (outcome,) = letter(lambda outline: _add(outline, "a\0b\ud800c"))
    assert outcome.reading is not None
    assert outcome.reading.text == "a�b�c"


def test_members_of_an_archive_end_each_in_their_own_way() -> None:
    content = zipped(a_txt=b"words", b_json=b"{", c_txt=b"")
    assert codes(content, "x.zip") == {
        "x.zip!/a.txt": None,
        "x.zip!/b.json": "document.malformed",
        "x.zip!/c.txt": "document.empty",
    }


def test_an_archive_without_members_is_empty() -> None:
    assert codes(zipped(), "x.zip") == {"x.zip": "document.empty"}


def test_archives_nest_three_deep_and_no_deeper() -> None:
    content = zipped(a_txt=b"words")
    names: list[tuple[str, str | None]] = []
    for level in range(3):
        names += codes(content, "x.zip").items()
        content = zipped(**{f"inner{level}_zip": content})
    assert names == [
        ("x.zip!/a.txt", None),
        ("x.zip!/inner0.zip!/a.txt", None),
        ("x.zip!/inner1.zip!/inner0.zip!/a.txt", None),
    ]
    assert codes(content, "x.zip") == {"x.zip!/inner2.zip!/inner1.zip!/inner0.zip": "document.bomb"}


def test_members_of_nested_archives_share_one_budget() -> None:
    inner = zipped(a_txt=b"x" * 300, b_txt=b"y" * 300)
    content = zipped(one_zip=inner, two_zip=inner)
    assert set(codes(content, "x.zip", Limits(max_members=4)).values()) == {None, "document.bomb"}
    assert set(codes(content, "x.zip", Limits(max_expanded=2_000)).values()) == {None, "document.bomb"}
    assert set(codes(content, "x.zip").values()) == {None}


def test_too_many_bytes_or_characters_are_too_large() -> None:
    assert codes(b"x" * 101, "a.txt", Limits(max_bytes=100)) == {"a.txt": "document.too_large"}
    assert codes(b"x" * 101, "a.txt", Limits(max_characters=100)) == {"a.txt": "document.too_large"}
    assert codes(b"x" * 100, "a.txt", Limits(max_bytes=100, max_characters=100)) == {"a.txt": None}


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        (MemoryError(), "document.out_of_memory", ""),
        (RecursionError(), "document.bomb", "nested deeper than its reader follows"),
        (KeyError("Ada Example, born 1815"), "document.unreadable", "KeyError"),
    ],
)
def test_a_reader_that_breaks_breaks_only_its_file_and_says_nothing_of_it(
    error: Exception, code: str, detail: str
) -> None:
    def fail(_: Outline) -> None:
        raise error

    (outcome,) = letter(fail)
    assert (outcome.code, outcome.detail) == (code, detail)


def test_an_inline_attachment_becomes_sections_at_the_end() -> None:
    def make(outline: Outline) -> None:
        outline.open("Ada", kind="resource", subjects=("Patient/ada",))
        outline.open("Report", kind="resource")
        attach(outline, "note.txt", b"Potassium was normal.")
        outline.close_to(0)
        outline.open("Bob", kind="resource", subjects=("Patient/bob",))
        outline.add("Seen.")

    (outcome,) = letter(make)
    reading = outcome.reading
    assert reading is not None
    assert reading.text == "Ada\n\nReport\n\nBob\nSeen.\n\nPotassium was normal."
    assert (reading.sections[0].end, reading.attachments) == (len(reading.text), ())
    attached = reading.sections[4]
    assert attached.path == ("Ada", "Report", "Attachment: note.txt")
    assert (attached.kind, attached.parent, attached.subjects) == ("attachment", 0, ("Patient/ada",))
    assert attached.locator.member == "note.txt"
    assert reading.text[attached.start : attached.end] == "Potassium was normal."


def test_tables_and_anchors_of_an_attachment_move_with_it() -> None:
    def make(outline: Outline) -> None:
        outline.add("See the list.")
        attach(outline, "doses.letter2", b"x")

    inner = Outline()
    inner.table("name dose", ["Aspirin 100", "Ibuprofen 200"])
    inner.anchor(Anchor(start=0, end=4, box=Box(page=1, left=0, top=0, right=1, bottom=1)))
    fixed = _Fixed(inner.finish(media_type="x", title="x"))
    (outcome,) = read_file(b"x", "a.letter", Limits(), (*READERS, LetterReader(make), fixed))
    assert outcome.reading is not None
    text, (table,), (anchor,) = outcome.reading.text, outcome.reading.tables, outcome.reading.anchors
    assert text[anchor.start : anchor.end] == "name"
    assert text[table.header_start : table.header_end] == "name dose"
    assert text[table.start : table.end] == "name dose\nAspirin 100\nIbuprofen 200"
    assert [text[start:].split()[0] for start in table.row_starts] == ["Aspirin", "Ibuprofen"]


def test_an_attachment_that_cannot_be_read_is_noted_and_costs_nothing_else() -> None:
    def make(outline: Outline) -> None:
        outline.add("The letter itself.")
        attach(outline, "scan.bin", b"\x00\x01\x02\x03" * 20)
        attach(outline, "note.txt", b"And a note.")

    (outcome,) = letter(make)
    assert outcome.reading is not None
    assert outcome.reading.text == "The letter itself.\n\nAnd a note."
    assert outcome.reading.metadata == {"attachment.1": "document.unsupported"}


def test_an_archive_attached_inline_joins_its_carrier() -> None:
    def make(outline: Outline) -> None:
        outline.add("The letter itself.")
        attach(outline, "all.zip", zipped(a_txt=b"First.", b_txt=b"Second."))

    (outcome,) = letter(make)
    assert outcome.reading is not None
    assert outcome.reading.text == "The letter itself.\n\nFirst.\n\nSecond."
    assert outcome.reading.sections[-1].locator.member == "all.zip!/b.txt"


def test_attachments_that_hold_themselves_end() -> None:
    def make(outline: Outline) -> None:
        outline.add("Again.")
        attach(outline, "again.letter", b"x")

    (outcome,) = letter(make)
    assert outcome.reading is not None
    assert outcome.reading.text.count("Again.") == 4


def test_subjects_that_an_attachment_names_are_its_own() -> None:
    def make(outline: Outline) -> None:
        outline.open("Bob", kind="message", subjects=("Patient/bob",))
        attach(outline, "ada.letter2", b"x")

    ada = Outline()
    ada.add("About Ada.")
    identity = KnownIdentity(subject="Patient/ada", kind="name", value="Ada Example")
    inner = ada.finish(media_type="x", title="x", subjects=("Patient/ada",), identities=(identity,))
    reader = LetterReader(make)
    (outcome,) = read_file(b"x", "a.letter", Limits(), (*READERS, reader, _Fixed(inner)))
    assert outcome.reading is not None
    assert outcome.reading.sections[-1].subjects == ("Patient/ada",)
    assert outcome.reading.subjects == ("Patient/ada",)
    assert outcome.reading.identities == (identity,)


@dataclass(frozen=True)
class _Fixed:
    reading: Reading
    name: str = "fixed"
    media_types: tuple[str, ...] = ("application/x-fixed",)
    suffixes: tuple[str, ...] = (".letter2",)

    def sniff(self, content: bytes, name: str) -> float:
        return 1.0 if name.endswith(".letter2") and content else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        assert content
        assert name
        return self.reading


def attach(outline: Outline, name: str, content: bytes) -> None:
    outline.attachments.append(Attachment(name=name, media_type=None, content=content, section=outline.current))


def _add(outline: Outline, text: str) -> None:
    outline.add(text)
