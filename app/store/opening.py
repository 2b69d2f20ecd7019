"""Opens the parts of the store that need no model, so that commands which use nothing else start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.access import AccessControl
from app.assistants import AssistantService
from app.break_glass import BreakGlassService
from app.identity.keys import KeyService
from app.memberships import MembershipService
from app.settings import Settings
from app.store.aside import settle
from app.store.assistants import SqlAssistants
from app.store.audit_log import SqlAuditLog
from app.store.blob_store import FolderBlobStore, FsspecBlobStore
from app.store.cipher import Cipher, cipher_of
from app.store.database import Database
from app.store.directory import SqlDirectory
from app.store.keys import SqlKeys
from app.store.members import SqlMembers
from app.store.signing import FolderSigner
from app.system import RandomIds, RandomSecrets, SystemClock
from domain.ports.clock import Clock
from policies.access.cedar_decider import CedarDecider
from policies.pack import pack_named


def address_of(settings: Settings) -> Path | str:
    """Return where the SQL database is."""
    return settings.database.get_secret_value() if settings.database else settings.home / "catalogue.db"


def audit_of(settings: Settings, database: Database, clock: Clock) -> SqlAuditLog:
    """Return the audit trail of an open database."""
    home = settings.home
    return SqlAuditLog(
        database, signer_of(settings), clock, head=home / "audit-head.json", earlier=home / "audit.jsonl"
    )


def cipher_for(settings: Settings) -> Cipher | None:
    """Return what seals things on disk, if a key is configured. Raises RequestError for one that is none."""
    key = settings.storage_key.get_secret_value() if settings.storage_key else None
    return cipher_of(key, settings.storage_key_file)


def blobs_of(settings: Settings, cipher: Cipher | None) -> FolderBlobStore | FsspecBlobStore:
    """Return where originals are kept."""
    if settings.originals:
        return FsspecBlobStore(settings.originals, cipher)
    return FolderBlobStore(settings.home / "originals", cipher)


def signer_of(settings: Settings) -> FolderSigner:
    """Return what signs the audit trail and the manifests of backups."""
    return FolderSigner(settings.home / "keys" / "audit")


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Yield the database alone, once a restore that was cut off is finished or undone."""
    settle(settings.home)
    with closing(Database(address_of(settings))) as database:
        yield database


@contextmanager
def open_audit(settings: Settings) -> Iterator[SqlAuditLog]:
    """Yield the audit trail alone, which may be read while a server runs."""
    with open_database(settings) as database:
        yield audit_of(settings, database, SystemClock())


@contextmanager
def open_memberships(settings: Settings) -> Iterator[tuple[MembershipService, BreakGlassService]]:
    """Yield memberships and break-glass alone, which may be changed while a server runs: it sees it at once."""
    with open_database(settings) as database:
        clock, ids, members = SystemClock(), RandomIds(), SqlMembers(database)
        audit = audit_of(settings, database, clock)
        decider = CedarDecider(clock.monotonic, settings.access_policies)
        access = AccessControl(decider=decider, members=members, audit=audit, clock=clock)
        yield (
            MembershipService(
                members=members, directory=SqlDirectory(database), access=access, audit=audit, clock=clock, ids=ids
            ),
            BreakGlassService(
                members=members,
                access=access,
                audit=audit,
                clock=clock,
                ids=ids,
                most_minutes=settings.break_glass_minutes,
            ),
        )


@contextmanager
def open_assistants(settings: Settings) -> Iterator[AssistantService]:
    """Yield assistants alone, which may be changed while a server runs; it asks for them at each question."""
    with open_database(settings) as database:
        clock, members = SystemClock(), SqlMembers(database)
        audit = audit_of(settings, database, clock)
        decider = CedarDecider(clock.monotonic, settings.access_policies)
        yield AssistantService(
            kept=SqlAssistants(database),
            members=members,
            directory=SqlDirectory(database),
            access=AccessControl(decider=decider, members=members, audit=audit, clock=clock),
            audit=audit,
            clock=clock,
            ids=RandomIds(),
            pack_named=pack_named,
        )


@contextmanager
def open_keys(settings: Settings) -> Iterator[KeyService]:
    """Yield the keys of systems alone, which may be changed while a server runs; it asks for them at each request."""
    clock = SystemClock()
    with open_database(settings) as database:
        audit = audit_of(settings, database, clock)
        yield KeyService(keys=SqlKeys(database), audit=audit, clock=clock, ids=RandomIds(), secrets=RandomSecrets())
