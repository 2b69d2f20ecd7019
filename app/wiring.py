"""Chooses single adapters by the settings, for :mod:`app.bootstrap`, which puts them together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from qdrant_client import QdrantClient

from app.answering.chat import ChatDrafter
from app.answering.extractive import ExtractiveDrafter
from app.answering.model_probe import ModelProbe
from app.identity.issuer import IssuerKeys
from app.identity.issuer_documents import HttpIssuerDocuments
from app.identity.sign_in import SignIn
from app.identity.tokens import TokenRules, TokenVerifier
from app.operating.metrics import Metrics
from app.operating.operations import Operations
from app.operating.readiness import Readiness
from app.settings import RERANKERS, Settings
from app.store.opening import address_of
from domain.errors import ServiceError
from domain.generations import FIRST, Generation
from domain.ports.citation_finder import CitationFinder
from domain.ports.clock import Clock
from domain.ports.drafter import Drafter
from domain.ports.embedder import Embedder
from domain.ports.passage_index import PassageIndex
from domain.ports.reranker import Reranker
from policies.pack import Pack
from retrieval.citations import RegexCitationFinder
from retrieval.cross_encoder import Base
from retrieval.embedder import BUNDLED, PINNED, SentenceTransformerEmbedder, bundled_folder, verify
from retrieval.indexes.current import MissingEncoder
from retrieval.indexes.edge import EdgeIndex
from retrieval.indexes.memory import MemoryIndex
from retrieval.indexes.server import ServerIndex
from retrieval.kept_vectors import KeptVectors
from retrieval.reranker import TunedReranker

COLLECTION: Final = "consilium"


def operations_of(
    settings: Settings, metrics: Metrics, index: PassageIndex, parts: dict[str, Callable[[], object]]
) -> Operations:
    """Return metrics and readiness, over what proves each part."""
    if settings.drafter == "chat":
        key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
        parts["model_server"] = ModelProbe(base_url=settings.chat_url, api_key=key).prove
    metrics.watch("consilium_index_passages", "Passages in the index.", lambda: {"": index.count()})
    return Operations(metrics=metrics, readiness=Readiness(parts, metrics))


def embedder_of(settings: Settings) -> Embedder:
    """Return the encoder that is set."""
    embedder = SentenceTransformerEmbedder(settings.encoder)
    return KeptVectors(embedder, settings.vectors) if settings.vectors else embedder


def generation_of(name: str, settings: Settings, embedder: Embedder) -> Generation:
    """Return an index's generation, made with the encoder that is set."""
    return Generation(name=name, encoder=settings.encoder, embedder=embedder.name, dimension=embedder.dimension)


def former_of(live: Generation) -> Embedder:
    """Return the encoder that the live index was made with, or what says that it is missing."""
    try:
        former = SentenceTransformerEmbedder(live.encoder)
    except ServiceError:
        return MissingEncoder(live.embedder, live.dimension)
    return former if former.name == live.embedder else MissingEncoder(live.embedder, live.dimension)


def index_of(settings: Settings, generation: Generation) -> PassageIndex:
    """Return the index of a generation."""
    if settings.index == "memory":
        return MemoryIndex(generation.dimension)
    if settings.index == "server":
        return ServerIndex(qdrant_of(settings), generation.dimension, collection=collection_of(generation))
    return EdgeIndex(settings.home / generation.name, generation.dimension)


def remove_other_indexes(settings: Settings, kept: Generation) -> None:
    """Remove what the generations before left."""
    if settings.index == "server":
        client = qdrant_of(settings)
        for found in client.get_collections().collections:
            ours = found.name == COLLECTION or found.name.startswith(f"{COLLECTION}-{FIRST}-")
            if ours and found.name != collection_of(kept):
                client.delete_collection(found.name)
    elif settings.index == "edge":
        for folder in settings.home.glob(f"{FIRST}*"):
            if folder.is_dir() and folder.name != kept.name:
                shutil.rmtree(folder, ignore_errors=True)


def qdrant_of(settings: Settings) -> QdrantClient:
    """Return a client of the Qdrant server."""
    key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
    return QdrantClient(url=settings.qdrant_url, api_key=key)


def collection_of(generation: Generation) -> str:
    """Return the collection of a generation."""
    return COLLECTION if generation.name == FIRST else f"{COLLECTION}-{generation.name}"


def jobs_address(settings: Settings) -> Path | str:
    """Return where the runs of jobs are: beside the catalogue, or in the same PostgreSQL database."""
    address = address_of(settings)
    if isinstance(address, str) and address.startswith("postgresql"):
        return address
    return settings.home / "jobs.db"


def drafter_named(settings: Settings, clock: Clock, name: str) -> Drafter | None:
    """Return a drafter that an answer was given by, if this installation can still ask it."""
    if name == ExtractiveDrafter().name:
        return ExtractiveDrafter()
    if settings.drafter == "chat" and name.startswith("chat/"):
        return drafter_of(settings.model_copy(update={"chat_model": name.removeprefix("chat/")}), clock)
    return None


def tokens_of(settings: Settings, clock: Clock) -> TokenVerifier | None:
    """Return what verifies an issuer's tokens, where one is set."""
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


def sign_in_of(settings: Settings, clock: Clock) -> SignIn:
    """Return what exchanges the codes of people who sign in."""
    return SignIn(
        settings.oidc_issuer,
        settings.oidc_client_id,
        openid="openid" in settings.oidc_scopes.split(),
        documents=HttpIssuerDocuments(clock),
        clock=clock,
    )


def reranker_of(settings: Settings, pack: Pack) -> Reranker | None:
    """Return the pack's re-ranker, where it names one."""
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


def drafter_of(settings: Settings, clock: Clock) -> Drafter:
    """Return the drafter that is set."""
    if settings.drafter == "extractive":
        return ExtractiveDrafter()
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    return ChatDrafter(base_url=settings.chat_url, model=settings.chat_model, api_key=key, clock=clock)
