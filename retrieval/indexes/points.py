"""Says how a passage lies in a Qdrant collection, so that the shard in process and the server keep the same shape.

A point has the named vectors ``dense`` (cosine; missing until it is embedded) and ``words`` (sparse, IDF by Qdrant)
and a payload of ids and labels. Texts are never stored here.
"""

from __future__ import annotations

import array
import math
import re
import uuid
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from domain.documents import Interval, Labels
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
LISTED: Final = [PASSAGE, TENANT, COLLECTION, SUBJECTS, WALLS, VERSION, FROM, TO]
# Proleptic days (date.toordinal) are 1 to 3,652,059, and exact as 64-bit floats.
ALWAYS: Final = 0
FOREVER: Final = 10_000_000
_NAMESPACE: Final = uuid.UUID("5d2f9c3e-8a51-5b0c-9c42-0f6f5f1d7a10")
_DIGEST: Final = re.compile(r"p_([0-9a-f]{12})([0-9a-f]{3})([0-9a-f]{9})")


@lru_cache(maxsize=16_384)
def point_id(passage_id: str) -> uuid.UUID:
    """Return the point's id; the same passage always has the same one.

    The id of a passage as ingestion gives it lies inside a UUID of version 8 (RFC 9562), so that :func:`passage_of`
    needs no payload.
    """
    digest = _DIGEST.fullmatch(passage_id)
    if digest is None:
        return uuid.uuid5(_NAMESPACE, passage_id)
    first, second, third = digest.groups()
    return uuid.UUID(int=int(f"{first}8{second}8{third}000000", 16))


def passage_of(point: int | uuid.UUID | str) -> str | None:
    """Return the passage id that lies inside a point's id, if one does: the payloads of 100 hits cost a millisecond."""
    if not isinstance(point, uuid.UUID):
        return None
    digits = point.hex
    return f"p_{digits[:12]}{digits[13:16]}{digits[17:26]}" if digits[12] == "8" else None


def in_force(interval: Interval) -> dict[str, int]:
    """Return the payload of an interval; an open side is a day that no calendar reaches."""
    return {
        FROM: interval.effective_from.toordinal() if interval.effective_from else ALWAYS,
        TO: interval.effective_to.toordinal() if interval.effective_to else FOREVER,
    }


def interval(payload: Mapping[str, Any]) -> Interval:
    """Return the dates in force that a payload holds."""
    begins, ends = payload[FROM], payload[TO]
    return Interval(
        effective_from=None if begins == ALWAYS else date.fromordinal(begins),
        effective_to=None if ends == FOREVER else date.fromordinal(ends),
    )


def labels(payload: Mapping[str, Any]) -> Labels:
    """Return the labels that a payload holds."""
    return Labels(
        tenant=payload[TENANT],
        collection=payload[COLLECTION],
        subjects=tuple(payload[SUBJECTS]),
        walls=tuple(payload[WALLS]),
    )


def unit(vector: Iterable[float]) -> array.array[float]:
    """Return a vector of length one in 32-bit floats; a null vector as it is."""
    numbers = array.array("f", vector)
    norm = math.hypot(*numbers)
    return array.array("f", (number / norm for number in numbers)) if norm else numbers


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


def weights(indices: Sequence[int], values: Sequence[float], terms: Iterable[int]) -> dict[int, float]:
    """Return the values of those ``terms`` that a sparse vector with sorted indices has."""
    return {term: values[bisect_left(indices, term)] for term in frozenset(terms).intersection(indices)}


def ranked(hits: list[Hit], limit: int) -> list[Hit]:
    """Return the best hits, equal scores by passage id."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:limit]
