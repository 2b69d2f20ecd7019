"""The right to erasure: by subject or document, everywhere, finished even after a kill -9, with a receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.documents import Document
from domain.erasure import DOCUMENT, HELD, SHARED, SUBJECT, Hold, Kept, Receipt, Target
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.ports.clock import Clock
from domain.ports.holds import ErasureQueue, Holds
from domain.ports.ids import Ids
from domain.ports.ledger import Ledger
from domain.ports.passage_index import PassageIndex
from domain.ports.steps import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureService:
    """Erases, and keeps what must not be.

    What is to be erased is remembered first, then the index forgets it, so that no question sees it any more; then the
    originals, the ledger and the catalogue; the index is written anew without it, and last the memory of the order
    goes. A process that is killed at any point leaves the order, and :meth:`finish` carries it out. The audit trail
    keeps that it happened, by ids and counts.
    """

    catalogue: Catalogue
    ledger: Ledger
    blobs: BlobStore
    index: PassageIndex
    holds: Holds
    queue: ErasureQueue
    audit: AuditLog
    clock: Clock
    ids: Ids
    steps: Steps

    def erase(self, target: Target, *, shared: bool = False) -> Receipt:
        """Erase a subject or a document; ``shared`` includes documents that are about other subjects too.

        Raises RequestError ``request.not_found`` when nothing is known by that id, PolicyUnavailableError when it
        cannot be recorded.
        """
        erasure_id = self.order(target, shared=shared)
        return self._carry_out(erasure_id, target, shared=shared, again=False)

    def order(self, target: Target, *, shared: bool = False) -> str:
        """Record durably that something is to be erased, and return the id under which it will be.

        Raises RequestError ``request.not_found`` when nothing is known by that id, PolicyUnavailableError when it
        cannot be recorded.
        """
        if not self._documents(target):
            raise RequestError("request.not_found", target.kind)
        erasure_id = self.ids.new("e")
        self.audit.append(
            "erasure_began",
            {"erasure_id": erasure_id, "tenant": target.tenant, target.kind: target.id, "shared": int(shared)},
        )
        self.steps.reached("erasure.audit_began")
        self.queue.begin(erasure_id, target, shared=shared)
        self.steps.reached("erasure.ordered")
        return erasure_id

    def carry_out(self, erasure_id: str) -> Receipt | None:
        """Carry out what :meth:`order` recorded; nothing when that was done already."""
        for found, target, shared in self.queue.unfinished():
            if found == erasure_id:
                return self._carry_out(erasure_id, target, shared=shared, again=True)
        return None

    def finish(self) -> Iterator[Receipt]:
        """Carry out what a process that was killed left, and yield the receipts."""
        for erasure_id, target, shared in self.queue.unfinished():
            yield self._carry_out(erasure_id, target, shared=shared, again=True)

    def place_hold(self, target: Target, reason: str) -> Hold:
        """Forbid the erasure of a subject or document. Raises RequestError for no reason or an unknown target."""
        if not reason.strip():
            raise RequestError("request.invalid", "reason: say why")
        if not self._documents(target):
            raise RequestError("request.not_found", target.kind)
        hold = Hold(id=self.ids.new("h"), target=target, reason=reason.strip(), placed_at=self.clock.now().isoformat())
        self.audit.append("hold_placed", {"hold_id": hold.id, "tenant": target.tenant, target.kind: target.id})
        self.holds.place(hold)
        return hold

    def release_hold(self, tenant: str, hold_id: str) -> None:
        """Allow it again. Raises RequestError ``request.not_found``."""
        if all(hold.id != hold_id for hold in self.holds.all(tenant)):
            raise RequestError("request.not_found", "hold")
        self.audit.append("hold_released", {"hold_id": hold_id, "tenant": tenant})
        self.holds.release(tenant, hold_id)

    def _carry_out(self, erasure_id: str, target: Target, *, shared: bool, again: bool) -> Receipt:
        names = self._names(target)
        doomed, kept = self._sorted_out(target, names, shared=shared)
        versions = [version for document in doomed for version in self.catalogue.versions(document.id)]
        for version in versions:
            self.index.delete_version(version.id)
        self.steps.reached("erasure.hidden")
        ids = [document.id for document in doomed]
        digests = []
        for digest in sorted({version.digest for version in versions}):
            others = [document for document in self.catalogue.documents_from(digest) if document.id not in ids]
            held = [(other, hold) for other in others if (hold := self._hold_on(other))]
            kept.extend(Kept(document_id=other.id, because=HELD, hold_id=hold.id) for other, hold in held)
            # The same bytes may be another document as well; of a subject nothing may stay, whoever else is in it.
            if not held and (target.kind == SUBJECT or not others):
                self.blobs.delete(digest)
                digests.append(digest)
        self.steps.reached("erasure.originals_removed")
        with self.catalogue.transaction():
            self.ledger.forget(ids)
            self.catalogue.erase_documents(ids)
        self.steps.reached("erasure.rows_removed")
        # Where nothing goes there is nothing to leave behind, unless an earlier try deleted it.
        if versions or again:
            self.index.compact()
        self.steps.reached("erasure.compacted")
        receipt = Receipt(
            id=erasure_id,
            target=target,
            documents=tuple(ids),
            versions=tuple(version.id for version in versions),
            passages=sum(version.passages for version in versions),
            originals=tuple(digests),
            kept=tuple(kept),
        )
        self.audit.append(
            "erasure_done",
            {
                "erasure_id": erasure_id,
                "tenant": target.tenant,
                "documents": ids,
                "passages": receipt.passages,
                "originals": digests,
                "kept": [f"{one.document_id}:{one.because}" for one in kept],
            },
        )
        self.steps.reached("erasure.audited")
        self.queue.end(erasure_id)
        self.steps.reached("erasure.forgotten")
        return receipt

    def _sorted_out(self, target: Target, names: Sequence[str], *, shared: bool) -> tuple[list[Document], list[Kept]]:
        """Return the documents that go, and those that stay with the reason."""
        doomed, kept = [], []
        for document in self._documents(target):
            if hold := self._hold_on(document):
                kept.append(Kept(document_id=document.id, because=HELD, hold_id=hold.id))
            elif target.kind == SUBJECT and not shared and set(document.labels.subjects) - set(names):
                kept.append(Kept(document_id=document.id, because=SHARED))
            else:
                doomed.append(document)
        return doomed, kept

    def _documents(self, target: Target) -> list[Document]:
        if target.kind == SUBJECT:
            return self.catalogue.documents_about(target.tenant, self._names(target))
        document = self.catalogue.document(target.id)
        return [document] if document and document.labels.tenant == target.tenant else []

    def _names(self, target: Target) -> tuple[str, ...]:
        return self.catalogue.subjects_alike(target.tenant, target.id) if target.kind == SUBJECT else ()

    def _hold_on(self, document: Document) -> Hold | None:
        """Return the oldest hold that covers a document."""
        return next((hold for hold in self.holds.all(document.labels.tenant) if self._covers(hold, document)), None)

    def _covers(self, hold: Hold, document: Document) -> bool:
        if hold.target.kind == DOCUMENT:
            return hold.target.id == document.id
        return bool(set(self._names(hold.target)) & set(document.labels.subjects))
