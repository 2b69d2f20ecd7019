"""The SQLite database of one machine: one connection, one lock, write-ahead logging."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

from domain.errors import ServiceError

SCHEMA_VERSION: Final = 4
# What turns the schema of one version into the next. A CHECK cannot be altered, so its table is made anew; that drops
# no row of another table, because foreign keys are off meanwhile (sqlite.org/lang_altertable.html, section 7).
_MIGRATIONS: Final = {
    2: """
        CREATE TABLE versions_anew (
          id TEXT PRIMARY KEY,
          document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
          digest TEXT NOT NULL,
          path TEXT NOT NULL,
          media_type TEXT NOT NULL,
          title TEXT NOT NULL,
          text TEXT NOT NULL,
          effective_from TEXT,
          effective_to TEXT,
          state TEXT NOT NULL CHECK (state IN ('indexing', 'words', 'indexed', 'retired'))
        );
        INSERT INTO versions_anew SELECT * FROM versions ORDER BY rowid;
        DROP TABLE versions;
        ALTER TABLE versions_anew RENAME TO versions;
        CREATE INDEX versions_of_document ON versions (document_id);
        CREATE INDEX versions_without_vectors ON versions (state) WHERE state = 'words';
    """,
    3: "CREATE INDEX version_of_passage ON passages (id, version_id);",
    # Subjects of one document were taken for names of one another.
    4: """
        DELETE FROM aliases WHERE version_id IN (
          SELECT v.id FROM versions v JOIN documents d ON d.id = v.document_id
          WHERE json_array_length(d.labels, '$.subjects') > 1);
    """,
}


class Database:
    """A database file. Foreign errors leave it only as ServiceError ``service.storage_unavailable``."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA busy_timeout = 5000")
            self._connection.execute("PRAGMA foreign_keys = OFF")
            self._create()
            self._connection.execute("PRAGMA foreign_keys = ON")
        except (sqlite3.Error, OSError) as error:
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def _create(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise ServiceError("service.storage_unavailable", f"schema {version} is newer than this product")
        if version == 0:
            steps = [(files("app.store") / "schema.sql").read_text(encoding="utf-8")]
        else:
            steps = [_MIGRATIONS[number] for number in range(version + 1, SCHEMA_VERSION + 1)]
        if steps:
            script = "\n".join(["BEGIN IMMEDIATE;", *steps, f"PRAGMA user_version = {SCHEMA_VERSION};", "COMMIT;"])
            self._connection.executescript(script)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run statements as one transaction: all of them or none. Inside another one it joins that."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(sql, parameters).fetchall()
            except sqlite3.Error as error:
                raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def close(self) -> None:
        """Write everything out and close the file."""
        with self._lock:
            self._connection.close()
