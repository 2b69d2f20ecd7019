"""The composition root: the only place that knows which adapter serves which port. Tests come in by the same door.

The groups of parts are put together in :mod:`app.building`, with the choices by settings in :mod:`app.wiring`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from app.access import AccessControl
from app.activity import ActivityService
from app.answering.assisted import AssistedAnswers
from app.answering.checks import CheckService, RedactionService, SearchService
from app.answering.replay import ReplayService
from app.answering.service import AnswerService
from app.assistants import AssistantService
from app.break_glass import BreakGlassService
from app.building.answering import Answering, build_answering, build_guarded
from app.building.governing import Governing, build_governing
from app.building.ground import Ground, Replacements, lay_ground
from app.building.ingesting import Intake, build_intake
from app.building.keeping import Keeping, build_keeping
from app.building.reporting import build_report_work, build_reports
from app.building.retrieving import Retrieval, build_retrieval
from app.building.shelving import build_shelves
from app.building.showing import build_sources
from app.building.storing import Stores, open_stores
from app.building.working import Eventing, build_eventing, build_jobs
from app.conversations import ConversationService
from app.directory import DirectoryService
from app.evaluations import FOLDER, EvaluationReports
from app.events.dispatcher import Dispatcher
from app.events.endpoints import EndpointService
from app.feedback import FeedbackService
from app.identity.authenticator import Authenticator
from app.identity.keys import KeyService
from app.identity.sign_in import SignIn
from app.jobs.reindexing import Reindexing
from app.jobs.service import JobService
from app.jobs.traces import JobTraces
from app.library import Library
from app.lifecycle.backup import BackupService
from app.lifecycle.doctor import Doctor
from app.lifecycle.erasure import ErasureService
from app.lifecycle.retention import RetentionService
from app.memberships import MembershipService
from app.operating.operations import Operations
from app.records.chart import ChartService
from app.records.matter import MatterService
from app.reports.service import ReportService
from app.reports.work import CALL
from app.reviewing.service import ReviewService
from app.settings import Settings
from app.shelves import Shelves
from app.sources import Sources
from app.store.activities import SqlActivities
from app.store.aside import settle
from app.store.catalogue import SqlCatalogue
from app.store.database import Database
from app.store.opening import open_database
from app.wiring import operations_of
from domain.erasure import Receipt
from domain.ports.audit_log import AuditTrail
from domain.ports.catalogue import Catalogue
from domain.ports.clock import Clock
from domain.ports.embedder import Embedder
from domain.ports.kept_replies import KeptReplies
from domain.ports.passage_index import PassageIndex
from ingestion.labelling import Labelling
from ingestion.reindexing import Reindexer
from ingestion.sandbox import ReadingSandbox
from ingestion.workflow import Ingestor
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.pack import Pack
from retrieval.retriever import Retriever

__all__ = ["Consilium", "Replacements", "build", "open_catalogue"]

_NEEDED: Final = 0x42797465  # "Byte": which of the database's locks keeps the bytes that a job needs from being removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Consilium:
    """The product, put together. Use it as a context manager, so that the index is written out and let go of."""

    settings: Settings
    access: AccessControl
    identity: Authenticator
    sign_in: SignIn
    keys: KeyService
    pack: Pack
    database: Database
    catalogue: SqlCatalogue
    index: PassageIndex
    embedder: Embedder
    sandbox: ReadingSandbox
    clock: Clock
    ingestor: Ingestor
    retriever: Retriever
    answers: AnswerService
    search: SearchService
    checks: CheckService
    redactions: RedactionService
    library: Library
    sources: Sources
    erasures: ErasureService
    memberships: MembershipService
    break_glass: BreakGlassService
    directory: DirectoryService
    assistants: AssistantService
    assisted: AssistedAnswers
    caught_up: tuple[Receipt, ...]
    reindexer: Reindexer
    backups: BackupService
    doctor: Doctor
    retention: RetentionService
    replays: ReplayService
    conversations: ConversationService
    feedback: FeedbackService
    reviews: ReviewService
    charts: ChartService
    matters: MatterService
    replies: KeptReplies
    trail: AuditTrail | None
    webhooks: EndpointService
    dispatcher: Dispatcher
    jobs: JobService
    reports: ReportService
    reindexing: Reindexing
    deidentifier: PresidioDeidentifier
    shelves: Shelves
    labelling: Labelling
    operations: Operations
    activity: ActivityService
    evaluations: EvaluationReports

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop working on jobs, and let go of the index, the reading process and the database."""
        self.jobs.stop()
        self.operations.readiness.close()
        self.sandbox.close()
        self.sources.originals.close()
        self.index.close()
        self.database.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The groups that :mod:`app.building` puts together."""

    ground: Ground
    stores: Stores
    retrieval: Retrieval
    governing: Governing
    intake: Intake
    keeping: Keeping
    answering: Answering
    sources: Sources
    eventing: Eventing
    jobs: JobService
    reports: ReportService
    shelves: Shelves


def build(settings: Settings, replace: Replacements | None = None) -> Consilium:
    """Put the product together. Raises ConsiliumError when a part cannot start."""
    settle(settings.home)
    ground = lay_ground(settings, replace or Replacements())
    stores = open_stores(ground)
    retrieval = build_retrieval(ground, stores)
    governing = build_governing(ground, stores)
    intake = build_intake(ground, stores, retrieval)
    job_traces = JobTraces(
        jobs=stores.jobs,
        catalogue=stores.catalogue,
        blobs=stores.blobs,
        apart=lambda: stores.database.one_at_a_time(_NEEDED),
    )
    keeping = build_keeping(ground, stores, retrieval, intake, job_traces)
    # What a process that was killed left, and what a restored database forgot, is erased before anything is answered.
    try:
        intake.reindexing.resume()
        caught_up = (*keeping.erasures.catch_up(), *keeping.erasures.finish())
    except BaseException:
        intake.sandbox.close()
        retrieval.index.close()
        stores.database.close()
        raise
    guarded = build_guarded(ground, stores, retrieval, governing.access)
    answering = build_answering(ground, stores, retrieval, guarded)
    making = build_report_work(ground, stores, answering, guarded)
    jobs = build_jobs(ground, stores, intake, keeping.erasures, job_traces, {CALL: making})
    parts = _Parts(
        ground=ground,
        stores=stores,
        retrieval=retrieval,
        governing=governing,
        intake=intake,
        keeping=keeping,
        sources=build_sources(ground, stores, guarded),
        answering=answering,
        eventing=build_eventing(ground, stores),
        jobs=jobs,
        reports=build_reports(ground, stores, answering, governing.access, jobs, making),
        shelves=build_shelves(stores, governing, guarded, keeping),
    )
    return _consilium(parts, caught_up)


def _consilium(parts: _Parts, caught_up: tuple[Receipt, ...]) -> Consilium:
    """Return the product: what of its groups others may use."""
    ground, stores, retrieval, intake = parts.ground, parts.stores, parts.retrieval, parts.intake
    governing, answering, keeping = parts.governing, parts.answering, parts.keeping
    return Consilium(
        settings=ground.settings,
        pack=ground.pack,
        clock=ground.clock,
        deidentifier=ground.deidentifier,
        database=stores.database,
        catalogue=stores.catalogue,
        replies=stores.replies,
        trail=stores.trail,
        index=retrieval.index,
        embedder=retrieval.embedder,
        retriever=retrieval.retriever,
        sandbox=intake.sandbox,
        ingestor=intake.ingestor,
        reindexer=intake.reindexer,
        reindexing=intake.reindexing,
        access=governing.access,
        identity=governing.identity,
        sign_in=governing.sign_in,
        keys=governing.keys,
        memberships=governing.memberships,
        break_glass=governing.break_glass,
        directory=governing.directory,
        assistants=governing.assistants,
        assisted=answering.assisted,
        answers=answering.answers,
        search=answering.search,
        checks=answering.checks,
        redactions=answering.redactions,
        library=answering.library,
        sources=parts.sources,
        replays=answering.replays,
        conversations=answering.conversations,
        feedback=answering.feedback,
        reviews=answering.reviews,
        charts=answering.charts,
        matters=answering.matters,
        erasures=keeping.erasures,
        backups=keeping.backups,
        doctor=keeping.doctor,
        retention=keeping.retention,
        caught_up=caught_up,
        webhooks=parts.eventing.webhooks,
        dispatcher=parts.eventing.dispatcher,
        jobs=parts.jobs,
        reports=parts.reports,
        shelves=parts.shelves,
        labelling=intake.labelling,
        operations=_operations(ground, stores, retrieval),
        activity=ActivityService(trail=stores.trail, activities=SqlActivities(stores.database)),
        evaluations=EvaluationReports(ground.settings.home / FOLDER),
    )


def _operations(ground: Ground, stores: Stores, retrieval: Retrieval) -> Operations:
    """Return what the server is operated by; each part that it is ready with proves itself."""
    proofs: dict[str, Callable[[], object]] = {
        "detector": ground.deidentifier.prove,
        "database": stores.database.prove,
        "audit": stores.audit.prove,
        "index": retrieval.index.count,
    }
    return operations_of(ground.settings, ground.metrics, retrieval.index, proofs)


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Yield the catalogue alone, which may be read while a server owns the index."""
    with open_database(settings) as database:
        yield SqlCatalogue(database)
