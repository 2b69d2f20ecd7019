"""What is done with the items of jobs, kind by kind; each piece may be done again from its beginning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.jobs.reindexing import Reindexing
from app.lifecycle.erasure import ErasureService
from domain.documents import Interval, Labels
from domain.errors import DocumentError, RequestError
from domain.jobs import Done, Job, JobItem
from domain.ports.blob_store import BlobStore
from domain.ports.jobs import Jobs
from ingestion.workflow import Ingestor, IngestRequest, WithdrawnError

Handler = Callable[[Job, JobItem], Done]


def order_of(name: str, request: IngestRequest) -> dict[str, object]:
    """Return an ingestion request as an item keeps it until it ends: the file's name and its labels."""
    labels, in_force = request.labels, request.in_force
    given: dict[str, Any] = {
        "name": name,
        "collection": labels.collection,
        "subject": labels.subjects[0] if labels.subjects else None,
        "walls": list(labels.walls),
        "sensitivity": labels.sensitivity,
        "jurisdiction": labels.jurisdiction,
        "document": request.document,
        "title": request.title,
        "same_subject": request.same_subject,
        "effective_from": in_force.effective_from.isoformat() if in_force.effective_from else None,
        "effective_to": in_force.effective_to.isoformat() if in_force.effective_to else None,
    }
    return {key: value for key, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestionWork:
    """Ingests a file whose bytes are in the blob store, unless it was cancelled or erased before it is written."""

    ingestor: Ingestor
    blobs: BlobStore
    jobs: Jobs

    def __call__(self, job: Job, item: JobItem) -> Done:
        """Ingest one file. Raises DocumentError with its code when nothing of it could be read."""
        content = self.blobs.get(item.digest)
        if content is None:
            raise DocumentError("document.unreadable", "its bytes are gone")
        name, request = _request(job.tenant, item.order)
        try:
            outcomes = self.ingestor.ingest_bytes(
                content, name, request, wanted=lambda: self.jobs.waits(job.id, item.number)
            )
        except WithdrawnError:
            return Done()
        codes = sorted({outcome.code for outcome in outcomes if outcome.code})
        documents = tuple(dict.fromkeys(outcome.document_id for outcome in outcomes if outcome.document_id))
        if codes and not documents:
            raise DocumentError(codes[0], f"{len(outcomes)} files")
        return Done(
            document_ids=documents,
            passages=sum(outcome.passages for outcome in outcomes),
            code=codes[0] if codes else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureWork:
    """Carries out an erasure that was recorded; its order is in the queue of erasures, not in the job."""

    erasures: ErasureService

    def __call__(self, job: Job, item: JobItem) -> Done:
        """Erase. What another start carried out already is done."""
        del job
        receipt = self.erasures.carry_out(str(item.order["erasure_id"]))
        return Done(passages=receipt.passages if receipt else 0)


class InterruptedWorkError(Exception):
    """A piece of work that stopped in the middle, to be gone on with later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexingWork:
    """Makes a new index beside the one that answers and switches over."""

    reindexing: Reindexing
    jobs: Jobs

    def __call__(self, job: Job, item: JobItem) -> Done:
        """Reindex everything. Raises InterruptedWorkError when the job was cancelled or another slice took over."""
        del item

        def stopped() -> bool:
            now = self.jobs.job(job.id)
            return now is None or now.run_id != job.run_id or not now.open

        for _ in self.reindexing.run(stopped):
            pass
        if self.reindexing.coming:
            raise InterruptedWorkError
        return Done()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWork:
    """Calls what a batch names: ``{"call": NAME, …}``. A kind of batch is one entry, registered at the start."""

    calls: Mapping[str, Handler]

    def __call__(self, job: Job, item: JobItem) -> Done:
        """Do one piece. Raises RequestError ``request.invalid`` for a name that nothing is registered under."""
        call = self.calls.get(str(item.order.get("call")))
        if call is None:
            raise RequestError("request.invalid", "call")
        return call(job, item)


def _request(tenant: str, order: Mapping[str, Any]) -> tuple[str, IngestRequest]:
    since, until = order.get("effective_from"), order.get("effective_to")
    labels = Labels(
        tenant=tenant,
        collection=order["collection"],
        subjects=(order["subject"],) if order.get("subject") else (),
        walls=tuple(order.get("walls", ())),
        sensitivity=order.get("sensitivity", "normal"),
        jurisdiction=order.get("jurisdiction"),
    )
    in_force = Interval(
        effective_from=date.fromisoformat(since) if since else None,
        effective_to=date.fromisoformat(until) if until else None,
    )
    request = IngestRequest(
        labels=labels,
        document=order.get("document"),
        title=order.get("title"),
        in_force=in_force,
        same_subject=order.get("same_subject", False),
    )
    return str(order["name"]), request
