"""The catalogue on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Final

from app.store import rows
from app.store.database import Database
from domain.documents import Anchor, Document, Interval, Passage, Reading, Section, Version
from domain.identities import KnownIdentity
from domain.layout import anchors_within
from domain.ports.catalogue import StoredVersion

_PASSAGE: Final = (
    "SELECT p.*, v.document_id, v.title, v.path, v.effective_from, v.effective_to"
    " FROM passages p JOIN versions v ON v.id = p.version_id"
)
_MAX_VARIABLES: Final = 500


class SqliteCatalogue:
    """Implements :class:`domain.ports.catalogue.Catalogue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> AbstractContextManager[object]:
        """Return a context in which many writes become one."""
        return self._database.write()

    def find_document(self, tenant: str, collection: str, identity: str) -> Document | None:
        """Return the document with this identity, if there is one."""
        found = self._database.rows(
            "SELECT * FROM documents WHERE tenant = ? AND collection = ? AND identity = ?",
            (tenant, collection, identity),
        )
        return _document(found[0]) if found else None

    def document(self, document_id: str) -> Document | None:
        """Return a document by id."""
        found = self._database.rows("SELECT * FROM documents WHERE id = ?", (document_id,))
        return _document(found[0]) if found else None

    def documents(self, tenant: str, collections: Sequence[str]) -> Iterator[Document]:
        """Yield the documents of a tenant that have a visible version, ordered by id."""
        for row in self._database.rows(
            "SELECT * FROM documents d WHERE tenant = ? AND EXISTS"
            " (SELECT 1 FROM versions v WHERE v.document_id = d.id AND v.state IN ('words', 'indexed')) ORDER BY id",
            (tenant,),
        ):
            if not collections or row["collection"] in collections:
                yield _document(row)

    def versions(self, document_id: str) -> list[StoredVersion]:
        """Return the versions of a document, oldest date in force first."""
        found = self._database.rows(
            "SELECT v.*, (SELECT count(*) FROM passages p WHERE p.version_id = v.id) AS passages FROM versions v"
            " WHERE document_id = ? ORDER BY coalesce(effective_from, ''), id",
            (document_id,),
        )
        return [rows.stored_version(row) for row in found]

    def add_version(self, document: Document, version: Version, reading: Reading, passages: Sequence[Passage]) -> None:
        """Add a version in state "indexing" with its passages, in one transaction."""
        labels = document.labels
        # Several subjects of one document are several people; only what a single one is called twice is one name.
        alone = labels.subjects if len(labels.subjects) == 1 else ()
        aliases = [
            (version.id, labels.tenant, subject, alias)
            for subject in alone
            for alias in reading.subjects
            if alias != subject
        ]
        identities = [
            (version.id, labels.tenant, subject, known.kind, known.value)
            for known in reading.identities
            for subject in (alone or (known.subject,))
        ]
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET title = excluded.title, labels = excluded.labels",
                (document.id, labels.tenant, labels.collection, document.identity, document.title,
                 rows.labels_to_json(labels)),
            )  # fmt: skip
            # What hangs on a version that is replaced goes with it, as on deletion.
            connection.execute(
                "INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'indexing')",
                (version.id, document.id, version.digest, version.path, version.media_type, version.title,
                 version.text, _iso(version.in_force.effective_from), _iso(version.in_force.effective_to)),
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (rows.section_to_row(version.id, number, s) for number, s in enumerate(reading.sections)),
            )
            connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(rows.passage_to_row, passages)
            )
            if reading.anchors:
                connection.executemany(
                    "INSERT INTO anchors VALUES (?, ?, ?, ?)", rows.anchors_to_rows(version.id, reading.anchors)
                )
            if identities:
                connection.executemany("INSERT INTO identities VALUES (?, ?, ?, ?, ?)", identities)
            if aliases:
                connection.executemany("INSERT INTO aliases VALUES (?, ?, ?, ?)", aliases)

    def set_state(self, version_id: str, state: str, interval: Interval | None = None) -> None:
        """Change a version's state and, where given, its dates in force."""
        with self._database.write() as connection:
            connection.execute("UPDATE versions SET state = ? WHERE id = ?", (state, version_id))
            if interval:
                connection.execute(
                    "UPDATE versions SET effective_from = ?, effective_to = ? WHERE id = ?",
                    (_iso(interval.effective_from), _iso(interval.effective_to), version_id),
                )

    def waiting(self) -> dict[str, str]:
        """Return the versions in state "words" with their documents, in the order in which they were added."""
        found = self._database.rows("SELECT id, document_id FROM versions WHERE state = 'words' ORDER BY rowid")
        return {row["id"]: row["document_id"] for row in found}

    def passages_of(self, version_ids: Sequence[str]) -> list[Passage]:
        """Return the passages of versions in state "words", version by version as given, in the order of the text."""
        result: list[Passage] = []
        for first in range(0, len(version_ids), _MAX_VARIABLES):
            some = tuple(version_ids[first : first + _MAX_VARIABLES])
            place = {version_id: number for number, version_id in enumerate(some)}
            marks = ",".join("?" * len(some))
            # The plus keeps SQLite from going through all versions in this state instead.
            found = self._database.rows(f"{_PASSAGE} WHERE +v.state = 'words' AND v.id IN ({marks})", some)
            result.extend(
                rows.passage(row) for row in sorted(found, key=lambda r: (place[r["version_id"]], r["start"]))
            )
        return result

    def vectors_followed(self, version_ids: Sequence[str]) -> None:
        """Put versions from state "words" into "indexed"; one that is in another state by now is left alone."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE versions SET state = 'indexed' WHERE id = ? AND state = 'words'", ((v,) for v in version_ids)
            )

    def remove_version(self, version_id: str) -> None:
        """Remove a version, its text and its passages."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM versions WHERE id = ?", (version_id,))

    def version(self, version_id: str) -> Version | None:
        """Return a version with its text."""
        found = self._database.rows("SELECT * FROM versions WHERE id = ?", (version_id,))
        return rows.version(found[0]) if found else None

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages of visible versions, by id."""
        result: dict[str, Passage] = {}
        for first in range(0, len(passage_ids), _MAX_VARIABLES):
            some = tuple(passage_ids[first : first + _MAX_VARIABLES])
            marks = ",".join("?" * len(some))
            found = self._database.rows(f"{_PASSAGE} WHERE v.state IN ('words', 'indexed') AND p.id IN ({marks})", some)
            result.update({row["id"]: rows.passage(row) for row in found})
        return result

    def versions_of(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """Return which version each passage is of, by id, without reading any."""
        result: dict[str, str] = {}
        for first in range(0, len(passage_ids), _MAX_VARIABLES):
            some = tuple(passage_ids[first : first + _MAX_VARIABLES])
            marks = ",".join("?" * len(some))
            # only question marks are put into the statement; left to itself SQLite reads the rows, texts and all
            query = f"SELECT id, version_id FROM passages INDEXED BY version_of_passage WHERE id IN ({marks})"  # noqa: S608
            found = self._database.rows(query, some)
            result.update((row["id"], row["version_id"]) for row in found)
        return result

    def neighbours(self, version_id: str, start: int, end: int) -> list[Passage]:
        """Return the passages of a version that overlap ``start..end``, in order."""
        found = self._database.rows(
            f"{_PASSAGE} WHERE p.version_id = ? AND p.start < ? AND p.stop > ? ORDER BY p.start",
            (version_id, end, start),
        )
        return [rows.passage(row) for row in found]

    def section_at(self, version_id: str, start: int, end: int) -> Section | None:
        """Return the innermost section of a version that covers ``start..end``."""
        found = self._database.rows(
            "SELECT * FROM sections WHERE version_id = ? AND start <= ? AND stop >= ?"
            " ORDER BY start DESC, number DESC LIMIT 1",
            (version_id, start, end),
        )
        return rows.section(found[0]) if found else None

    def anchors(self, version_id: str, start: int, end: int) -> list[Anchor]:
        """Return where ``start..end`` is drawn, in order."""
        found = self._database.rows(
            "SELECT words FROM anchors WHERE version_id = ? AND start < ? AND stop > ? ORDER BY start",
            (version_id, end, start),
        )
        return anchors_within([anchor for row in found for anchor in rows.anchors(row)], start, end)

    def identities(self, tenant: str, subjects: Sequence[str]) -> list[KnownIdentity]:
        """Return what is known to identify these subjects."""
        return [
            KnownIdentity(subject=row["subject"], kind=row["kind"], value=row["value"])
            for subject in subjects
            for row in self._database.rows(
                "SELECT DISTINCT subject, kind, value FROM identities WHERE tenant = ? AND subject = ? ORDER BY 2, 3",
                (tenant, subject),
            )
        ]

    def subjects_alike(self, tenant: str, subject: str) -> tuple[str, ...]:
        """Return ``subject`` and the names that documents use for the same subject."""
        known, new = {subject}, [subject]
        while new:
            name = new.pop()
            for row in self._database.rows(
                "SELECT alias AS name FROM aliases WHERE tenant = ?1 AND subject = ?2"
                " UNION SELECT subject FROM aliases WHERE tenant = ?1 AND alias = ?2",
                (tenant, name),
            ):
                if row["name"] not in known:
                    known.add(row["name"])
                    new.append(row["name"])
        return tuple(sorted(known))

    def collections(self, tenant: str, as_of: date) -> dict[str, int]:
        """Return how many documents each collection has in force on a day."""
        found = self._database.rows(
            "SELECT d.collection, count(DISTINCT d.id) AS n FROM documents d JOIN versions v ON v.document_id = d.id"
            " WHERE d.tenant = ? AND v.state IN ('words', 'indexed') AND coalesce(v.effective_from, '') <= ?"
            " AND coalesce(v.effective_to, '9999-99-99') > ? GROUP BY 1 ORDER BY 1",
            (tenant, as_of.isoformat(), as_of.isoformat()),
        )
        return {row["collection"]: row["n"] for row in found}


def _document(row: sqlite3.Row) -> Document:
    return Document(
        id=row["id"], identity=row["identity"], title=row["title"], labels=rows.labels_from_json(row["labels"])
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
