"""Keeps passages in a Qdrant Edge shard: in this process, in one folder, with a write-ahead log."""

from __future__ import annotations

import array
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import qdrant_edge as edge

from domain.documents import Interval
from domain.errors import ServiceError
from domain.ports.passage_index import Hit, IndexEntry, IndexFilter, Listed, SparseVector
from retrieval.indexes import points
from retrieval.indexes.kept_words import KeptWords
from retrieval.indexes.shard import GRAPH_FROM
from retrieval.indexes.shard_owner import ShardOwner

_PAGE: Final = 1000
# The graph is walked over quantised vectors; what it finds is scored again with the vectors themselves.
_RESCORED: Final = edge.QuantizationSearchParams(rescore=True)
_BY_GRAPH: Final = edge.SearchParams(hnsw_ef=320, quantization=_RESCORED)
_NO_WORDS: Final = SparseVector(indices=(), values=())
_EXACTLY: Final = edge.SearchParams(exact=True, quantization=edge.QuantizationSearchParams(ignore=True))


class EdgeIndex:
    """Implements PassageIndex on one shard, made on first use; one process owns it at a time.

    Dense searches go over a graph for all but the last few thousand passages, which are searched exactly until
    :meth:`optimise` takes them in; that happens by itself in the background. Searches release the interpreter lock, so
    that threads search side by side. Raises ServiceError: ``service.index_in_use`` when another process has the shard
    open, ``service.index_unavailable`` for everything else that the shard reports. ``graph_from`` is how many vectors
    may wait for the graph.
    """

    def __init__(self, folder: Path, dimension: int, *, graph_from: int = GRAPH_FROM) -> None:
        with _reported():
            self._owner = ShardOwner(folder, dimension, graph_from)
        self._words = KeptWords()

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries by passage id; in the write-ahead log when it returns."""
        if entries:
            vectors = sum(entry.dense is not None for entry in entries)
            self._update(edge.UpdateOperation.upsert_points([_point(entry) for entry in entries]), vectors)

    def add_vectors(self, vectors: Mapping[str, array.array[float]]) -> None:
        """Give entries their dense vectors, by passage id; in the write-ahead log when it returns."""
        if not vectors:
            return
        by_point: dict[edge.PointId, array.array[float]] = {points.point_id(k): v for k, v in vectors.items()}
        with _reported():
            # The shard refuses the whole update, half of it done, for one point that it does not have.
            there = self._owner.shard.retrieve(list(by_point), with_payload=False, with_vector=False)
        update = [edge.PointVectors(found.id, {points.DENSE: by_point[found.id].tolist()}) for found in there]
        if update:
            self._update(edge.UpdateOperation.update_vectors(update), len(update))

    def delete_version(self, version_id: str) -> None:
        """Remove every entry of a version."""
        self._update(edge.UpdateOperation.delete_points_by_filter(_of_version(version_id)))

    def set_in_force(self, version_id: str, interval: Interval) -> None:
        """Change the dates in force of every entry of a version."""
        where = _of_version(version_id)
        self._update(edge.UpdateOperation.set_payload_by_filter(where, points.in_force(interval)))

    def search_dense(
        self, vector: array.array[float], where: IndexFilter, limit: int, *, exact: bool = False
    ) -> list[Hit]:
        """Return the nearest entries by cosine similarity; ``exact`` compares with every one, without the graph."""
        query = edge.Query.Nearest(vector.tolist(), using=points.DENSE)
        return self._nearest(query, where, limit, _EXACTLY if exact else _BY_GRAPH)

    def search_sparse(self, vector: SparseVector, where: IndexFilter, limit: int) -> list[Hit]:
        """Return the best entries by BM25; the shard applies the inverse document frequency."""
        if not vector.indices:
            return []
        return self._nearest(edge.Query.Nearest(_sparse(vector), using=points.WORDS), where, limit)

    def weights(self, passage_ids: Sequence[str], terms: Sequence[int]) -> dict[str, dict[int, float]]:
        """Return what each entry weighs of ``terms``, by passage id.

        The shard takes 3 ms to hand out 170 vectors, so those handed out last are kept until anything changes.
        """
        with _reported():
            return self._words.weights(passage_ids, terms, self._read_words)

    def _read_words(self, passage_ids: Sequence[str]) -> dict[str, SparseVector]:
        by_point: dict[int | uuid.UUID | str, str] = {points.point_id(key): key for key in passage_ids}
        records = self._owner.shard.retrieve(list(by_point), with_payload=False, with_vector=[points.WORDS])
        return {by_point[record.id]: _words_of(record) for record in records}

    def lookup(self, keys: Sequence[str], where: IndexFilter, limit: int) -> list[Hit]:
        """Return entries that carry at least one of ``keys``; the score is how many they carry."""
        wanted = set(keys)
        if not wanted:
            return []
        carries = edge.FieldCondition(points.KEYS, match=edge.MatchAny(sorted(wanted)))
        shard = self._owner.shard
        hits: list[Hit] = []
        offset: Any = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=_PAGE, filter=_filter(where, carries), with_payload=[points.PASSAGE, points.KEYS]
            )
            with _reported():
                records, offset = shard.scroll(request)
            for record in records:
                found = record.payload or {}
                score = float(len(wanted.intersection(found[points.KEYS])))
                hits.append(Hit(passage_id=found[points.PASSAGE], score=score))
            if offset is None:
                return points.ranked(hits, limit)

    def count(self, where: IndexFilter | None = None) -> int:
        """Return how many entries match; all entries without a filter."""
        request = edge.CountRequest(exact=True, filter=_filter(where) if where else None)
        with _reported():
            return int(self._owner.shard.count(request))

    def inventory(self) -> Iterator[Listed]:
        """Yield every entry; one that is added or removed meanwhile may be left out."""
        embedded = edge.Filter(must=[edge.HasVectorCondition(points.DENSE)])
        dense = {record.id for record in self._all(embedded, payload=False)}
        for record in self._all(None, payload=points.LISTED):
            found = record.payload or {}
            yield Listed(
                passage_id=found[points.PASSAGE],
                version_id=found[points.VERSION],
                labels=points.labels(found),
                in_force=points.interval(found),
                dense=record.id in dense,
            )

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, array.array[float]]:
        """Return the dense vectors of entries."""
        by_point: dict[int | uuid.UUID | str, str] = {points.point_id(key): key for key in passage_ids}
        with _reported():
            records = self._owner.shard.retrieve(list(by_point), with_payload=False, with_vector=[points.DENSE])
        found: dict[str, Any] = {by_point[record.id]: record.vector for record in records}
        return {
            key: points.unit(vector[points.DENSE])
            for key, vector in found.items()
            if isinstance(vector, dict) and points.DENSE in vector
        }

    def _all(self, where: edge.Filter | None, *, payload: list[str] | bool) -> Iterator[Any]:
        offset: Any = None
        while True:
            request = edge.ScrollRequest(offset=offset, limit=_PAGE, filter=where, with_payload=payload)
            with _reported():
                records, offset = self._owner.shard.scroll(request)
            yield from records
            if offset is None:
                return

    def compact(self) -> None:
        """Write the shard anew without what was deleted, which Qdrant only marks, and remove the old one.

        A graph is built again in the background. A crash at any time leaves either the old or the new shard.
        """
        with _reported():
            self._owner.compact()

    def optimise(self) -> None:
        """Take waiting vectors into the graph; returns when done, and at once when few wait. Searches go on meanwhile.

        Measured: 5 s for 13,732 passages and 100 s for 200,000 on two processors. A crash at any time loses nothing.
        """
        with _reported():
            self._owner.optimise()

    def close(self) -> None:
        """Write everything out and let go of the files; a second call does nothing."""
        with _reported():
            self._owner.close()

    def _update(self, operation: edge.UpdateOperation, vectors: int = 0) -> None:
        with _reported():
            try:
                self._owner.update(operation, vectors)
            finally:
                self._words.forget()

    def _nearest(
        self, query: edge.Query, where: IndexFilter, limit: int, params: edge.SearchParams | None = None
    ) -> list[Hit]:
        shard = self._owner.shard
        request = edge.QueryRequest(limit=limit, query=query, filter=_filter(where), with_payload=False, params=params)
        with _reported():
            found = shard.query(request)
            names = _passages(shard, [hit.id for hit in found])
        hits = [Hit(passage_id=name, score=hit.score) for name, hit in zip(names, found, strict=True) if name]
        return points.ranked(hits, limit)


def _passages(shard: edge.EdgeShard, ids: list[int | uuid.UUID | str]) -> list[str | None]:
    """Return the passage ids of points; none for one that was removed since it was found."""
    names = [points.passage_of(point) for point in ids]
    if None in names:
        foreign = [point for point, name in zip(ids, names, strict=True) if name is None]
        records = shard.retrieve(foreign, with_payload=[points.PASSAGE], with_vector=False)
        kept = {record.id: (record.payload or {})[points.PASSAGE] for record in records}
        return [name or kept.get(point) for point, name in zip(ids, names, strict=True)]
    return names


def _point(entry: IndexEntry) -> edge.Point:
    vectors: dict[str, Any] = {}
    if entry.sparse.indices:
        vectors[points.WORDS] = _sparse(entry.sparse)
    if entry.dense is not None:
        vectors[points.DENSE] = entry.dense.tolist()
    return edge.Point(id=points.point_id(entry.passage_id), vector=vectors, payload=points.payload(entry))


def _sparse(vector: SparseVector) -> edge.SparseVector:
    return edge.SparseVector(list(vector.indices), list(vector.values))


def _words_of(record: edge.Record) -> SparseVector:
    vectors: Any = record.vector
    words = vectors.get(points.WORDS) if isinstance(vectors, dict) else None
    return SparseVector(indices=words.indices, values=words.values) if words else _NO_WORDS


def _of_version(version_id: str) -> edge.Filter:
    return edge.Filter(must=[edge.FieldCondition(points.VERSION, match=edge.MatchValue(version_id))])


def _filter(where: IndexFilter, *more: edge.FieldCondition) -> edge.Filter:
    """Return the filter; "except" matches a passage with any value outside of the list, so its negation is a subset."""
    day = points.day(where.as_of)
    must: list[edge.ConditionType] = [
        edge.FieldCondition(points.TENANT, match=edge.MatchValue(where.tenant)),
        edge.FieldCondition(points.FROM, range=edge.RangeFloat(lte=day)),
        edge.FieldCondition(points.TO, range=edge.RangeFloat(gt=day)),
        *more,
    ]
    if where.collections:
        must.append(edge.FieldCondition(points.COLLECTION, match=edge.MatchAny(list(where.collections))))
    if where.among:
        must.append(edge.HasIdCondition({points.point_id(passage_id) for passage_id in where.among}))
    must_not: list[edge.ConditionType] = []
    for field, allowed in ((points.SUBJECTS, where.subjects), (points.WALLS, where.walls)):
        if allowed:
            must_not.append(edge.FieldCondition(field, match=edge.MatchExcept(list(allowed))))
        else:
            must.append(edge.IsEmptyCondition(field))
    return edge.Filter(must=must, must_not=must_not)


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what the shard raises into errors of ours."""
    try:
        yield
    except ServiceError:
        raise
    # The shard raises nothing narrower. Its words may quote a payload, so that they are read but not passed on.
    except Exception as error:
        code = "service.index_in_use" if "WouldBlock" in str(error) else "service.index_unavailable"
        raise ServiceError(code) from error
