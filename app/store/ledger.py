"""The ledger of files in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, select

from app.store.database import Database
from app.store.tables import files
from domain.ports.ledger import LedgerEntry


class SqlLedger:
    """Implements :class:`domain.ports.ledger.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entry(self, tenant: str, collection: str, path: str) -> LedgerEntry | None:
        """Return how the file ended the last time."""
        found = self._database.rows(select(files).filter_by(tenant=tenant, collection=collection, path=path))
        if not found:
            return None
        return LedgerEntry(**{**found[0], "document_ids": tuple(json.loads(found[0]["document_ids"]))})

    def forget(self, document_ids: Sequence[str]) -> None:
        """Forget every outcome that led to one of these documents."""
        with self._database.write() as connection:
            for document_id in document_ids:
                named = files.c.document_ids.contains(json.dumps(document_id), autoescape=True)
                connection.execute(delete(files).where(named))

    def record(self, entry: LedgerEntry) -> None:
        """Remember an outcome durably."""
        new = {**asdict(entry), "document_ids": json.dumps(entry.document_ids)}
        upsert = self._database.insert(files).values(new)
        key = ["tenant", "collection", "path"]
        with self._database.write() as connection:
            connection.execute(
                upsert.on_conflict_do_update(
                    index_elements=key, set_={name: upsert.excluded[name] for name in new if name not in key}
                )
            )
