"""Lists of documents in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, literal_column, or_, select, text
from sqlalchemy.sql.expression import TextClause

from app.store import rows
from app.store.database import POSTGRESQL, SQLITE, Database
from app.store.tables import documents, versions
from domain.listings import Listed, Order, Wanted
from domain.ports.catalogue import VISIBLE

# Labels are JSON in a column. Both say: there is a subject (a wall) among them that is not among those given.
_OUTSIDE: Final = {
    SQLITE: (
        "EXISTS (SELECT 1 FROM json_each(documents.labels, '$.{of}') AS one"
        " WHERE one.value NOT IN (SELECT value FROM json_each(:{of})))"
    ),
    POSTGRESQL: (
        "EXISTS (SELECT 1 FROM json_array_elements_text(CAST(documents.labels AS json) -> '{of}') AS one"
        " WHERE one NOT IN (SELECT json_array_elements_text(CAST(:{of} AS json))))"
    ),
}
_ABOUT: Final = {
    SQLITE: "EXISTS (SELECT 1 FROM json_each(documents.labels, '$.subjects') AS one WHERE one.value = :about)",
    POSTGRESQL: (
        "EXISTS (SELECT 1 FROM json_array_elements_text(CAST(documents.labels AS json) -> 'subjects') AS one"
        " WHERE one = :about)"
    ),
}
_FIRST_SUBJECT: Final = {
    SQLITE: "coalesce(json_extract(documents.labels, '$.subjects[0]'), '')",
    POSTGRESQL: "coalesce(CAST(documents.labels AS json) -> 'subjects' ->> 0, '')",
}
_seen = versions.c.state.in_(sorted(VISIBLE))
# One row for each document. The index versions_listed has all of it, so that no text of a version is read.
_VERSIONS: Final = (
    select(
        versions.c.document_id,
        func.count().label("versions"),
        func.max(versions.c.added_at).label("added_at"),
        case(
            (func.sum(case((_seen, 1), else_=0)) == 0, "indexing"),
            (func.sum(case((versions.c.state == "words", 1), else_=0)) > 0, "words"),
            else_="indexed",
        ).label("state"),
    )
    .where(versions.c.state != "retired")
    .group_by(versions.c.document_id)
    .subquery("listed")
)
_added = func.coalesce(_VERSIONS.c.added_at, "")


class SqlListings:
    """Implements :class:`domain.ports.listings.Listings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Wanted, order: Order, *, down: bool, after: str, limit: int) -> list[Listed] | None:
        """Return some documents in order, or ``None`` where the one they follow is gone."""
        key = self._key(order)
        query = _among(self._where(wanted), documents, _VERSIONS.c.added_at, _VERSIONS.c.state, _VERSIONS.c.versions)
        if after:
            found = self._database.rows(_among([documents.c.id == after], key.label("key")))
            if not found:
                return None
            query = query.where(_follows(key, found[0]["key"], after, down=down))
        turned = (key.desc(), documents.c.id.desc()) if down else (key, documents.c.id)
        return [_listed(row) for row in self._database.rows(query.order_by(*turned).limit(limit))]

    def count(self, wanted: Wanted) -> int:
        """Return how many documents there are."""
        found = self._database.rows(_among(self._where(wanted), func.count().label("many")))
        return int(found[0]["many"])

    def collections(self, wanted: Wanted) -> dict[str, int]:
        """Return how many documents each collection has."""
        name = documents.c.collection
        query = _among(self._where(wanted, collections=False), name, func.count().label("many"))
        return {row["collection"]: row["many"] for row in self._database.rows(query.group_by(name).order_by(name))}

    def _where(self, wanted: Wanted, *, collections: bool = True) -> list[ColumnElement[bool] | TextClause]:
        dialect = self._database.dialect
        found: list[ColumnElement[bool] | TextClause] = [documents.c.tenant == wanted.tenant]
        if wanted.within is not None:
            found.append(_VERSIONS.c.state != "indexing")
            for of, names in (("subjects", wanted.within), ("walls", wanted.walls)):
                clause = "NOT " + _OUTSIDE[dialect].format(of=of)
                found.append(text(clause).bindparams(**{of: rows.to_json(list(names))}))
        if collections and wanted.collections:
            found.append(documents.c.collection.in_(wanted.collections))
        if wanted.states:
            found.append(_VERSIONS.c.state.in_(wanted.states))
        if wanted.subject:
            found.append(text(_ABOUT[dialect]).bindparams(about=wanted.subject))
        if wanted.digest:
            found.append(exists().where(versions.c.document_id == documents.c.id, versions.c.digest == wanted.digest))
        if wanted.added_from:
            found.append(_added >= wanted.added_from)
        if wanted.added_to:
            found.append(and_(_added < wanted.added_to, _added != ""))
        return found

    def _key(self, order: Order) -> ColumnElement[Any]:
        keys: Mapping[Order, ColumnElement[Any]] = {
            Order.ADDED: _added,
            Order.TITLE: func.lower(documents.c.title),
            Order.COLLECTION: documents.c.collection,
            Order.SUBJECT: literal_column(_FIRST_SUBJECT[self._database.dialect]),
            Order.STATE: _VERSIONS.c.state,
        }
        return keys[order]


def _among(where: list[ColumnElement[bool] | TextClause], *columns: Any) -> Select[Any]:
    joined = documents.join(_VERSIONS, _VERSIONS.c.document_id == documents.c.id)
    return select(*columns).select_from(joined).where(*where)


def _follows(key: ColumnElement[Any], value: str, after: str, *, down: bool) -> ColumnElement[bool]:
    at = literal(value)
    if down:
        return or_(key < at, and_(key == at, documents.c.id < after))
    return or_(key > at, and_(key == at, documents.c.id > after))


def _listed(row: Any) -> Listed:
    return Listed(document=rows.document(row), added_at=row["added_at"], state=row["state"], versions=row["versions"])
