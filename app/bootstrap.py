"""The composition root: the only place that knows which adapter serves which port. Tests come in by the same door."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from qdrant_client import QdrantClient

from app.access import AccessControl
from app.answering.chat import ChatDrafter
from app.answering.checks import CheckService, RedactionService, SearchService
from app.answering.extractive import ExtractiveDrafter
from app.answering.presentation import Presenter
from app.answering.service import AnswerService, GuardedRetriever
from app.jobs.dbos_runner import DbosRunner
from app.jobs.reindexing import Reindexing
from app.jobs.service import JobService
from app.jobs.work import BatchWork, ErasureWork, IngestionWork, ReindexingWork
from app.library import Library
from app.lifecycle.erasure import ErasureService
from app.settings import RERANKERS, Settings
from app.store.blob_store import FolderBlobStore
from app.store.catalogue import SqlCatalogue
from app.store.database import Database
from app.store.generations import SqlGenerations
from app.store.holds import SqlErasureQueue, SqlHolds
from app.store.jobs import SqlJobs
from app.store.ledger import SqlLedger
from app.store.opening import address_of, audit_of
from app.system import RandomIds, SystemClock, Unwatched
from domain.errors import ServiceError
from domain.generations import FIRST, Generation
from domain.jobs import JobKind
from domain.ports.audit_log import AuditLog
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.clock import Clock
from domain.ports.drafter import Drafter
from domain.ports.embedder import Embedder
from domain.ports.ids import Ids
from domain.ports.job_runner import JobRunner
from domain.ports.passage_index import PassageIndex
from domain.ports.reranker import Reranker
from domain.ports.steps import Steps
from ingestion.limits import Limits
from ingestion.sandbox import ReadingSandbox
from ingestion.workflow import Ingestor
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.policy import Disclosure
from policies.grounding.verifier import FactVerifier
from policies.pack import Pack, load_pack
from retrieval.bm25 import Bm25Encoder
from retrieval.citations import RegexCitationFinder
from retrieval.cross_encoder import Base
from retrieval.embedder import BUNDLED, PINNED, SentenceTransformerEmbedder, bundled_folder, verify
from retrieval.fusion import FusionWeights
from retrieval.indexes.current import CurrentEmbedder, CurrentIndex, MissingEncoder
from retrieval.indexes.edge import EdgeIndex
from retrieval.indexes.memory import MemoryIndex
from retrieval.indexes.server import ServerIndex
from retrieval.kept_vectors import KeptVectors
from retrieval.reranker import TunedReranker
from retrieval.retriever import Retriever

COLLECTION: Final = "consilium"


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
    jobs: JobService
    reindexing: Reindexing
    deidentifier: PresidioDeidentifier

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop working on jobs, and let go of the index, the reading process and the database."""
        self.jobs.stop()
        self.sandbox.close()
        self.index.close()
        self.database.close()


def build(settings: Settings, replace: Replacements | None = None) -> Consilium:
    """Put the product together. Raises ConsiliumError when a part cannot start."""
    given = replace or Replacements()
    clock, ids = given.clock or SystemClock(), given.ids or RandomIds()
    steps = given.steps or Unwatched()
    pack = load_pack(settings.pack)
    deidentifier = PresidioDeidentifier()
    deidentifier.prove()
    database = Database(address_of(settings))
    catalogue, ledger = SqlCatalogue(database), SqlLedger(database)
    embedder = given.embedder or _embedder(settings)
    generations = SqlGenerations(database)
    generations.adopt(_generation(FIRST, settings, embedder))
    live = generations.live() or _generation(FIRST, settings, embedder)
    former = given.former if given.embedder else None
    answering = CurrentEmbedder(embedder if live.embedder == embedder.name else former or _former(live))
    index = CurrentIndex(given.index or _index(settings, live))
    sparse, citations = Bm25Encoder(phrases=pack.retrieval.phrase_weight), citation_finder()
    audit = given.audit or audit_of(settings, database, clock)
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
    if reranker := given.reranker or _reranker(settings, pack):
        retriever.use_reranker(reranker, pack.retrieval.reranker_weight)
    if isinstance(answering.embedder, MissingEncoder):
        retriever.use_words_only()
    guarded = GuardedRetriever(retriever=retriever, catalogue=catalogue)
    presenter = Presenter(catalogue=catalogue, disclosure=Disclosure(deidentifier=deidentifier, pack=pack))
    verifier = FactVerifier()
    limits = Limits(
        max_bytes=settings.max_bytes,
        seconds=settings.read_seconds,
        memory=settings.read_memory,
        max_pages=settings.max_pages,
    )
    sandbox = ReadingSandbox(limits)
    blobs = FolderBlobStore(settings.home / "originals")
    erasures = ErasureService(
        catalogue=catalogue,
        ledger=ledger,
        blobs=blobs,
        index=index,
        holds=SqlHolds(database),
        queue=SqlErasureQueue(database),
        audit=audit,
        clock=clock,
        ids=ids,
        steps=steps,
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
        open_index=lambda generation: _index(settings, generation),
        remove=lambda kept: _remove_other_indexes(settings, kept),
    )
    reindexing.resume()
    # What a process that was killed left is erased before anything is answered.
    for _ in erasures.finish():
        pass
    records = SqlJobs(database)
    jobs = JobService(
        jobs=records,
        runner=given.runner or DbosRunner(_jobs_address(settings)),
        handlers={
            JobKind.REINDEXING: ReindexingWork(reindexing=reindexing, jobs=records),
            JobKind.INGESTION: IngestionWork(ingestor=ingestor, blobs=blobs),
            JobKind.ERASURE: ErasureWork(erasures=erasures),
            JobKind.BATCH: BatchWork(calls={}),
        },
        blobs=blobs,
        catalogue=catalogue,
        erasures=erasures,
        reindexing=reindexing,
        clock=clock,
        ids=ids,
        steps=steps,
    )
    return Consilium(
        settings=settings,
        access=AccessControl(),
        pack=pack,
        database=database,
        catalogue=catalogue,
        index=index,
        embedder=embedder,
        sandbox=sandbox,
        clock=clock,
        ingestor=ingestor,
        retriever=retriever,
        answers=AnswerService(
            retriever=guarded,
            drafter=given.drafter or _drafter(settings, clock),
            verifier=verifier,
            presenter=presenter,
            audit=audit,
            clock=clock,
            ids=ids,
            pack=pack,
            deadline=settings.deadline,
        ),
        search=SearchService(retriever=guarded, presenter=presenter, audit=audit, clock=clock, ids=ids),
        checks=CheckService(
            retriever=guarded, verifier=verifier, presenter=presenter, audit=audit, clock=clock, ids=ids
        ),
        redactions=RedactionService(retriever=guarded, presenter=presenter, audit=audit, ids=ids),
        library=Library(catalogue=catalogue, retriever=guarded, presenter=presenter),
        erasures=erasures,
        jobs=jobs,
        reindexing=reindexing,
        deidentifier=deidentifier,
    )


def _embedder(settings: Settings) -> Embedder:
    embedder = SentenceTransformerEmbedder(settings.encoder)
    return KeptVectors(embedder, settings.vectors) if settings.vectors else embedder


def _generation(name: str, settings: Settings, embedder: Embedder) -> Generation:
    return Generation(name=name, encoder=settings.encoder, embedder=embedder.name, dimension=embedder.dimension)


def _former(live: Generation) -> Embedder:
    """Return the encoder that the live index was made with, or what says that it is missing."""
    try:
        former = SentenceTransformerEmbedder(live.encoder)
    except ServiceError:
        return MissingEncoder(live.embedder, live.dimension)
    return former if former.name == live.embedder else MissingEncoder(live.embedder, live.dimension)


def _index(settings: Settings, generation: Generation) -> PassageIndex:
    if settings.index == "memory":
        return MemoryIndex(generation.dimension)
    if settings.index == "server":
        return ServerIndex(_qdrant(settings), generation.dimension, collection=_collection(generation))
    return EdgeIndex(settings.home / generation.name, generation.dimension)


def _remove_other_indexes(settings: Settings, kept: Generation) -> None:
    """Remove what the generations before left."""
    if settings.index == "server":
        client = _qdrant(settings)
        for found in client.get_collections().collections:
            ours = found.name == COLLECTION or found.name.startswith(f"{COLLECTION}-{FIRST}-")
            if ours and found.name != _collection(kept):
                client.delete_collection(found.name)
    elif settings.index == "edge":
        for folder in settings.home.glob(f"{FIRST}*"):
            if folder.is_dir() and folder.name != kept.name:
                shutil.rmtree(folder, ignore_errors=True)


def _qdrant(settings: Settings) -> QdrantClient:
    key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
    return QdrantClient(url=settings.qdrant_url, api_key=key)


def _collection(generation: Generation) -> str:
    return COLLECTION if generation.name == FIRST else f"{COLLECTION}-{generation.name}"


def _jobs_address(settings: Settings) -> Path | str:
    """Return where the runs of jobs are: beside the catalogue, or in the same PostgreSQL database."""
    address = address_of(settings)
    if isinstance(address, str) and address.startswith("postgresql"):
        return address
    return settings.home / "jobs.db"


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
    with closing(Database(address_of(settings))) as database:
        yield SqlCatalogue(database)


def _drafter(settings: Settings, clock: Clock) -> Drafter:
    if settings.drafter == "extractive":
        return ExtractiveDrafter()
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    return ChatDrafter(base_url=settings.chat_url, model=settings.chat_model, api_key=key, clock=clock)
