"""The composition root: the only place that knows which adapter serves which port. Tests come in by the same door."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from app.access import AccessControl
from app.answering.checks import CheckService, RedactionService, SearchService
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import Presenter
from app.answering.replay import ReplayService
from app.answering.service import AnswerService
from app.break_glass import BreakGlassService
from app.conversations import ConversationService
from app.directory import DirectoryService
from app.events.announcing import AnnouncingLedger, TrailFollower
from app.events.dispatcher import Dispatcher
from app.events.endpoints import EndpointService
from app.events.sending import Sender
from app.feedback import FeedbackService
from app.identity.attempts import Attempts
from app.identity.authenticator import Authenticator
from app.identity.keys import KeyService
from app.identity.owner import owner_token
from app.jobs.dbos_runner import DbosRunner
from app.jobs.reindexing import Reindexing
from app.jobs.service import JobService
from app.jobs.traces import JobTraces
from app.jobs.work import BatchWork, ErasureWork, IngestionWork, ReindexingWork
from app.library import Library
from app.lifecycle.backup import BackupService
from app.lifecycle.doctor import Doctor
from app.lifecycle.erasure import ErasureService
from app.lifecycle.retention import RULES_FILE, RetentionService
from app.memberships import MembershipService
from app.operating.metered import MeteredAuditLog, MeteredVerifier
from app.operating.metrics import Metrics
from app.operating.operations import Operations
from app.pinned import configuration_of
from app.settings import Settings
from app.store.answer_records import SqlAnswerRecords
from app.store.aside import StoresSetAside, settle
from app.store.audit_log import SqlAuditLog
from app.store.catalogue import SqlCatalogue
from app.store.conversations import SqlConversations
from app.store.database import Database
from app.store.directory import SqlDirectory
from app.store.feedbacks import SqlFeedbacks
from app.store.generations import SqlGenerations
from app.store.holds import SqlErasureQueue, SqlHolds
from app.store.jobs import SqlJobs
from app.store.kept_replies import SqlKeptReplies
from app.store.keys import SqlKeys
from app.store.ledger import SqlLedger
from app.store.members import SqlMembers
from app.store.opening import address_of, audit_of, blobs_of, cipher_for, open_database, signer_of
from app.store.outbox import SqlOutbox
from app.store.register import REGISTER_FILE, FileRegister
from app.system import RandomIds, RandomSecrets, SystemClock, Unwatched
from app.wiring import (
    citation_finder,
    drafter_named,
    drafter_of,
    embedder_of,
    former_of,
    generation_of,
    index_of,
    jobs_address,
    operations_of,
    pack_named,
    remove_other_indexes,
    reranker_of,
    tokens_of,
)
from domain.erasure import Receipt
from domain.generations import FIRST
from domain.jobs import JobKind
from domain.ports.audit_log import AuditLog, AuditTrail
from domain.ports.catalogue import Catalogue
from domain.ports.clock import Clock
from domain.ports.drafter import Drafter
from domain.ports.embedder import Embedder
from domain.ports.ids import Ids
from domain.ports.job_runner import JobRunner
from domain.ports.kept_replies import KeptReplies
from domain.ports.passage_index import PassageIndex
from domain.ports.reranker import Reranker
from domain.ports.steps import Steps
from ingestion.limits import Limits
from ingestion.reindexing import Reindexer
from ingestion.sandbox import ReadingSandbox
from ingestion.workflow import Ingestor
from policies.access.cedar_decider import CedarDecider
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.policy import Disclosure
from policies.grounding.verifier import FactVerifier
from policies.pack import Pack, load_pack
from retrieval.bm25 import Bm25Encoder
from retrieval.fusion import FusionWeights
from retrieval.indexes.current import CurrentEmbedder, CurrentIndex, MissingEncoder
from retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """Adapters that stand in for the configured ones; ``None`` keeps the configured one."""

    embedder: Embedder | None = None
    former: Embedder | None = None
    drafter: Drafter | None = None
    index: PassageIndex | None = None
    reranker: Reranker | None = None
    audit: AuditLog | None = None
    clock: Clock | None = None
    ids: Ids | None = None
    runner: JobRunner | None = None
    steps: Steps | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consilium:
    """The product, put together. Use it as a context manager, so that the index is written out and let go of."""

    settings: Settings
    access: AccessControl
    identity: Authenticator
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
    erasures: ErasureService
    memberships: MembershipService
    break_glass: BreakGlassService
    directory: DirectoryService
    caught_up: tuple[Receipt, ...]
    reindexer: Reindexer
    backups: BackupService
    doctor: Doctor
    retention: RetentionService
    replays: ReplayService
    conversations: ConversationService
    feedback: FeedbackService
    replies: KeptReplies
    trail: AuditTrail | None
    webhooks: EndpointService
    dispatcher: Dispatcher
    jobs: JobService
    reindexing: Reindexing
    deidentifier: PresidioDeidentifier
    operations: Operations

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
        self.index.close()
        self.database.close()


def build(settings: Settings, replace: Replacements | None = None) -> Consilium:  # noqa: PLR0915 - a list of parts
    """Put the product together. Raises ConsiliumError when a part cannot start."""
    given = replace or Replacements()
    clock, ids = given.clock or SystemClock(), given.ids or RandomIds()
    settle(settings.home)
    cipher = cipher_for(settings)
    steps = given.steps or Unwatched()
    pack = load_pack(settings.pack)
    decider = CedarDecider(clock.monotonic, settings.access_policies)
    deidentifier = PresidioDeidentifier()
    deidentifier.prove()
    database = Database(address_of(settings))
    catalogue, outbox = SqlCatalogue(database, clock), SqlOutbox(database)
    ledger = AnnouncingLedger(ledger=SqlLedger(database), catalogue=catalogue, outbox=outbox, clock=clock, ids=ids)
    embedder = given.embedder or embedder_of(settings)
    generations = SqlGenerations(database)
    generations.adopt(generation_of(FIRST, settings, embedder))
    live = generations.live() or generation_of(FIRST, settings, embedder)
    former = given.former if given.embedder else None
    answering = CurrentEmbedder(embedder if live.embedder == embedder.name else former or former_of(live))
    index = CurrentIndex(given.index or index_of(settings, live), generations.changed)
    sparse, citations = Bm25Encoder(phrases=pack.retrieval.phrase_weight), citation_finder()
    metrics = Metrics()
    log = given.audit or audit_of(settings, database, clock)
    audit = MeteredAuditLog(log, metrics)
    trail = log if isinstance(log, SqlAuditLog) else None
    follower = TrailFollower(trail=trail, outbox=outbox, now=lambda: clock.now().timestamp()) if trail else None
    retriever = Retriever(
        embedder=answering.embedder,
        sparse=sparse,
        citations=citations,
        index=index.index,
        catalogue=catalogue,
        weights=FusionWeights(
            dense=pack.retrieval.dense_weight,
            candidates=pack.retrieval.candidates_share,
            document=pack.retrieval.document_weight,
            k=pack.retrieval.rrf_k or None,
        ),
    )
    if reranker := given.reranker or reranker_of(settings, pack):
        retriever.use_reranker(reranker, pack.retrieval.reranker_weight)
    members, directory = SqlMembers(database), SqlDirectory(database)
    access = AccessControl(decider=decider, members=members, audit=audit, clock=clock)
    if isinstance(answering.embedder, MissingEncoder):
        retriever.use_words_only()
    guarded = GuardedRetriever(retriever=retriever, catalogue=catalogue, access=access)
    presenter = Presenter(catalogue=catalogue, disclosure=Disclosure(deidentifier=deidentifier, pack=pack))
    verifier = MeteredVerifier(FactVerifier(), metrics)
    limits = Limits(
        max_bytes=settings.max_bytes,
        seconds=settings.read_seconds,
        memory=settings.read_memory,
        max_pages=settings.max_pages,
    )
    sandbox = ReadingSandbox(limits)
    blobs = blobs_of(settings, cipher)
    records = SqlAnswerRecords(database, cipher)
    conversations, feedbacks, replies = SqlConversations(database), SqlFeedbacks(database), SqlKeptReplies(database)
    job_records = SqlJobs(database)
    job_traces = JobTraces(jobs=job_records, catalogue=catalogue, blobs=blobs)
    erasures = ErasureService(
        catalogue=catalogue,
        ledger=ledger,
        blobs=blobs,
        index=index,
        holds=SqlHolds(database),
        queue=SqlErasureQueue(database),
        register=FileRegister(database, settings.home / REGISTER_FILE),
        audit=audit,
        clock=clock,
        ids=ids,
        steps=steps,
        traces={
            "answers": records,
            "conversations": conversations,
            "feedback": feedbacks,
            "replies": replies,
            "jobs": job_traces,
            "stores_set_aside": StoresSetAside(settings.home, database),
        },
        alone=database.alone,
    )
    ingestor = Ingestor(
        catalogue=catalogue,
        ledger=ledger,
        blobs=blobs,
        index=index,
        embedder=answering,
        sparse=sparse,
        citations=citations,
        sandbox=sandbox,
        fingerprint=f"{limits} {embedder.name} {sparse.name}",
        steps=steps,
    )
    reindexing = Reindexing(
        encoder=settings.encoder,
        embedder=embedder,
        catalogue=catalogue,
        generations=generations,
        current=index,
        sparse=sparse,
        citations=citations,
        retriever=retriever,
        ingestor=ingestor,
        answering=answering,
        ids=ids,
        steps=steps,
        open_index=lambda generation: index_of(settings, generation),
        remove=lambda kept: remove_other_indexes(settings, kept),
    )
    # What a process that was killed left, and what a restored database forgot, is erased before anything is answered.
    try:
        reindexing.resume()
        caught_up = (*erasures.catch_up(), *erasures.finish())
    except BaseException:
        sandbox.close()
        index.close()
        database.close()
        raise
    jobs = JobService(
        jobs=job_records,
        runner=given.runner or DbosRunner(jobs_address(settings)),
        handlers={
            JobKind.REINDEXING: ReindexingWork(reindexing=reindexing, jobs=job_records),
            JobKind.INGESTION: IngestionWork(ingestor=ingestor, blobs=blobs),
            JobKind.ERASURE: ErasureWork(erasures=erasures),
            JobKind.BATCH: BatchWork(calls={}),
        },
        blobs=blobs,
        traces=job_traces,
        erasures=erasures,
        reindexing=reindexing,
        clock=clock,
        ids=ids,
        steps=steps,
    )
    reindexer = Reindexer(catalogue=catalogue, index=index, sparse=sparse, citations=citations)
    answers = AnswerService(
        retriever=guarded,
        drafter=given.drafter or drafter_of(settings, clock),
        verifier=verifier,
        presenter=presenter,
        audit=audit,
        clock=clock,
        ids=ids,
        pack=pack,
        deadline=settings.deadline,
        records=records,
        configuration=configuration_of(settings, pack),
        embedder=answering,
    )
    randomness = RandomSecrets()
    keys = KeyService(keys=SqlKeys(database), audit=audit, clock=clock, ids=RandomIds(), secrets=randomness)
    library = Library(catalogue=catalogue, retriever=guarded, presenter=presenter)
    return Consilium(
        settings=settings,
        access=access,
        identity=Authenticator(
            owner_token=owner_token(settings.home, randomness),
            keys=keys,
            tokens=tokens_of(settings, clock),
            attempts=Attempts(clock),
        ),
        keys=keys,
        pack=pack,
        database=database,
        catalogue=catalogue,
        index=index,
        embedder=embedder,
        sandbox=sandbox,
        clock=clock,
        ingestor=ingestor,
        retriever=retriever,
        answers=answers,
        search=SearchService(retriever=guarded, presenter=presenter, audit=audit, clock=clock, ids=ids),
        checks=CheckService(
            retriever=guarded, verifier=verifier, presenter=presenter, audit=audit, clock=clock, ids=ids
        ),
        redactions=RedactionService(retriever=guarded, presenter=presenter, audit=audit, ids=ids),
        library=library,
        erasures=erasures,
        memberships=MembershipService(
            members=members, directory=directory, access=access, audit=audit, clock=clock, ids=ids
        ),
        break_glass=BreakGlassService(
            members=members,
            access=access,
            audit=audit,
            clock=clock,
            ids=ids,
            most_minutes=settings.break_glass_minutes,
        ),
        directory=DirectoryService(directory=directory, access=access, audit=audit, clock=clock, ids=ids),
        caught_up=caught_up,
        reindexer=reindexer,
        backups=BackupService(
            settings=settings,
            database=database,
            catalogue=catalogue,
            blobs=blobs,
            index=index,
            embedder=answering,
            audit=audit,
            signer=signer_of(settings),
            cipher=cipher,
            clock=clock,
            ids=ids,
        ),
        doctor=Doctor(
            catalogue=catalogue,
            ledger=ledger,
            blobs=blobs,
            index=index,
            reindexer=reindexer,
            ingestor=ingestor,
            audit=audit,
            jobs=job_records,
            home=settings.home,
        ),
        retention=RetentionService(
            file=settings.home / RULES_FILE, catalogue=catalogue, erasures=erasures, records=records, clock=clock
        ),
        replays=ReplayService(
            records=records,
            catalogue=catalogue,
            answers=answers,
            pack_named=pack_named,
            drafter_named=lambda name: drafter_named(settings, clock, name),
        ),
        conversations=ConversationService(kept=conversations, answers=answers, library=library, clock=clock, ids=ids),
        feedback=FeedbackService(kept=feedbacks, library=library, clock=clock, ids=ids),
        replies=replies,
        trail=trail,
        webhooks=EndpointService(
            outbox=outbox,
            follower=follower,
            audit=audit,
            clock=clock,
            ids=ids,
            random=secrets.token_bytes,
            anywhere=settings.webhooks_anywhere,
        ),
        dispatcher=Dispatcher(
            follower=follower,
            outbox=outbox,
            sender=Sender(anywhere=settings.webhooks_anywhere),
            clock=clock,
            spread=random.random,
        ),
        jobs=jobs,
        reindexing=reindexing,
        deidentifier=deidentifier,
        operations=operations_of(
            settings,
            metrics,
            index,
            {"detector": deidentifier.prove, "database": database.prove, "audit": audit.prove, "index": index.count},
        ),
    )


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Yield the catalogue alone, which may be read while a server owns the index."""
    with open_database(settings) as database:
        yield SqlCatalogue(database)
