"""The catalogue in SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, exists, func, insert, literal_column, or_, select, text, update

from app.store import rows
from app.store.database import POSTGRESQL, SQLITE, Database, upsert
from app.store.tables import aliases, anchors, documents, identities, passages, sections, versions
from app.system import SystemClock
from domain.documents import Anchor, Document, Interval, Labels, Passage, Reading, Section, Version
from domain.identities import KnownIdentity
from domain.layout import anchors_within
from domain.ports.catalogue import VISIBLE, StoredVersion
from domain.ports.clock import Clock

_VISIBLE: Final = versions.c.state.in_(sorted(VISIBLE))
_OF_VERSION: Final = (versions.c.document_id, versions.c.title, versions.c.path)
_PASSAGES: Final = select(
    passages, *_OF_VERSION, versions.c.effective_from, versions.c.effective_to, versions.c.state
).join(versions, versions.c.id == passages.c.version_id)
_MOST_IDS: Final = 500
_MOST_ROWS: Final = 5_000
# Constants are compiled once: these are run for each document of an ingestion, or several times for a question.
_UPSERT_DOCUMENT: Final = upsert(documents, ("id",), ("title", "labels"))
_DELETE_VERSION: Final = delete(versions).where(versions.c.id == bindparam("version"))
_NEXT: Final = select(func.coalesce(func.max(versions.c.added), literal_column("0")) + literal_column("1"))
_INSERT: Final = {table: insert(table) for table in (versions, sections, passages, anchors, identities, aliases)}
_SET_STATE: Final = update(versions).where(versions.c.id == bindparam("version")).values(state=bindparam("now"))
_NEIGHBOURS: Final = _PASSAGES.where(
    passages.c.version_id == bindparam("version"),
    passages.c.start < bindparam("last"),
    passages.c.stop > bindparam("first"),
).order_by(passages.c.start)
_FIND_DOCUMENT: Final = select(documents).where(
    documents.c.tenant == bindparam("of_tenant"),
    documents.c.collection == bindparam("of_collection"),
    documents.c.identity == bindparam("of_identity"),
)
# Left to itself SQLite reads the rows, texts and all, though an index has the answer. All ids are one value: the same
# statement however many there are.
_VERSIONS_OF: Final = {
    SQLITE: text(
        "SELECT id, version_id FROM passages INDEXED BY version_of_passage"
        " WHERE id IN (SELECT value FROM json_each(:ids))"
    ),
    POSTGRESQL: text("SELECT id, version_id FROM passages WHERE id = ANY(:ids)"),
}


class SqlCatalogue:
    """Implements :class:`domain.ports.catalogue.Catalogue`."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    def transaction(self) -> AbstractContextManager[object]:
        """Return a context in which many writes become one."""
        return self._database.write()

    def find_document(self, tenant: str, collection: str, identity: str) -> Document | None:
        """Return the document with this identity, if there is one."""
        wanted = {"of_tenant": tenant, "of_collection": collection, "of_identity": identity}
        found = self._database.found(_FIND_DOCUMENT, wanted)
        return rows.document(found[0]) if found else None

    def document(self, document_id: str) -> Document | None:
        """Return a document by id."""
        found = self._database.rows(select(documents).where(documents.c.id == document_id))
        return rows.document(found[0]) if found else None

    def documents(self, tenant: str, collections: Sequence[str]) -> Iterator[Document]:
        """Yield the documents of a tenant that have a visible version, ordered by id."""
        seen = exists().where(versions.c.document_id == documents.c.id, _VISIBLE)
        query = select(documents).where(documents.c.tenant == tenant, seen).order_by(documents.c.id)
        if collections:
            query = query.where(documents.c.collection.in_(collections))
        return map(rows.document, self._database.rows(query))

    def versions(self, document_id: str) -> list[StoredVersion]:
        """Return the versions of a document, oldest date in force first."""
        count = select(func.count()).where(passages.c.version_id == versions.c.id).scalar_subquery().label("passages")
        known = [column for column in versions.c if column.name != "text"]
        query = select(*known, count).where(versions.c.document_id == document_id)
        begins = func.coalesce(versions.c.effective_from, "")
        return [rows.stored_version(row) for row in self._database.rows(query.order_by(begins, versions.c.id))]

    def add_version(self, document: Document, version: Version, reading: Reading, passages: Sequence[Passage]) -> None:
        """Add a version in state "indexing" with its passages, in one transaction."""
        labels = document.labels
        # Several subjects of one document are several people; only what a single one is called twice is one name.
        alone = labels.subjects if len(labels.subjects) == 1 else ()
        of_version = {"version_id": version.id, "tenant": labels.tenant}
        new = {
            "id": document.id,
            "tenant": labels.tenant,
            "collection": labels.collection,
            "identity": document.identity,
            "title": document.title,
            "labels": rows.labels_to_json(labels),
        }
        run, now = self._database.run, self._clock.now().isoformat()
        with self._database.write() as connection:
            run(connection, _UPSERT_DOCUMENT[self._database.dialect], new)
            # What hangs on a version that is replaced goes with it.
            run(connection, _DELETE_VERSION, {"version": version.id})
            added = run(connection, _NEXT, {}).scalar_one()
            run(connection, _INSERT[versions], {**rows.version_to_row(version), "added": added, "added_at": now})
            for table, found in (
                (sections, [rows.section_to_row(version.id, n, s) for n, s in enumerate(reading.sections)]),
                (_passages, [rows.passage_to_row(passage) for passage in passages]),
                (anchors, list(rows.anchors_to_rows(version.id, reading.anchors))),
                (
                    identities,
                    [
                        {**of_version, "subject": subject, "kind": known.kind, "value": known.value}
                        for known in reading.identities
                        for subject in (alone or (known.subject,))
                    ],
                ),
                (
                    aliases,
                    [
                        {**of_version, "subject": subject, "alias": alias}
                        for subject in alone
                        for alias in reading.subjects
                        if alias != subject
                    ],
                ),
            ):
                if found:
                    run(connection, _INSERT[table], found)

    def set_state(self, version_id: str, state: str, interval: Interval | None = None) -> None:
        """Change a version's state and, where given, its dates in force."""
        with self._database.write() as connection:
            self._database.run(connection, _SET_STATE, {"version": version_id, "now": state})
            if interval:
                begins, ends = rows.iso(interval.effective_from), rows.iso(interval.effective_to)
                dates = update(versions).where(versions.c.id == version_id)
                connection.execute(dates.values(effective_from=begins, effective_to=ends))

    def relabel(self, document_id: str, labels: Labels, *, subjects: bool) -> None:
        """Change labels of a document and of all its passages, in one transaction."""
        of = select(versions.c.id).where(versions.c.document_id == document_id)
        with self._database.write() as connection:
            new = {"labels": rows.labels_to_json(labels)}
            connection.execute(update(documents).where(documents.c.id == document_id).values(new))
            kept = connection.execute(select(_passages.c.labels).where(_passages.c.version_id.in_(of)).distinct())
            for (before,) in kept.all():
                own = rows.labels_from_json(before)
                after = replace(labels, subjects=labels.subjects if subjects else own.subjects)
                alike = update(_passages).where(_passages.c.version_id.in_(of), _passages.c.labels == before)
                connection.execute(alike.values(labels=rows.labels_to_json(after)))
            for table in (identities, aliases) if subjects else ():
                about = update(table).where(table.c.version_id.in_(of))
                connection.execute(about.values(subject=labels.subjects[0]))

    def waiting(self) -> dict[str, str]:
        """Return the versions in state "words" with their documents, in the order in which they were added."""
        query = select(versions.c.id, versions.c.document_id).where(text("state = 'words'"))
        found = self._database.rows(query.order_by(versions.c.added, versions.c.id))
        return {row["id"]: row["document_id"] for row in found}

    def passages_of(self, version_ids: Sequence[str]) -> list[Passage]:
        """Return the passages of versions in state "words", version by version as given, in the order of the text."""
        result: list[Passage] = []
        for some in _groups(version_ids):
            place = {version_id: number for number, version_id in enumerate(some)}
            # The state is looked at here: SQLite would go through all versions in that state instead of these.
            found = [row for row in self._database.rows(_among(passages.c.version_id, some)) if row["state"] == "words"]
            found.sort(key=lambda row: (place[row["version_id"]], row["start"]))
            result.extend(map(rows.passage, found))
        return result

    def vectors_followed(self, version_ids: Sequence[str]) -> None:
        """Put versions from state "words" into "indexed"; one that is in another state by now is left alone."""
        with self._database.write() as connection:
            for some in _groups(version_ids):
                waiting = update(versions).where(versions.c.id.in_(some), versions.c.state == "words")
                connection.execute(waiting.values(state="indexed"))

    def remove_version(self, version_id: str) -> None:
        """Remove a version, its text and its passages."""
        with self._database.write() as connection:
            connection.execute(delete(versions).where(versions.c.id == version_id))

    def version(self, version_id: str) -> Version | None:
        """Return a version with its text."""
        found = self._database.rows(select(versions).where(versions.c.id == version_id))
        return rows.version(found[0]) if found else None

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages of visible versions, by id."""
        result: dict[str, Passage] = {}
        for some in _groups(passage_ids):
            found = self._database.rows(_among(passages.c.id, some))
            result.update((row["id"], rows.passage(row)) for row in found if row["state"] in VISIBLE)
        return result

    def versions_of(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """Return which version each passage is of, by id, without reading any."""
        ids = list(passage_ids)
        dialect = self._database.dialect
        found = self._database.found(_VERSIONS_OF[dialect], {"ids": json.dumps(ids) if dialect == SQLITE else ids})
        return {row["id"]: row["version_id"] for row in found}

    def neighbours(self, version_id: str, start: int, end: int) -> list[Passage]:
        """Return the passages of a version that overlap ``start..end``, in order."""
        found = self._database.found(_NEIGHBOURS, {"version": version_id, "first": start, "last": end})
        return [rows.passage(row) for row in found]

    def section_at(self, version_id: str, start: int, end: int) -> Section | None:
        """Return the innermost section of a version that covers ``start..end``."""
        covering = (sections.c.version_id == version_id, sections.c.start <= start, sections.c.stop >= end)
        innermost = (sections.c.start.desc(), sections.c.number.desc())
        found = self._database.rows(select(sections).where(*covering).order_by(*innermost).limit(1))
        return rows.section(found[0]) if found else None

    def sections(self, version_id: str) -> list[Section]:
        """Return the sections of a version in pre-order."""
        query = select(sections).where(sections.c.version_id == version_id).order_by(sections.c.number)
        return [rows.section(row) for row in self._database.rows(query)]

    def anchors(self, version_id: str, start: int, end: int) -> list[Anchor]:
        """Return where ``start..end`` is drawn, in order."""
        overlapping = (anchors.c.version_id == version_id, anchors.c.start < end, anchors.c.stop > start)
        found = self._database.rows(select(anchors.c.words).where(*overlapping).order_by(anchors.c.start))
        return anchors_within([anchor for row in found for anchor in rows.anchors(row)], start, end)

    def identities(self, tenant: str, subjects: Sequence[str]) -> list[KnownIdentity]:
        """Return what is known to identify these subjects."""
        known = (identities.c.subject, identities.c.kind, identities.c.value)
        query = select(*known).distinct().order_by(*known).where(identities.c.tenant == tenant)
        found: dict[str, list[KnownIdentity]] = {subject: [] for subject in subjects}
        for some in _groups(list(found)):
            for row in self._database.rows(query.where(identities.c.subject.in_(some))):
                one = KnownIdentity(subject=row["subject"], kind=row["kind"], value=row["value"])
                found[one.subject].append(one)
        return [one for subject in subjects for one in found[subject]]

    def named(self, tenant: str, words: str) -> list[str]:
        """Return the subjects with such a name. SQLite tells cases apart beyond ASCII, so those are compared here."""
        if "\0" in words:
            return []  # no name holds it, and PostgreSQL takes no text with it
        of = select(identities.c.subject, identities.c.value).where(identities.c.tenant == tenant)
        names = of.where(identities.c.kind == "name").distinct()
        if words.isascii():
            names = names.where(identities.c.value.icontains(words, autoescape=True))
        sought = words.casefold()
        return sorted({row["subject"] for row in self._database.rows(names) if sought in row["value"].casefold()})

    def subjects_alike(self, tenant: str, subject: str) -> tuple[str, ...]:
        """Return ``subject`` and the names that documents use for the same subject."""
        known, new = {subject}, [subject]
        own = select(aliases.c.subject, aliases.c.alias).where(aliases.c.tenant == tenant)
        while new:
            name = new.pop()
            either = own.where((aliases.c.subject == name) | (aliases.c.alias == name))
            found = {other for row in self._database.rows(either) for other in row.values()} - known
            known |= found
            new.extend(found)
        return tuple(sorted(known))

    def documents_about(self, tenant: str, subjects: Sequence[str]) -> list[Document]:
        """Return every document with one of these subjects among its own, by id."""
        wanted = set(subjects)
        mentioned = [documents.c.labels.contains(rows.to_json(name), autoescape=True) for name in sorted(wanted)]
        if not mentioned:
            return []
        found = self._database.rows(
            select(documents).where(documents.c.tenant == tenant, or_(*mentioned)).order_by(documents.c.id)
        )
        return [document for document in map(rows.document, found) if wanted & set(document.labels.subjects)]

    def documents_from(self, digest: str) -> list[Document]:
        """Return every document of which a version was read from the bytes with this digest, by id."""
        read = select(versions.c.document_id).where(versions.c.digest == digest)
        query = select(documents).where(documents.c.id.in_(read)).order_by(documents.c.id)
        return [rows.document(row) for row in self._database.rows(query)]

    def erase_documents(self, document_ids: Sequence[str]) -> None:
        """Remove documents with all that hangs on them."""
        with self._database.write() as connection:
            for some in _groups(document_ids):
                connection.execute(delete(documents).where(documents.c.id.in_(some)))

    def tenants(self) -> list[str]:
        """Return every tenant that has documents."""
        query = select(documents.c.tenant).distinct().order_by(documents.c.tenant)
        return [row["tenant"] for row in self._database.rows(query)]

    def every_version(self) -> Iterator[StoredVersion]:
        """Yield every version of every tenant in whatever state, without counting passages, by id."""
        known = [column for column in versions.c if column.name != "text"]
        after = ""
        while found := self._database.rows(
            select(*known, literal_column("0").label("passages"))
            .where(versions.c.id > after)
            .order_by(versions.c.id)
            .limit(_MOST_ROWS)
        ):
            yield from map(rows.stored_version, found)
            after = found[-1]["id"]

    def every_passage(self) -> Iterator[tuple[str, str, Labels]]:
        """Yield the id, version and labels of every passage, by id."""
        after = ""
        listed = (
            select(passages.c.id, passages.c.version_id, passages.c.labels).order_by(passages.c.id).limit(_MOST_ROWS)
        )
        while found := self._database.rows(listed.where(passages.c.id > after)):
            yield from ((row["id"], row["version_id"], rows.labels_from_json(row["labels"])) for row in found)
            after = found[-1]["id"]

    def empty_documents(self) -> list[str]:
        """Return the documents that have no version at all, by id."""
        there = exists().where(versions.c.document_id == documents.c.id)
        return [row["id"] for row in self._database.rows(select(documents.c.id).where(~there).order_by(documents.c.id))]

    def collections(self, tenant: str, as_of: date) -> dict[str, int]:
        """Return how many documents each collection has in force on a day."""
        day = as_of.isoformat()
        query = (
            select(documents.c.collection, func.count(documents.c.id.distinct()).label("n"))
            .join(versions, versions.c.document_id == documents.c.id)
            .where(documents.c.tenant == tenant, _VISIBLE)
            .where(func.coalesce(versions.c.effective_from, "") <= day)
            .where(func.coalesce(versions.c.effective_to, "9999-99-99") > day)
            .group_by(documents.c.collection)
            .order_by(documents.c.collection)
        )
        return {row["collection"]: row["n"] for row in self._database.rows(query)}


_passages: Final = passages  # under a name that no argument hides


def _groups(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ids in as many at a time as a statement takes."""
    return (ids[first : first + _MOST_IDS] for first in range(0, len(ids), _MOST_IDS))


def _among(column: Any, ids: Sequence[str]) -> Select[Any]:
    return _PASSAGES.where(column.in_(ids))
