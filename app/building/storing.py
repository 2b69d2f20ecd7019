"""Everything that is kept: rows of the database, originals, and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass

from app.building.ground import Ground
from app.events.announcing import AnnouncingLedger, TrailFollower
from app.operating.metered import MeteredAuditLog
from app.store.answer_records import SqlAnswerRecords
from app.store.assistants import SqlAssistants
from app.store.audit_log import SqlAuditLog
from app.store.blob_store import FolderBlobStore, FsspecBlobStore
from app.store.catalogue import SqlCatalogue
from app.store.conversations import SqlConversations
from app.store.database import Database
from app.store.directory import SqlDirectory
from app.store.feedbacks import SqlFeedbacks
from app.store.generations import SqlGenerations
from app.store.jobs import SqlJobs
from app.store.kept_replies import SqlKeptReplies
from app.store.keys import SqlKeys
from app.store.ledger import SqlLedger
from app.store.listings import SqlListings
from app.store.members import SqlMembers
from app.store.opening import address_of, audit_of, blobs_of
from app.store.outbox import SqlOutbox
from app.store.reports import SqlReports


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """One adapter for each port of the store. ``trail`` is there where the audit log is ours, and can be read."""

    database: Database
    catalogue: SqlCatalogue
    ledger: AnnouncingLedger
    outbox: SqlOutbox
    generations: SqlGenerations
    listings: SqlListings
    blobs: FolderBlobStore | FsspecBlobStore
    records: SqlAnswerRecords
    conversations: SqlConversations
    feedbacks: SqlFeedbacks
    assistants: SqlAssistants
    replies: SqlKeptReplies
    jobs: SqlJobs
    reports: SqlReports
    members: SqlMembers
    directory: SqlDirectory
    keys: SqlKeys
    audit: MeteredAuditLog
    trail: SqlAuditLog | None
    follower: TrailFollower | None


def open_stores(ground: Ground) -> Stores:
    """Open the database, and whatever is kept in it or beside it. Raises ServiceError."""
    settings, clock = ground.settings, ground.clock
    database = Database(address_of(settings))
    catalogue, outbox = SqlCatalogue(database, clock), SqlOutbox(database, ground.cipher)
    log = ground.given.audit or audit_of(settings, database, clock)
    trail = log if isinstance(log, SqlAuditLog) else None
    return Stores(
        database=database,
        catalogue=catalogue,
        ledger=AnnouncingLedger(
            ledger=SqlLedger(database), catalogue=catalogue, outbox=outbox, clock=clock, ids=ground.ids
        ),
        outbox=outbox,
        generations=SqlGenerations(database),
        listings=SqlListings(database),
        blobs=blobs_of(settings, ground.cipher),
        records=SqlAnswerRecords(database, ground.cipher),
        conversations=SqlConversations(database),
        feedbacks=SqlFeedbacks(database),
        assistants=SqlAssistants(database),
        replies=SqlKeptReplies(database),
        jobs=SqlJobs(database),
        reports=SqlReports(database, ground.cipher),
        members=SqlMembers(database),
        directory=SqlDirectory(database),
        keys=SqlKeys(database),
        audit=MeteredAuditLog(log, ground.metrics),
        trail=trail,
        follower=TrailFollower(trail=trail, outbox=outbox, now=lambda: clock.now().timestamp()) if trail else None,
    )
