"""Finds passages by meaning, by words and by citation, within a filter."""

from __future__ import annotations

import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.documents import Interval, Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseVector:
    """Weights of terms; ``indices`` are sorted, unique, unsigned 32-bit term ids."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One passage as the index keeps it: ids, labels and vectors, never text.

    ``dense`` may be missing: the passage is then found by words only, until its vector follows. ``keys`` are the
    normalised citations and codes by which it is looked up exactly.
    """

    passage_id: str
    document_id: str
    version_id: str
    labels: Labels
    in_force: Interval
    sparse: SparseVector
    dense: array.array[float] | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFilter:
    """What a query may see; applied inside the index query, never after it.

    A passage matches when it is of the tenant; in one of ``collections`` (or those are empty); all its subjects are in
    ``subjects`` (a passage without subjects matches always); all its walls are in ``walls``; it is in force on
    ``as_of``; and, where ``among`` names passages, it is one of them.
    """

    tenant: str
    as_of: date
    subjects: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    walls: tuple[str, ...] = ()
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage id with its score; higher is better. Equal scores are ordered by passage id."""

    passage_id: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What an inventory says of an entry: which passage and version it is, its dates, and if it has its vector.

    ``labels`` are those that the index filters by: tenant, collection, subjects and walls.
    """

    passage_id: str
    version_id: str
    labels: Labels
    in_force: Interval
    dense: bool


class PassageIndex(Protocol):
    """Keeps vectors and labels of passages. Every method raises ServiceError when the index is unavailable."""

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries by passage id; durable when it returns."""

    def add_vectors(self, vectors: Mapping[str, array.array[float]]) -> None:
        """Give entries their dense vectors, by passage id; an id that is not there is passed over. Durable."""

    def delete_version(self, version_id: str) -> None:
        """Remove every entry of a version."""

    def set_in_force(self, version_id: str, interval: Interval) -> None:
        """Change the dates in force of every entry of a version."""

    def search_dense(self, vector: array.array[float], where: IndexFilter, limit: int) -> list[Hit]:
        """Return the nearest entries by cosine similarity."""

    def search_sparse(self, vector: SparseVector, where: IndexFilter, limit: int) -> list[Hit]:
        """Return the best entries by dot product of ``vector`` with each entry's sparse vector; zero never matches.

        The inverse document frequency of the terms is applied inside (BM25), over the whole index.
        """

    def weights(self, passage_ids: Sequence[str], terms: Sequence[int]) -> dict[str, dict[int, float]]:
        """Return what each entry weighs of ``terms`` in its sparse vector, by passage id; a term it lacks is left out.

        An id that is not there is left out too. Nothing is filtered: ask only for what a search within a filter found.
        """

    def lookup(self, keys: Sequence[str], where: IndexFilter, limit: int) -> list[Hit]:
        """Return entries that carry at least one of ``keys``; the score is how many they carry."""

    def count(self, where: IndexFilter | None = None) -> int:
        """Return how many entries match; all entries without a filter."""

    def inventory(self) -> Iterator[Listed]:
        """Yield every entry, of every tenant, in no order."""

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, array.array[float]]:
        """Return the dense vectors of entries, as unit vectors, by passage id; one that has none is left out."""

    def compact(self) -> None:
        """Leave nothing of what was deleted behind, ids and vectors; searches and updates go on meanwhile."""

    def optimise(self) -> None:
        """Bring what was added lately into the shape that is searched fastest; searches and updates go on meanwhile."""

    def close(self) -> None:
        """Write everything out and let go of the files."""
