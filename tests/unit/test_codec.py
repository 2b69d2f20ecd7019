from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import Anchor, Attachment, Box, Interval, Locator, Reading, Section, TableSpan
from domain.identities import KnownIdentity
from ingestion.codec import decode, encode, read_frame, write_frame
from ingestion.outcomes import MemberOutcome

BOX = Box(page=2, left=1.5, top=0.1, right=1 / 3, bottom=1e-7)
RICH = Reading(
    media_type="text/plain",
    title="Title – Ωμέγα",
    text="Head \U0001f489 rows and \x00 controls\r\nand more",
    sections=(
        Section(path=(), kind="document", start=0, end=36, parent=None),
        Section(
            path=("Head", 'quoted "name"'),
            kind="resource",
            start=1,
            end=20,
            parent=0,
            locator=Locator(page=2, boxes=(BOX, BOX), citation="§ 1", resource="A/1", element="a.b", member="m"),
            subjects=("Patient/1", "Patient/2"),
            date=date(2024, 2, 29),
        ),
        Section(path=("Head", "empty"), kind="page", start=3, end=3, parent=1, locator=Locator(member="")),
    ),
    anchors=(Anchor(start=0, end=4, box=BOX), Anchor(start=5, end=6, box=replace(BOX, page=3))),
    tables=(
        TableSpan(start=0, end=9, header_start=0, header_end=2, row_starts=(3, 6)),
        TableSpan(start=10, end=12, header_start=10, header_end=10, row_starts=()),
    ),
    attachments=(Attachment(name="a.bin", media_type=None, content=bytes(range(256)), section=1, inline=False),),
    identities=(KnownIdentity(subject="Patient/1", kind="name", value="Ada"),),
    subjects=("Patient/1",),
    in_force=Interval(effective_from=date(2013, 3, 26)),
    work="45 CFR 164",
    jurisdiction="US",
    language="en",
    metadata={"pages": "2", "": "x"},
)
FAILED = MemberOutcome(name="a.zip!/b.txt", reading=None, code="document.empty", detail="12 bytes")


def test_a_reading_with_every_field_set_comes_back_exactly() -> None:
    outcomes = [MemberOutcome(name="a", reading=RICH, code=None, detail="d"), FAILED]
    assert decode(encode(outcomes)) == outcomes


def test_the_rich_reading_leaves_no_field_at_its_default() -> None:
    empty = Reading(media_type="x", title="x", text="", sections=(replace(RICH.sections[0], end=0),))
    left = [field.name for field in fields(Reading) if getattr(RICH, field.name) == getattr(empty, field.name)]
    assert left == []


def test_a_large_reading_is_deflated_and_comes_back_exactly() -> None:
    text = "word " * 50_000
    root = Section(path=(), kind="document", start=0, end=len(text), parent=None)
    outcomes = [
        MemberOutcome(name="a", reading=Reading(media_type="x", title="", text=text, sections=(root,)), code=None)
    ]
    encoded = encode(outcomes)
    assert len(encoded) < 10_000
    assert decode(encoded) == outcomes


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4),
)
def test_any_text_and_any_box_come_back_exactly(text: str, sides: list[float]) -> None:
    left, top, right, bottom = sides
    box = Box(page=1, left=left, top=top, right=right, bottom=bottom)
    root = Section(path=(), kind=text, start=0, end=len(text), parent=None)
    reading = Reading(
        media_type=text,
        title=text,
        text=text,
        sections=(root,),
        anchors=(Anchor(start=0, end=0, box=box),),
        metadata={text: text},
    )
    outcomes = [MemberOutcome(name=text, reading=reading, code=None)]
    assert decode(encode(outcomes)) == outcomes


def test_half_a_character_becomes_one_question_mark() -> None:
    root = Section(path=(), kind="document", start=0, end=3, parent=None)
    reading = Reading(media_type="x", title="", text="a\ud800b", sections=(root,))
    (outcome,) = decode(encode([MemberOutcome(name="a", reading=reading, code=None)]))
    assert outcome.reading is not None
    assert outcome.reading.text == "a?b"


@pytest.mark.parametrize(
    "content", [b"", b"j", b"j[{}]", b"jnull", b"z123", b'j[{"name":"a","code":null,"detail":"","reading":null}]']
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(content)


def test_frames_come_back_one_by_one() -> None:
    stream = BytesIO()
    write_frame(stream, b"one")
    write_frame(stream, b"")
    stream.seek(0)
    assert [read_frame(stream), read_frame(stream)] == [b"one", b""]
    with pytest.raises(EOFError):
        read_frame(stream)


def test_a_frame_that_claims_to_be_huge_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValueError, match="frame of"):
        read_frame(BytesIO(b"\xff" * 8))
