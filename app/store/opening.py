"""Opens the parts of the store that need no model, so that commands which use nothing else start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.identity.keys import KeyService
from app.settings import Settings
from app.store.audit_log import SqlAuditLog
from app.store.database import Database
from app.store.keys import SqlKeys
from app.store.signing import FolderSigner
from app.system import RandomIds, RandomSecrets, SystemClock
from domain.ports.clock import Clock


def address_of(settings: Settings) -> Path | str:
    """Return where the SQL database is."""
    return settings.database.get_secret_value() if settings.database else settings.home / "catalogue.db"


def audit_of(settings: Settings, database: Database, clock: Clock) -> SqlAuditLog:
    """Return the audit trail of an open database."""
    home = settings.home
    signer = FolderSigner(home / "keys" / "audit")
    return SqlAuditLog(database, signer, clock, head=home / "audit-head.json", earlier=home / "audit.jsonl")


@contextmanager
def open_audit(settings: Settings) -> Iterator[SqlAuditLog]:
    """Yield the audit trail alone, which may be read while a server runs."""
    with closing(Database(address_of(settings))) as database:
        yield audit_of(settings, database, SystemClock())


@contextmanager
def open_keys(settings: Settings) -> Iterator[KeyService]:
    """Yield the keys of systems alone, which may be changed while a server runs; it asks for them at each request."""
    clock = SystemClock()
    with closing(Database(address_of(settings))) as database:
        audit = audit_of(settings, database, clock)
        yield KeyService(keys=SqlKeys(database), audit=audit, clock=clock, ids=RandomIds(), secrets=RandomSecrets())
