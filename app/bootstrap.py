"""The composition root: the only place that knows which adapter serves which port. Tests come in by the same door."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from qdrant_client import QdrantClient

from app.access import AccessControl
from app.answering.chat import ChatDrafter
from app.answering.checks import CheckService, RedactionService, SearchService
from app.answering.extractive import ExtractiveDrafter
from app.answering.guarded import GuardedRetriever
from app.answering.model_probe import ModelProbe
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
from app.identity.issuer import IssuerKeys
from app.identity.issuer_documents import HttpIssuerDocuments
from app.identity.keys import KeyService
from app.identity.owner import owner_token
from app.identity.tokens import TokenRules, TokenVerifier
from app.library import Library
from app.lifecycle.backup import BackupService
from app.lifecycle.doctor import Doctor
from app.lifecycle.erasure import ErasureService
from app.lifecycle.retention import RULES_FILE, RetentionService
from app.memberships import MembershipService
from app.operating.metered import MeteredAuditLog, MeteredVerifier
from app.operating.metrics import Metrics
from app.operating.operations import Operations
from app.operating.readiness import Readiness
from app.pinned import configuration_of
from app.settings import RERANKERS, Settings
from app.store.answer_records import SqlAnswerRecords
from app.store.aside import StoresSetAside, settle
from app.store.audit_log import SqlAuditLog
from app.store.catalogue import SqlCatalogue
from app.store.conversations import SqlConversations
from app.store.database import Database
from app.store.directory import SqlDirectory
from app.store.feedbacks import SqlFeedbacks
from app.store.holds import SqlErasureQueue, SqlHolds
from app.store.kept_replies import SqlKeptReplies
from app.store.keys import SqlKeys
from app.store.ledger import SqlLedger
from app.store.members import SqlMembers
from app.store.opening import address_of, audit_of, blobs_of, cipher_for, signer_of
from app.store.outbox import SqlOutbox
from app.store.register import REGISTER_FILE, FileRegister
from app.system import RandomIds, RandomSecrets, SystemClock
from domain.erasure import Receipt
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog, AuditTrail
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.clock import Clock
from domain.ports.drafter import Drafter
from domain.ports.embedder import Embedder
from domain.ports.ids import Ids
from domain.ports.kept_replies import KeptReplies
from domain.ports.passage_index import PassageIndex
from domain.ports.reranker import Reranker
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
from retrieval.citations import RegexCitationFinder
from retrieval.cross_encoder import Base
from retrieval.embedder import BUNDLED, PINNED, SentenceTransformerEmbedder, bundled_folder, verify
from retrieval.fusion import FusionWeights
from retrieval.indexes.edge import EdgeIndex
from retrieval.indexes.memory import MemoryIndex
from retrieval.indexes.server import ServerIndex
from retrieval.kept_vectors import KeptVectors
from retrieval.reranker import TunedReranker
from retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """Adapters that stand in for the configured ones; ``None`` keeps the configured one."""

    embedder: Embedder | None = None
    drafter: Drafter | None = None
    index: PassageIndex | None = None
    reranker: Reranker | None = None
    audit: AuditLog | None = None
    clock: Clock | None = None
    ids: Ids | None = None


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
    deidentifier: PresidioDeidentifier
    operations: Operations

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index, the reading process and the database."""
        self.operations.readiness.close()
        self.sandbox.close()
        self.index.close()
        self.database.close()


def build(settings: Settings, replace: Replacements | None = None) -> Consilium:
    """Put the product together. Raises ConsiliumError when a part cannot start."""
    given = replace or Replacements()
    clock, ids = given.clock or SystemClock(), given.ids or RandomIds()
    settle(settings.home)
    cipher = cipher_for(settings)
    pack = load_pack(settings.pack)
    decider = CedarDecider(clock.monotonic, settings.access_policies)
    deidentifier = PresidioDeidentifier()
    deidentifier.prove()
    database = Database(address_of(settings))
    catalogue, outbox = SqlCatalogue(database, clock), SqlOutbox(database)
    ledger = AnnouncingLedger(ledger=SqlLedger(database), catalogue=catalogue, outbox=outbox, clock=clock, ids=ids)
    embedder = given.embedder or _embedder(settings)
    index = given.index or _index(settings, embedder)
    sparse, citations = Bm25Encoder(phrases=pack.retrieval.phrase_weight), citation_finder()
    metrics = Metrics()
    log = given.audit or audit_of(settings, database, clock)
    audit = MeteredAuditLog(log, metrics)
    trail = log if isinstance(log, SqlAuditLog) else None
    follower = TrailFollower(trail=trail, outbox=outbox, now=lambda: clock.now().timestamp()) if trail else None
    retriever = Retriever(
        embedder=embedder,
        sparse=sparse,
        citations=citations,
        index=index,
        catalogue=catalogue,
        weights=FusionWeights(
            dense=pack.retrieval.dense_weight,
            candidates=pack.retrieval.candidates_share,
            document=pack.retrieval.document_weight,
            k=pack.retrieval.rrf_k or None,
        ),
    )
    if reranker := given.reranker or _reranker(settings, pack):
        retriever.use_reranker(reranker, pack.retrieval.reranker_weight)
    members = SqlMembers(database)
    access = AccessControl(decider=decider, members=members, audit=audit, clock=clock)
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
        traces={
            "answers": records,
            "conversations": conversations,
            "feedback": feedbacks,
            "replies": replies,
            "stores_set_aside": StoresSetAside(settings.home, database),
        },
        alone=database.alone,
    )
    # What a process that was killed left, and what a restored database forgot, is erased before anything is answered.
    try:
        caught_up = (*erasures.catch_up(), *erasures.finish())
    except BaseException:
        sandbox.close()
        index.close()
        database.close()
        raise
    ingestor = Ingestor(
        catalogue=catalogue,
        ledger=ledger,
        blobs=blobs,
        index=index,
        embedder=embedder,
        sparse=sparse,
        citations=citations,
        sandbox=sandbox,
        fingerprint=f"{limits} {embedder.name} {sparse.name}",
    )
    reindexer = Reindexer(catalogue=catalogue, index=index, sparse=sparse, citations=citations)
    answers = AnswerService(
        retriever=guarded,
        drafter=given.drafter or _drafter(settings, clock),
        verifier=verifier,
        presenter=presenter,
        audit=audit,
        clock=clock,
        ids=ids,
        pack=pack,
        deadline=settings.deadline,
        records=records,
        configuration=configuration_of(settings, pack),
        encoder=embedder.name,
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
            tokens=_tokens(settings, clock),
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
            members=members, directory=SqlDirectory(database), access=access, audit=audit, clock=clock, ids=ids
        ),
        break_glass=BreakGlassService(
            members=members,
            access=access,
            audit=audit,
            clock=clock,
            ids=ids,
            most_minutes=settings.break_glass_minutes,
        ),
        directory=DirectoryService(directory=SqlDirectory(database), access=access, audit=audit, clock=clock, ids=ids),
        caught_up=caught_up,
        reindexer=reindexer,
        backups=BackupService(
            settings=settings,
            database=database,
            catalogue=catalogue,
            blobs=blobs,
            index=index,
            embedder=embedder,
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
            home=settings.home,
        ),
        retention=RetentionService(
            file=settings.home / RULES_FILE, catalogue=catalogue, erasures=erasures, records=records, clock=clock
        ),
        replays=ReplayService(
            records=records,
            catalogue=catalogue,
            answers=answers,
            pack_named=_pack_named,
            drafter_named=lambda name: _drafter_named(settings, clock, name),
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
        deidentifier=deidentifier,
        operations=_operations(
            settings,
            metrics,
            index,
            {"detector": deidentifier.prove, "database": database.prove, "audit": audit.prove, "index": index.count},
        ),
    )


def _operations(
    settings: Settings, metrics: Metrics, index: PassageIndex, parts: dict[str, Callable[[], object]]
) -> Operations:
    if settings.drafter == "chat":
        key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
        parts["model_server"] = ModelProbe(base_url=settings.chat_url, api_key=key).prove
    metrics.watch("consilium_index_passages", "Passages in the index.", lambda: {"": index.count()})
    return Operations(metrics=metrics, readiness=Readiness(parts, metrics))


def _embedder(settings: Settings) -> Embedder:
    embedder = SentenceTransformerEmbedder(settings.encoder)
    return KeptVectors(embedder, settings.vectors) if settings.vectors else embedder


def _index(settings: Settings, embedder: Embedder) -> PassageIndex:
    if settings.index == "memory":
        return MemoryIndex(embedder.dimension)
    if settings.index == "server":
        key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
        return ServerIndex(QdrantClient(url=settings.qdrant_url, api_key=key), embedder.dimension)
    return EdgeIndex(settings.home / "index", embedder.dimension)


def _pack_named(name: str) -> Pack | None:
    """Return a pack that an answer was given with, if it still comes with the product."""
    try:
        return load_pack(name)
    except RequestError:
        return None


def _drafter_named(settings: Settings, clock: Clock, name: str) -> Drafter | None:
    """Return a drafter that an answer was given by, if this installation can still ask it."""
    if name == ExtractiveDrafter().name:
        return ExtractiveDrafter()
    if settings.drafter == "chat" and name.startswith("chat/"):
        return _drafter(settings.model_copy(update={"chat_model": name.removeprefix("chat/")}), clock)
    return None


def _tokens(settings: Settings, clock: Clock) -> TokenVerifier | None:
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    rules = TokenRules(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        algorithms=settings.oidc_algorithms,
        types=settings.oidc_token_types,
        roles_claim=settings.oidc_roles_claim,
        tenant_claim=settings.oidc_tenant_claim,
        teams_claim=settings.oidc_teams_claim,
        leeway=settings.oidc_leeway,
    )
    return TokenVerifier(rules, IssuerKeys(rules.issuer, HttpIssuerDocuments(clock), clock), clock)


def _reranker(settings: Settings, pack: Pack) -> Reranker | None:
    if not pack.retrieval.reranker:
        return None
    name, digest = pack.retrieval.reranker.split("@")
    return TunedReranker(encoder_base(), settings.home / RERANKERS / name, digest)


def encoder_base() -> Base:
    """Return the bundled encoder, which re-rankers are adapters of. Raises ServiceError when it is not what it was."""
    folder = bundled_folder()
    verify(folder)
    return Base(name=BUNDLED, folder=folder, digest=PINNED["model.safetensors"])


def citation_finder() -> CitationFinder:
    """Return what finds provisions in texts."""
    return RegexCitationFinder()


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Yield the catalogue alone, which may be read while a server owns the index."""
    settle(settings.home)
    with closing(Database(address_of(settings))) as database:
        yield SqlCatalogue(database)


def _drafter(settings: Settings, clock: Clock) -> Drafter:
    if settings.drafter == "extractive":
        return ExtractiveDrafter()
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    return ChatDrafter(base_url=settings.chat_url, model=settings.chat_model, api_key=key, clock=clock)
