"""Remembers how each file ended, so that ingesting it again costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """How the file at ``path`` with ``digest`` ended; ``fingerprint`` is what else the outcome depended on."""

    tenant: str
    collection: str
    path: str
    digest: str
    fingerprint: str
    code: str | None
    document_ids: tuple[str, ...]
    passages: int


class Ledger(Protocol):
    """Outcomes of files. Every method raises ServiceError when the store is unavailable."""

    def entry(self, tenant: str, collection: str, path: str) -> LedgerEntry | None:
        """Return how the file ended the last time."""

    def forget(self, document_ids: Sequence[str]) -> None:
        """Forget every outcome that led to one of these documents."""

    def documents(self) -> set[str]:
        """Return the ids of all documents that outcomes led to."""

    def record(self, entry: LedgerEntry) -> None:
        """Remember an outcome durably; replaces what was known of the path."""
