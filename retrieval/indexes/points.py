"""Says how a passage lies in a Qdrant collection, so that the shard in process and the server keep the same shape.

A point has the named vectors ``dense`` (cosine; missing until it is embedded) and ``words`` (sparse, IDF by Qdrant)
and a payload of ids and labels. Texts are never stored here.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from domain.documents import Interval
from domain.ports.passage_index import Hit, IndexEntry

DENSE: Final = "dense"
WORDS: Final = "words"
PASSAGE: Final = "passage_id"
TENANT: Final = "tenant"
COLLECTION: Final = "collection"
SUBJECTS: Final = "subjects"
WALLS: Final = "walls"
VERSION: Final = "version_id"
KEYS: Final = "keys"
FROM: Final = "from"
TO: Final = "to"
KEYWORD_FIELDS: Final = (TENANT, COLLECTION, SUBJECTS, WALLS, VERSION, KEYS)
INTEGER_FIELDS: Final = (FROM, TO)
# Proleptic days (date.toordinal) are 1 to 3,652,059, and exact as 64-bit floats.
ALWAYS: Final = 0
FOREVER: Final = 10_000_000
_NAMESPACE: Final = uuid.UUID("5d2f9c3e-8a51-5b0c-9c42-0f6f5f1d7a10")


def point_id(passage_id: str) -> uuid.UUID:
    """Return the point's id; the same passage always has the same one."""
    return uuid.uuid5(_NAMESPACE, passage_id)


def in_force(interval: Interval) -> dict[str, int]:
    """Return the payload of an interval; an open side is a day that no calendar reaches."""
    return {
        FROM: interval.effective_from.toordinal() if interval.effective_from else ALWAYS,
        TO: interval.effective_to.toordinal() if interval.effective_to else FOREVER,
    }


def day(as_of: date) -> int:
    """Return a date in the unit of the payload."""
    return as_of.toordinal()


def payload(entry: IndexEntry) -> dict[str, Any]:
    """Return the payload of an entry: ids and labels."""
    return {
        PASSAGE: entry.passage_id,
        TENANT: entry.labels.tenant,
        COLLECTION: entry.labels.collection,
        SUBJECTS: list(entry.labels.subjects),
        WALLS: list(entry.labels.walls),
        VERSION: entry.version_id,
        KEYS: list(entry.keys),
        **in_force(entry.in_force),
    }


def ranked(hits: list[Hit], limit: int) -> list[Hit]:
    """Return the best hits, equal scores by passage id."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:limit]
