"""The ledger of files on SQLite."""

from __future__ import annotations

import json

from app.store.database import Database
from domain.ports.ledger import LedgerEntry


class SqliteLedger:
    """Implements :class:`domain.ports.ledger.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entry(self, tenant: str, collection: str, path: str) -> LedgerEntry | None:
        """Return how the file ended the last time."""
        found = self._database.rows(
            "SELECT * FROM files WHERE tenant = ? AND collection = ? AND path = ?", (tenant, collection, path)
        )
        if not found:
            return None
        row = found[0]
        return LedgerEntry(
            tenant=tenant,
            collection=collection,
            path=path,
            digest=row["digest"],
            fingerprint=row["fingerprint"],
            code=row["code"],
            document_ids=tuple(json.loads(row["document_ids"])),
            passages=row["passages"],
        )

    def record(self, entry: LedgerEntry) -> None:
        """Remember an outcome durably."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (entry.tenant, entry.collection, entry.path, entry.digest, entry.fingerprint, entry.code,
                 json.dumps(entry.document_ids), entry.passages),
            )  # fmt: skip
