"""Appends what attachments say to the document that carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.documents import Attachment, Reading, Section
from ingestion.outcomes import MemberOutcome

_GAP: Final = "\n\n"


def with_attachments(reading: Reading, read: Sequence[tuple[Attachment, MemberOutcome]]) -> Reading:
    """Return the reading with each attachment's sections at its end, and nothing left to be read.

    An attachment's path goes on from the section that carries it, and its subjects are stated, because it no longer
    stands below that section. One that cannot be read becomes metadata "attachment.<n>" with its code.
    """
    grown = replace(reading, attachments=())
    metadata = dict(reading.metadata)
    for number, (attachment, outcome) in enumerate(read, start=1):
        if outcome.reading is None:
            metadata[f"attachment.{number}"] = outcome.code or ""
        else:
            grown = _appended(grown, attachment, outcome.name, outcome.reading)
    return replace(grown, metadata=metadata)


def _appended(reading: Reading, attachment: Attachment, name: str, inner: Reading) -> Reading:
    gap = _GAP if reading.text else ""
    shift = len(reading.text) + len(gap)
    carrier = reading.sections[attachment.section]
    prefix = (*carrier.path, f"Attachment: {name}")
    subjects = inner.subjects or _subjects(reading.sections, attachment.section)
    first = len(reading.sections)
    root = replace(reading.sections[0], end=shift + len(inner.text))
    moved = [
        replace(
            section,
            path=(*prefix, *section.path),
            kind="attachment" if section.parent is None else section.kind,
            start=section.start + shift,
            end=section.end + shift,
            parent=0 if section.parent is None else section.parent + first,
            locator=replace(section.locator, member="!/".join(filter(None, (name, section.locator.member)))),
            subjects=section.subjects or (subjects if section.parent is None else ()),
        )
        for section in inner.sections
    ]
    anchors = [replace(anchor, start=anchor.start + shift, end=anchor.end + shift) for anchor in inner.anchors]
    tables = [
        replace(
            table,
            start=table.start + shift,
            end=table.end + shift,
            header_start=table.header_start + shift,
            header_end=table.header_end + shift,
            row_starts=tuple(start + shift for start in table.row_starts),
        )
        for table in inner.tables
    ]
    return replace(
        reading,
        text=reading.text + gap + inner.text,
        sections=(root, *reading.sections[1:], *moved),
        anchors=(*reading.anchors, *anchors),
        tables=(*reading.tables, *tables),
        identities=tuple(dict.fromkeys((*reading.identities, *inner.identities))),
        subjects=tuple(dict.fromkeys((*reading.subjects, *inner.subjects))),
    )


def _subjects(sections: Sequence[Section], index: int | None) -> tuple[str, ...]:
    """Return the subjects of a section, its own or those that it inherits."""
    while index is not None:
        section = sections[index]
        if section.subjects:
            return section.subjects
        index = section.parent
    return ()
