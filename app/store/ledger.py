"""The ledger of files in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import bindparam, delete, select

from app.store.database import Database, upsert
from app.store.tables import files
from domain.ports.ledger import LedgerEntry

_KEY: Final = ("tenant", "collection", "path")
_UPSERT: Final = upsert(files, _KEY, [column.name for column in files.c if column.name not in _KEY])
_FIND: Final = select(files).where(
    files.c.tenant == bindparam("of_tenant"),
    files.c.collection == bindparam("of_collection"),
    files.c.path == bindparam("at_path"),
)


class SqlLedger:
    """Implements :class:`domain.ports.ledger.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entry(self, tenant: str, collection: str, path: str) -> LedgerEntry | None:
        """Return how the file ended the last time."""
        found = self._database.found(_FIND, {"of_tenant": tenant, "of_collection": collection, "at_path": path})
        if not found:
            return None
        return LedgerEntry(**{**found[0], "document_ids": tuple(json.loads(found[0]["document_ids"]))})

    def forget(self, document_ids: Sequence[str]) -> None:
        """Forget every outcome that led to one of these documents."""
        with self._database.write() as connection:
            for document_id in document_ids:
                named = files.c.document_ids.contains(json.dumps(document_id), autoescape=True)
                connection.execute(delete(files).where(named))

    def documents(self) -> set[str]:
        """Return the ids of all documents that outcomes led to."""
        rows = self._database.rows(select(files.c.document_ids).distinct())
        return {document_id for row in rows for document_id in json.loads(row["document_ids"])}

    def record(self, entry: LedgerEntry) -> None:
        """Remember an outcome durably."""
        new = {**asdict(entry), "document_ids": json.dumps(entry.document_ids)}
        with self._database.write() as connection:
            self._database.run(connection, _UPSERT[self._database.dialect], new)
