"""Keeps passages in a collection of a Qdrant server, for when one machine is outgrown."""

from __future__ import annotations

import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from domain.documents import Interval
from domain.errors import ServiceError
from domain.ports.passage_index import Hit, IndexEntry, IndexFilter, Listed, SparseVector
from retrieval.indexes import points

_PAGE: Final = 1000


class ServerIndex:
    """Implements PassageIndex on one collection, made on first use, of the same shape as the shard of EdgeIndex.

    Raises ServiceError ``service.index_unavailable`` when the server cannot be reached or answers with an error.
    """

    def __init__(self, client: QdrantClient, dimension: int, *, collection: str = "consilium") -> None:
        self._client = client
        self._collection = collection
        with _reported():
            self._prepare(dimension)

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries by passage id; durable when it returns."""
        if entries:
            with _reported():
                self._client.upsert(self._collection, [_point(entry) for entry in entries], wait=True)

    def add_vectors(self, vectors: Mapping[str, array.array[float]]) -> None:
        """Give entries their dense vectors, by passage id; durable when it returns."""
        by_point = {str(points.point_id(key)): vector for key, vector in vectors.items()}
        with _reported():
            # The server refuses the whole update for one point that it does not have.
            there = self._client.retrieve(self._collection, list(by_point), with_payload=False, with_vectors=False)
            update = [models.PointVectors(id=r.id, vector={points.DENSE: by_point[str(r.id)].tolist()}) for r in there]
            if update:
                self._client.update_vectors(self._collection, update, wait=True)

    def delete_version(self, version_id: str) -> None:
        """Remove every entry of a version."""
        selector = models.FilterSelector(filter=_of_version(version_id))
        with _reported():
            self._client.delete(self._collection, selector, wait=True)

    def set_in_force(self, version_id: str, interval: Interval) -> None:
        """Change the dates in force of every entry of a version."""
        with _reported():
            self._client.set_payload(
                self._collection, points.in_force(interval), points=_of_version(version_id), wait=True
            )

    def search_dense(self, vector: array.array[float], where: IndexFilter, limit: int) -> list[Hit]:
        """Return the nearest entries by cosine similarity."""
        return self._nearest(vector.tolist(), points.DENSE, where, limit)

    def search_sparse(self, vector: SparseVector, where: IndexFilter, limit: int) -> list[Hit]:
        """Return the best entries by BM25; the server applies the inverse document frequency."""
        return self._nearest(_sparse(vector), points.WORDS, where, limit) if vector.indices else []

    def weights(self, passage_ids: Sequence[str], terms: Sequence[int]) -> dict[str, dict[int, float]]:
        """Return what each entry weighs of ``terms``, by passage id."""
        by_point = {str(points.point_id(passage_id)): passage_id for passage_id in passage_ids}
        with _reported():
            records = self._client.retrieve(
                self._collection, list(by_point), with_payload=False, with_vectors=[points.WORDS]
            )
        return {by_point[str(record.id)]: _weights(record, terms) for record in records}

    def lookup(self, keys: Sequence[str], where: IndexFilter, limit: int) -> list[Hit]:
        """Return entries that carry at least one of ``keys``; the score is how many they carry."""
        wanted = set(keys)
        if not wanted:
            return []
        carries = models.FieldCondition(key=points.KEYS, match=models.MatchAny(any=sorted(wanted)))
        hits: list[Hit] = []
        offset: Any = None
        while True:
            with _reported():
                records, offset = self._client.scroll(
                    self._collection,
                    scroll_filter=_filter(where, carries),
                    limit=_PAGE,
                    offset=offset,
                    with_payload=[points.PASSAGE, points.KEYS],
                )
            for record in records:
                found = record.payload or {}
                score = float(len(wanted.intersection(found[points.KEYS])))
                hits.append(Hit(passage_id=found[points.PASSAGE], score=score))
            if offset is None:
                return points.ranked(hits, limit)

    def count(self, where: IndexFilter | None = None) -> int:
        """Return how many entries match; all entries without a filter."""
        with _reported():
            return self._client.count(self._collection, _filter(where) if where else None, exact=True).count

    def inventory(self) -> Iterator[Listed]:
        """Yield every entry."""
        embedded = models.Filter(must=[models.HasVectorCondition(has_vector=points.DENSE)])
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
        by_point = {str(points.point_id(passage_id)): passage_id for passage_id in passage_ids}
        with _reported():
            records = self._client.retrieve(
                self._collection, list(by_point), with_payload=False, with_vectors=[points.DENSE]
            )
        found = {by_point[str(record.id)]: cast("Any", record.vector) for record in records}
        return {key: points.unit(vector[points.DENSE]) for key, vector in found.items() if vector}

    def _all(self, where: models.Filter | None, *, payload: list[str] | bool) -> Iterator[models.Record]:
        offset: Any = None
        while True:
            with _reported():
                records, offset = self._client.scroll(
                    self._collection, scroll_filter=where, limit=_PAGE, offset=offset, with_payload=payload
                )
            yield from records
            if offset is None:
                return

    def compact(self) -> None:
        """Do nothing: the server's vacuum optimiser does that by itself, once enough was deleted."""

    def optimise(self) -> None:
        """Do nothing: the server does that by itself."""

    def close(self) -> None:
        """Close the connection."""
        with _reported():
            self._client.close()

    def _prepare(self, dimension: int) -> None:
        if not self._client.collection_exists(self._collection):
            self._client.create_collection(
                self._collection,
                vectors_config={points.DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
                sparse_vectors_config={points.WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            )
        known = self._client.get_collection(self._collection).payload_schema
        kinds = dict.fromkeys(points.KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD)
        kinds |= dict.fromkeys(points.INTEGER_FIELDS, models.PayloadSchemaType.INTEGER)
        for field, kind in kinds.items():
            if field not in known:
                self._client.create_payload_index(self._collection, field, kind)

    def _nearest(
        self, query: list[float] | models.SparseVector, using: str, where: IndexFilter, limit: int
    ) -> list[Hit]:
        with _reported():
            found = self._client.query_points(
                self._collection,
                query=query,
                using=using,
                query_filter=_filter(where),
                limit=limit,
                with_payload=[points.PASSAGE],
            ).points
        hits = [Hit(passage_id=cast("dict[str, str]", hit.payload)[points.PASSAGE], score=hit.score) for hit in found]
        return points.ranked(hits, limit)


def _point(entry: IndexEntry) -> models.PointStruct:
    vectors: dict[str, Any] = {}
    if entry.sparse.indices:
        vectors[points.WORDS] = _sparse(entry.sparse)
    if entry.dense is not None:
        vectors[points.DENSE] = entry.dense.tolist()
    return models.PointStruct(id=str(points.point_id(entry.passage_id)), vector=vectors, payload=points.payload(entry))


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _weights(record: models.Record, terms: Sequence[int]) -> dict[int, float]:
    words = record.vector.get(points.WORDS) if isinstance(record.vector, dict) else None
    return points.weights(words.indices, words.values, terms) if isinstance(words, models.SparseVector) else {}


def _of_version(version_id: str) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key=points.VERSION, match=models.MatchValue(value=version_id))])


def _filter(where: IndexFilter, *more: models.Condition) -> models.Filter:
    """Return the filter; "except" matches a passage with any value outside of the list, so its negation is a subset."""
    day = points.day(where.as_of)
    must: list[models.Condition] = [
        models.FieldCondition(key=points.TENANT, match=models.MatchValue(value=where.tenant)),
        models.FieldCondition(key=points.FROM, range=models.Range(lte=day)),
        models.FieldCondition(key=points.TO, range=models.Range(gt=day)),
        *more,
    ]
    if where.collections:
        must.append(models.FieldCondition(key=points.COLLECTION, match=models.MatchAny(any=list(where.collections))))
    if where.among:
        must.append(models.HasIdCondition(has_id=[str(points.point_id(passage_id)) for passage_id in where.among]))
    must_not: list[models.Condition] = []
    for field, allowed in ((points.SUBJECTS, where.subjects), (points.WALLS, where.walls)):
        if allowed:
            must_not.append(
                models.FieldCondition(key=field, match=models.MatchExcept.model_validate({"except": list(allowed)}))
            )
        else:
            must.append(models.IsEmptyCondition(is_empty=models.PayloadField(key=field)))
    return models.Filter(must=must, must_not=must_not)


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what the client raises into errors of ours, without the server's words."""
    try:
        yield
    except (ApiException, QdrantException, OSError, ValueError, RuntimeError) as error:
        raise ServiceError("service.index_unavailable", type(error).__name__) from error
