"""How nouns of the domain are written into rows and read back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import RowMapping

from domain.documents import Anchor, Box, Document, Interval, Labels, Locator, Passage, Section, Version
from domain.ports.catalogue import StoredVersion

_WORDS_A_ROW: Final = 500
_NOWHERE: Final = Locator()
_LOCATOR_FIELDS: Final = ("page", "citation", "resource", "element", "member")
Row = dict[str, object]
to_json: Final = json.JSONEncoder(ensure_ascii=False).encode


# Passages of a collection have few labels between them, and a locator is often empty.
@lru_cache(maxsize=1024)
def labels_to_json(labels: Labels) -> str:
    """Write labels."""
    return to_json(asdict(labels))


@lru_cache(maxsize=1024)
def labels_from_json(text: str) -> Labels:
    """Read labels."""
    data = json.loads(text)
    return Labels(**{**data, "subjects": tuple(data["subjects"]), "walls": tuple(data["walls"])})


def locator_to_json(locator: Locator) -> str:
    """Write a locator; boxes as lists of numbers."""
    if locator == _NOWHERE:
        return "{}"
    data: dict[str, Any] = {key: getattr(locator, key) for key in _LOCATOR_FIELDS if getattr(locator, key)}
    if locator.boxes:
        data["boxes"] = [[b.page, b.left, b.top, b.right, b.bottom] for b in locator.boxes]
    return to_json(data)


def locator_from_json(text: str) -> Locator:
    """Read a locator."""
    if text == "{}":
        return Locator()
    data = json.loads(text)
    boxes = tuple(Box(page=p, left=le, top=t, right=r, bottom=b) for p, le, t, r, b in data.pop("boxes", []))
    return Locator(boxes=boxes, **data)


def iso(day: date | None) -> str | None:
    """Write a date."""
    return day.isoformat() if day else None


def day(text: str | None) -> date | None:
    """Read a date."""
    return date.fromisoformat(text) if text else None


def interval(row: RowMapping) -> Interval:
    """Read the dates in force."""
    return Interval(effective_from=day(row["effective_from"]), effective_to=day(row["effective_to"]))


def document(row: RowMapping) -> Document:
    """Read a document."""
    return Document(id=row["id"], identity=row["identity"], title=row["title"], labels=labels_from_json(row["labels"]))


def version(row: RowMapping) -> Version:
    """Read a version."""
    return Version(
        id=row["id"],
        document_id=row["document_id"],
        digest=row["digest"],
        path=row["path"],
        media_type=row["media_type"],
        title=row["title"],
        text=row["text"],
        in_force=interval(row),
    )


def version_to_row(version: Version) -> Row:
    """Write a version that is being indexed."""
    return {
        "id": version.id,
        "document_id": version.document_id,
        "digest": version.digest,
        "path": version.path,
        "media_type": version.media_type,
        "title": version.title,
        "text": version.text,
        "effective_from": iso(version.in_force.effective_from),
        "effective_to": iso(version.in_force.effective_to),
        "state": "indexing",
    }


def stored_version(row: RowMapping) -> StoredVersion:
    """Read a version without its text."""
    return StoredVersion(
        id=row["id"],
        document_id=row["document_id"],
        digest=row["digest"],
        path=row["path"],
        media_type=row["media_type"],
        title=row["title"],
        in_force=interval(row),
        passages=row["passages"],
        state=row["state"],
        added_at=row["added_at"],
    )


def passage_to_row(passage: Passage) -> Row:
    """Write a passage."""
    return {
        "id": passage.id,
        "version_id": passage.version_id,
        "start": passage.start,
        "stop": passage.end,
        "text": passage.text,
        "section": to_json(passage.section),
        "locator": locator_to_json(passage.locator),
        "labels": labels_to_json(passage.labels),
        "parent_start": passage.parent_start,
        "parent_stop": passage.parent_end,
        "header": passage.header,
        "date": iso(passage.date),
    }


def passage(row: RowMapping) -> Passage:
    """Read a passage joined with its version."""
    return Passage(
        id=row["id"],
        document_id=row["document_id"],
        version_id=row["version_id"],
        start=row["start"],
        end=row["stop"],
        text=row["text"],
        title=row["title"],
        section=tuple(json.loads(row["section"])),
        locator=locator_from_json(row["locator"]),
        labels=labels_from_json(row["labels"]),
        in_force=interval(row),
        parent_start=row["parent_start"],
        parent_end=row["parent_stop"],
        header=row["header"],
        date=day(row["date"]),
        path=row["path"],
    )


def section_to_row(version_id: str, number: int, section: Section) -> Row:
    """Write a section."""
    return {
        "version_id": version_id,
        "number": number,
        "parent": section.parent,
        "kind": section.kind,
        "path": to_json(section.path),
        "start": section.start,
        "stop": section.end,
        "locator": locator_to_json(section.locator),
        "subjects": to_json(section.subjects),
        "date": iso(section.date),
    }


def section(row: RowMapping) -> Section:
    """Read a section."""
    return Section(
        path=tuple(json.loads(row["path"])),
        kind=row["kind"],
        start=row["start"],
        end=row["stop"],
        parent=row["parent"],
        locator=locator_from_json(row["locator"]),
        subjects=tuple(json.loads(row["subjects"])),
        date=day(row["date"]),
    )


def anchors_to_rows(version_id: str, anchors: Sequence[Anchor]) -> Iterator[Row]:
    """Write anchors, some hundred words a row, compressed."""
    for first in range(0, len(anchors), _WORDS_A_ROW):
        group = anchors[first : first + _WORDS_A_ROW]
        flat = [[a.start, a.end, a.box.page, a.box.left, a.box.top, a.box.right, a.box.bottom] for a in group]
        words = zlib.compress(json.dumps(flat).encode(), 1)
        yield {"version_id": version_id, "start": group[0].start, "stop": group[-1].end, "words": words}


def anchors(row: RowMapping) -> list[Anchor]:
    """Read the anchors of one row."""
    flat = json.loads(zlib.decompress(row["words"]))
    return [Anchor(start=s, end=e, box=Box(page=p, left=le, top=t, right=r, bottom=b)) for s, e, p, le, t, r, b in flat]
