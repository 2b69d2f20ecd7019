"""Documents in a list: what is looked for, in which order, and what a list knows of each without reading any."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.documents import Document

STATES: Final = ("indexing", "words", "indexed")
"""A document is "indexing" while no question sees it, "words" while vectors of one of its texts follow."""


class Order(StrEnum):
    """What a list is ordered by; documents that are alike in that come by id."""

    ADDED = "added"
    TITLE = "title"
    COLLECTION = "collection"
    SUBJECT = "subject"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which documents of a tenant are listed.

    ``within`` and ``walls`` bound what is seen, as a question's scope does: all subjects of a document must be in
    ``within`` and all of its walls in ``walls``. With ``within`` None nothing bounds it, and documents that no question
    sees yet are listed too. What follows are filters, each off when it is empty: ``subject`` is one of those it is
    about, ``digest`` the SHA-256 of the file that one of its versions was read from, ``added_from`` and ``added_to``
    (exclusive) days or moments of its last addition in ISO 8601.
    """

    tenant: str
    within: tuple[str, ...] | None = None
    walls: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    subject: str = ""
    digest: str = ""
    added_from: str = ""
    added_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document in a list: when one of its texts was last added (ISO 8601), its state, and how many versions it has.

    Versions that were corrected by another text are not counted.
    """

    document: Document
    added_at: str | None
    state: str
    versions: int
