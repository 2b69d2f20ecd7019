"""What goes on behind the requests: jobs, and events for other systems."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from app.building.ground import Ground
from app.building.ingesting import Intake
from app.building.storing import Stores
from app.events.dispatcher import Dispatcher
from app.events.endpoints import EndpointService
from app.events.sending import Sender
from app.jobs.dbos_runner import DbosRunner
from app.jobs.service import JobService
from app.jobs.traces import JobTraces
from app.jobs.work import BatchWork, ErasureWork, Handler, IngestionWork, ReindexingWork
from app.lifecycle.erasure import ErasureService
from app.wiring import jobs_address
from domain.jobs import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Eventing:
    """Who wants to hear of events, and what tells them."""

    webhooks: EndpointService
    dispatcher: Dispatcher


def build_jobs(
    ground: Ground,
    stores: Stores,
    intake: Intake,
    erasures: ErasureService,
    traces: JobTraces,
    calls: Mapping[str, Handler],
) -> JobService:
    """Return what works on jobs. A kind of batch is one entry of ``calls``."""
    return JobService(
        jobs=stores.jobs,
        runner=ground.given.runner or DbosRunner(jobs_address(ground.settings)),
        handlers={
            JobKind.REINDEXING: ReindexingWork(reindexing=intake.reindexing, jobs=stores.jobs),
            JobKind.INGESTION: IngestionWork(ingestor=intake.ingestor, blobs=stores.blobs, jobs=stores.jobs),
            JobKind.ERASURE: ErasureWork(erasures=erasures),
            JobKind.BATCH: BatchWork(calls=calls),
        },
        blobs=stores.blobs,
        traces=traces,
        erasures=erasures,
        reindexing=intake.reindexing,
        clock=ground.clock,
        ids=ground.ids,
        steps=ground.steps,
    )


def build_eventing(ground: Ground, stores: Stores) -> Eventing:
    """Return what tells other systems of events."""
    settings = ground.settings
    return Eventing(
        webhooks=EndpointService(
            outbox=stores.outbox,
            follower=stores.follower,
            audit=stores.audit,
            clock=ground.clock,
            ids=ground.ids,
            random=secrets.token_bytes,
            anywhere=settings.webhooks_anywhere,
        ),
        dispatcher=Dispatcher(
            follower=stores.follower,
            outbox=stores.outbox,
            sender=Sender(anywhere=settings.webhooks_anywhere),
            clock=ground.clock,
            spread=random.random,
        ),
    )
