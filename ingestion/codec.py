"""Writes outcomes of reading as JSON bytes and reads them back, exactly.

What crosses from the reading process to its parent is data: nothing of it is ever executed, as pickle would. Only lone
surrogates do not survive, which no text encoding can carry.
"""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import IO, Any, Final

from domain.documents import Anchor, Attachment, Box, Interval, Locator, Reading, Section, TableSpan
from domain.identities import KnownIdentity
from ingestion.outcomes import MemberOutcome

MAX_FRAME: Final = 1 << 30
_LENGTH: Final = struct.Struct(">Q")
_PLAIN, _DEFLATED = b"j", b"z"
_WORTH_DEFLATING: Final = 65_536
_ANCHOR: Final = 7  # start, end, page, left, top, right, bottom

_Json = dict[str, Any]


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Write a length of eight bytes and the content."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """Read one frame. Raises EOFError where the stream ends before it, ValueError over :data:`MAX_FRAME`."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MAX_FRAME:
        message = f"frame of {length} bytes, limit {MAX_FRAME}"
        raise ValueError(message)
    return _exactly(stream, length)


def encode(outcomes: Sequence[MemberOutcome]) -> bytes:
    """Return outcomes as JSON bytes, deflated where they are large."""
    value = [
        {"name": outcome.name, "code": outcome.code, "detail": outcome.detail, "reading": _packed(outcome.reading)}
        for outcome in outcomes
    ]
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return _DEFLATED + zlib.compress(written, 1) if len(written) > _WORTH_DEFLATING else _PLAIN + written


def decode(content: bytes) -> list[MemberOutcome]:
    """Return what was encoded. Raises ValueError, KeyError or TypeError for anything else."""
    written = content[1:]
    if content[:1] == _DEFLATED:
        try:
            written = zlib.decompressobj().decompress(written, MAX_FRAME)
        except zlib.error as error:
            raise ValueError(str(error)) from error
    return [
        MemberOutcome(
            name=item["name"],
            code=item["code"],
            detail=item["detail"],
            reading=None if item["reading"] is None else _unpacked(item["reading"]),
        )
        for item in json.loads(written)
    ]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _packed(reading: Reading | None) -> _Json | None:
    if reading is None:
        return None
    return {
        "media_type": reading.media_type,
        "title": reading.title,
        "text": reading.text,
        "sections": [_packed_section(section) for section in reading.sections],
        "anchors": list(chain.from_iterable((a.start, a.end, *_flat(a.box)) for a in reading.anchors)),
        "tables": [[t.start, t.end, t.header_start, t.header_end, *t.row_starts] for t in reading.tables],
        "attachments": [
            [a.name, a.media_type, b64encode(a.content).decode(), a.section, a.inline] for a in reading.attachments
        ],
        "identities": [[i.subject, i.kind, i.value] for i in reading.identities],
        "subjects": reading.subjects,
        "in_force": [_iso(reading.in_force.effective_from), _iso(reading.in_force.effective_to)],
        "work": reading.work,
        "jurisdiction": reading.jurisdiction,
        "language": reading.language,
        "metadata": dict(reading.metadata),
    }


def _unpacked(value: _Json) -> Reading:
    begins, ends = value["in_force"]
    return Reading(
        media_type=value["media_type"],
        title=value["title"],
        text=value["text"],
        sections=tuple(_unpacked_section(*section) for section in value["sections"]),
        anchors=tuple(
            Anchor(start=start, end=end, box=_box(*sides)) for start, end, *sides in _grouped(value["anchors"], _ANCHOR)
        ),
        tables=tuple(
            TableSpan(start=start, end=end, header_start=first, header_end=last, row_starts=tuple(rows))
            for start, end, first, last, *rows in value["tables"]
        ),
        attachments=tuple(
            Attachment(name=name, media_type=kind, content=b64decode(content), section=section, inline=inline)
            for name, kind, content, section, inline in value["attachments"]
        ),
        identities=tuple(KnownIdentity(subject=s, kind=k, value=v) for s, k, v in value["identities"]),
        subjects=tuple(value["subjects"]),
        in_force=Interval(effective_from=_date(begins), effective_to=_date(ends)),
        work=value["work"],
        jurisdiction=value["jurisdiction"],
        language=value["language"],
        metadata=value["metadata"],
    )


def _packed_section(section: Section) -> list[Any]:
    locator = section.locator
    place = {
        name: value
        for name in ("page", "citation", "resource", "element", "member")
        if (value := getattr(locator, name)) is not None
    }
    if locator.boxes:
        place["boxes"] = list(chain.from_iterable(map(_flat, locator.boxes)))
    span = [section.path, section.kind, section.start, section.end, section.parent]
    return [*span, place, section.subjects, _iso(section.date)]


def _unpacked_section(*fields: Any) -> Section:
    path, kind, start, end, parent, place, subjects, day = fields
    boxes = tuple(_box(*sides) for sides in _grouped(place.pop("boxes", ()), _ANCHOR - 2))
    return Section(
        path=tuple(path),
        kind=kind,
        start=start,
        end=end,
        parent=parent,
        locator=Locator(boxes=boxes, **place),
        subjects=tuple(subjects),
        date=_date(day),
    )


def _flat(box: Box) -> tuple[float, ...]:
    return (box.page, box.left, box.top, box.right, box.bottom)


def _box(page: Any, *sides: float) -> Box:
    left, top, right, bottom = sides
    return Box(page=page, left=left, top=top, right=right, bottom=bottom)


def _grouped(values: Sequence[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Yield values in groups of ``size``."""
    iterator = iter(values)
    return zip(*[iterator] * size, strict=True)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
