"""What happens to a store over the years: erasure, retention, backups, and the doctor."""

from __future__ import annotations

from dataclasses import dataclass

from app.building.ground import Ground
from app.building.ingesting import Intake
from app.building.retrieving import Retrieval
from app.building.storing import Stores
from app.jobs.traces import JobTraces
from app.lifecycle.backup import BackupService
from app.lifecycle.doctor import Doctor
from app.lifecycle.erasure import ErasureService
from app.lifecycle.retention import RULES_FILE, RetentionService
from app.store.aside import StoresSetAside
from app.store.holds import SqlErasureQueue, SqlHolds
from app.store.opening import signer_of
from app.store.register import REGISTER_FILE, FileRegister


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The services of upkeep."""

    erasures: ErasureService
    backups: BackupService
    doctor: Doctor
    retention: RetentionService


def build_keeping(
    ground: Ground, stores: Stores, retrieval: Retrieval, intake: Intake, job_traces: JobTraces
) -> Keeping:
    """Return the services of upkeep."""
    erasures = _erasures(ground, stores, retrieval, intake, job_traces)
    return Keeping(
        erasures=erasures,
        backups=_backups(ground, stores, retrieval),
        doctor=Doctor(
            catalogue=stores.catalogue,
            ledger=stores.ledger,
            blobs=stores.blobs,
            index=retrieval.index,
            reindexer=intake.reindexer,
            ingestor=intake.ingestor,
            audit=stores.audit,
            jobs=stores.jobs,
            drop=job_traces.drop,
            home=ground.settings.home,
        ),
        retention=RetentionService(
            file=ground.settings.home / RULES_FILE,
            catalogue=stores.catalogue,
            erasures=erasures,
            records=stores.records,
            clock=ground.clock,
        ),
    )


def _erasures(
    ground: Ground, stores: Stores, retrieval: Retrieval, intake: Intake, job_traces: JobTraces
) -> ErasureService:
    """Return what erases. Whatever is kept of subjects or of texts beside documents is one of its ``traces``."""
    home, database = ground.settings.home, stores.database
    return ErasureService(
        catalogue=stores.catalogue,
        ledger=stores.ledger,
        blobs=stores.blobs,
        index=retrieval.index,
        holds=SqlHolds(database),
        queue=SqlErasureQueue(database),
        register=FileRegister(database, home / REGISTER_FILE),
        audit=stores.audit,
        clock=ground.clock,
        ids=ground.ids,
        steps=ground.steps,
        traces={
            "answers": stores.records,
            "conversations": stores.conversations,
            "feedback": stores.feedbacks,
            "replies": stores.replies,
            "jobs": job_traces,
            "reports": stores.reports,
            "memberships": stores.members,
            "stores_set_aside": StoresSetAside(home, database),
        },
        alone=database.alone,
        quiet=intake.quiet,
    )


def _backups(ground: Ground, stores: Stores, retrieval: Retrieval) -> BackupService:
    return BackupService(
        settings=ground.settings,
        database=stores.database,
        catalogue=stores.catalogue,
        blobs=stores.blobs,
        index=retrieval.index,
        embedder=retrieval.answering,
        audit=stores.audit,
        signer=signer_of(ground.settings),
        cipher=ground.cipher,
        clock=ground.clock,
        ids=ground.ids,
    )
