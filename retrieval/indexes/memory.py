"""Keeps passages in memory: the plain reference that says what every index must answer."""

from __future__ import annotations

import array
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from domain.documents import Interval
from domain.errors import ServiceError
from domain.ports.passage_index import Hit, IndexEntry, IndexFilter, Listed, SparseVector
from retrieval.indexes import points


class MemoryIndex:
    """Implements PassageIndex with a dictionary and loops; nothing outlives the process."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._entries: dict[str, IndexEntry] = {}

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries by passage id; all of them or, when a vector has another length, none."""
        self._check([entry.dense for entry in entries if entry.dense is not None])
        self._entries.update({entry.passage_id: entry for entry in entries})

    def add_vectors(self, vectors: Mapping[str, array.array[float]]) -> None:
        """Give entries their dense vectors, by passage id; an id that is not there is passed over."""
        self._check(vectors.values())
        for key, vector in vectors.items():
            if key in self._entries:
                self._entries[key] = replace(self._entries[key], dense=vector)

    def delete_version(self, version_id: str) -> None:
        """Remove every entry of a version."""
        self._entries = {key: entry for key, entry in self._entries.items() if entry.version_id != version_id}

    def set_in_force(self, version_id: str, interval: Interval) -> None:
        """Change the dates in force of every entry of a version."""
        for key, entry in self._entries.items():
            if entry.version_id == version_id:
                self._entries[key] = replace(entry, in_force=interval)

    def search_dense(self, vector: array.array[float], where: IndexFilter, limit: int) -> list[Hit]:
        """Return the nearest entries by cosine similarity."""

        def score(entry: IndexEntry) -> float | None:
            return None if entry.dense is None else _cosine(vector, entry.dense)

        return self._best(score, where, limit)

    def search_sparse(self, vector: SparseVector, where: IndexFilter, limit: int) -> list[Hit]:
        """Return the best entries by BM25, with the inverse document frequency that Qdrant uses."""
        frequency = Counter(index for entry in self._entries.values() for index in entry.sparse.indices)
        total = len(self._entries)
        weights = {
            index: value * math.log((total - frequency[index] + 0.5) / (frequency[index] + 0.5) + 1)
            for index, value in zip(vector.indices, vector.values, strict=True)
        }

        def score(entry: IndexEntry) -> float | None:
            pairs = zip(entry.sparse.indices, entry.sparse.values, strict=True)
            return sum(weights.get(index, 0.0) * value for index, value in pairs) or None

        return self._best(score, where, limit)

    def weights(self, passage_ids: Sequence[str], terms: Sequence[int]) -> dict[str, dict[int, float]]:
        """Return what each entry weighs of ``terms``, by passage id."""
        vectors = {key: self._entries[key].sparse for key in passage_ids if key in self._entries}
        return {key: points.weights(vector.indices, vector.values, terms) for key, vector in vectors.items()}

    def lookup(self, keys: Sequence[str], where: IndexFilter, limit: int) -> list[Hit]:
        """Return entries that carry at least one of ``keys``; the score is how many they carry."""
        wanted = set(keys)
        return self._best(lambda entry: float(len(wanted.intersection(entry.keys))) or None, where, limit)

    def count(self, where: IndexFilter | None = None) -> int:
        """Return how many entries match; all entries without a filter."""
        return sum(1 for entry in self._entries.values() if where is None or _matches(entry, where))

    def inventory(self) -> Iterator[Listed]:
        """Yield every entry."""
        for entry in list(self._entries.values()):
            yield Listed(
                passage_id=entry.passage_id,
                version_id=entry.version_id,
                labels=points.labels(points.payload(entry)),
                in_force=entry.in_force,
                dense=entry.dense is not None,
            )

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, array.array[float]]:
        """Return the dense vectors of entries, as unit vectors."""
        found = {key: self._entries[key].dense for key in passage_ids if key in self._entries}
        return {key: points.unit(vector) for key, vector in found.items() if vector is not None}

    def compact(self) -> None:
        """Do nothing: what was deleted is gone."""

    def optimise(self) -> None:
        """Do nothing: every search is exact."""

    def close(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def _check(self, vectors: Iterable[array.array[float]]) -> None:
        if any(len(vector) != self._dimension for vector in vectors):
            raise ServiceError("service.index_unavailable", f"vectors have {self._dimension} numbers here")

    def _best(self, score: Callable[[IndexEntry], float | None], where: IndexFilter, limit: int) -> list[Hit]:
        scored = ((entry.passage_id, score(entry)) for entry in self._entries.values() if _matches(entry, where))
        return points.ranked([Hit(passage_id=key, score=value) for key, value in scored if value is not None], limit)


def _matches(entry: IndexEntry, where: IndexFilter) -> bool:
    labels = entry.labels
    return (
        labels.tenant == where.tenant
        and (not where.collections or labels.collection in where.collections)
        and set(labels.subjects) <= set(where.subjects)
        and set(labels.walls) <= set(where.walls)
        and entry.in_force.covers(where.as_of)
        and (not where.among or entry.passage_id in where.among)
    )


def _cosine(left: array.array[float], right: array.array[float]) -> float:
    norm = math.hypot(*left) * math.hypot(*right)
    return math.fsum(a * b for a, b in zip(left, right, strict=True)) / norm if norm else 0.0
