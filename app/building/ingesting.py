"""What takes documents in: the reading sandbox, the ingestor, and what makes an index anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from app.building.ground import Ground
from app.building.retrieving import Retrieval
from app.building.storing import Stores
from app.jobs.reindexing import Reindexing
from app.wiring import former_of, index_of, remove_other_indexes
from ingestion.labelling import Labelling
from ingestion.limits import Limits
from ingestion.reindexing import Reindexer
from ingestion.sandbox import ReadingSandbox
from ingestion.workflow import Ingestor

_SWITCHING: Final = 0x53776974  # "Swit": which of PostgreSQL's advisory locks keeps a switch and writers apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """``reindexer`` writes the live index anew from the catalogue; ``reindexing`` makes another one beside it.

    ``apart`` keeps what changes under all processes at once from what each of them writes.
    """

    sandbox: ReadingSandbox
    ingestor: Ingestor
    reindexer: Reindexer
    reindexing: Reindexing
    labelling: Labelling
    apart: Callable[[], AbstractContextManager[object]]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Do this while nothing is ingested, by any process."""
        with self.ingestor.paused(), self.apart():
            yield


def build_intake(ground: Ground, stores: Stores, retrieval: Retrieval) -> Intake:
    """Return what takes documents in; the sandbox is a process, to be closed."""
    limits = limits_of(ground)
    sandbox = ReadingSandbox(limits)
    sparse, citations, index = retrieval.sparse, retrieval.citations, retrieval.index
    ingestor = Ingestor(
        catalogue=stores.catalogue,
        ledger=stores.ledger,
        blobs=stores.blobs,
        index=index,
        embedder=retrieval.answering,
        sparse=sparse,
        citations=citations,
        sandbox=sandbox,
        fingerprint=f"{limits} {retrieval.embedder.name} {sparse.name}",
        steps=ground.steps,
        beside=lambda: stores.database.among_processes(_SWITCHING, alone=False),
    )

    def apart() -> AbstractContextManager[None]:
        return stores.database.among_processes(_SWITCHING, alone=True)

    return Intake(
        sandbox=sandbox,
        ingestor=ingestor,
        reindexer=Reindexer(catalogue=stores.catalogue, index=index, sparse=sparse, citations=citations),
        reindexing=_reindexing(ground, stores, retrieval, ingestor, apart),
        labelling=Labelling(
            catalogue=stores.catalogue,
            index=index,
            sparse=sparse,
            citations=citations,
            audit=stores.audit,
            paused=ingestor.paused,
        ),
        apart=apart,
    )


def _reindexing(
    ground: Ground,
    stores: Stores,
    retrieval: Retrieval,
    ingestor: Ingestor,
    apart: Callable[[], AbstractContextManager[object]],
) -> Reindexing:
    settings = ground.settings
    reindexing = Reindexing(
        encoder=settings.encoder,
        embedder=retrieval.embedder,
        catalogue=stores.catalogue,
        generations=stores.generations,
        current=retrieval.index,
        sparse=retrieval.sparse,
        citations=retrieval.citations,
        retriever=retrieval.retriever,
        ingestor=ingestor,
        answering=retrieval.answering,
        ids=ground.ids,
        steps=ground.steps,
        open_index=lambda generation: index_of(settings, generation),
        remove=lambda kept: remove_other_indexes(settings, kept),
        former=former_of,
        live=retrieval.live.name,
        shared=settings.index == "server",
        apart=apart,
    )
    retrieval.index.refresh = reindexing.follow
    return reindexing


def limits_of(ground: Ground) -> Limits:
    """Return what reading a file may take."""
    settings = ground.settings
    return Limits(
        max_bytes=settings.max_bytes,
        seconds=settings.read_seconds,
        memory=settings.read_memory,
        max_pages=settings.max_pages,
    )
