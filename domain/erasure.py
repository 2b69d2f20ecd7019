"""What is erased, what is held, and the receipt that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SUBJECT: Final = "subject"
DOCUMENT: Final = "document"

HELD: Final = "held"
SHARED: Final = "shared"
KEPT_BECAUSE: Final[Mapping[str, str]] = {
    HELD: "A legal hold forbids it. Release the hold first.",
    SHARED: "It is about other subjects too. Erase it as a whole with --shared, or split it and ingest it again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A patient or matter, or one document, of a tenant; ``kind`` is "subject" or "document"."""

    tenant: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A legal hold: while it stands, nothing that it covers is erased. ``placed_at`` is ISO 8601."""

    id: str
    target: Target
    reason: str
    placed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document that was not erased; ``because`` is a key of :data:`KEPT_BECAUSE`."""

    document_id: str
    because: str
    hold_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an erasure removed, by ids and counts, and what it kept and why.

    ``traces`` counts what went beside the documents, by name ("answers").
    """

    id: str
    target: Target
    documents: tuple[str, ...]
    versions: tuple[str, ...]
    passages: int
    originals: tuple[str, ...]
    kept: tuple[Kept, ...]
    traces: Mapping[str, int] = field(default_factory=dict)


ERASED: Final = "erased"
HOLD_PLACED: Final = "hold_placed"
HOLD_RELEASED: Final = "hold_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An erasure or a hold as the register remembers it: ids and digests, never text.

    ``event`` is "erased", "hold_placed" or "hold_released", and ``id`` that of the erasure or the hold; ``at`` is ISO
    8601 in UTC. For an erasure, ``names`` are all names of the subject, and ``documents`` and ``originals`` what went.
    """

    event: str
    id: str
    at: str
    target: Target
    shared: bool = False
    names: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()
