"""The right to erasure: by subject or document, everywhere, finished even after a kill -9, with a receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final

from domain.documents import Document
from domain.erasure import (
    DOCUMENT,
    ERASED,
    HELD,
    HOLD_PLACED,
    HOLD_RELEASED,
    SHARED,
    SUBJECT,
    Entry,
    Hold,
    Kept,
    Receipt,
    Target,
)
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.ports.clock import Clock
from domain.ports.holds import ErasureQueue, Holds
from domain.ports.ids import Ids
from domain.ports.ledger import Ledger
from domain.ports.passage_index import PassageIndex
from domain.ports.register import Register
from domain.ports.steps import Steps
from domain.ports.traces import Traces

REASON_LOST: Final = "Placed after the backup that was restored, so that its reason is not known here any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be erased, under the id of its receipt. ``again`` says that an earlier try may have begun with it."""

    id: str
    target: Target
    shared: bool
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureService:
    """Erases, and keeps what must not be.

    What is to be erased is remembered first, in the queue and in the register; then the index forgets it, so that
    no question sees it any more; then the originals, the ledger, the catalogue and the traces (answers,
    conversations, feedback, kept replies, items of jobs); the index is written anew without it, and last the memory
    of the order goes. A process that is killed at any point leaves the order, and :meth:`finish` carries it out. The
    register outlives the database: what an older one that was restored does not know is erased again by
    :meth:`catch_up`. The audit trail keeps that it happened, by ids and counts. ``alone`` keeps erasures and backups
    apart; in ``quiet`` nothing is ingested, so that an upload is there as a whole when it is erased, or not at all.
    """

    catalogue: Catalogue
    ledger: Ledger
    blobs: BlobStore
    index: PassageIndex
    holds: Holds
    queue: ErasureQueue
    register: Register
    audit: AuditLog
    clock: Clock
    ids: Ids
    steps: Steps
    traces: Mapping[str, Traces] = field(default_factory=dict)
    alone: Callable[[], AbstractContextManager[object]] = nullcontext
    quiet: Callable[[], AbstractContextManager[object]] = nullcontext

    def erase(self, target: Target, *, shared: bool = False) -> Receipt:
        """Erase a subject or a document; ``shared`` includes documents that are about other subjects too.

        Raises RequestError ``request.not_found`` when nothing is known by that id, PolicyUnavailableError when it
        cannot be recorded.
        """
        return self.erase_each([target], shared=shared)[0]

    def erase_each(self, targets: Sequence[Target], *, shared: bool = False, because: str = "order") -> list[Receipt]:
        """Erase several at once, so that the index is written anew once; ``because`` is a word for the audit trail."""
        self._see_that_known(targets)
        with self.alone():
            return self._carry_out([self._begin(target, shared=shared, because=because) for target in targets])

    def order(self, target: Target, *, shared: bool = False) -> str:
        """Record durably that something is to be erased, and return the id under which it will be.

        Raises RequestError ``request.not_found`` when nothing is known by that id, PolicyUnavailableError when it
        cannot be recorded.
        """
        self._see_that_known([target])
        with self.alone():
            return self._begin(target, shared=shared, because="order").id

    def plan(self, target: Target, *, shared: bool = False) -> Receipt:
        """Return what an erasure would remove and keep if it were ordered now; nothing is changed or recorded.

        Raises RequestError ``request.not_found`` when nothing is known by that id.
        """
        self._see_that_known([target])
        doomed, kept = self._sorted_out(Order(id="", target=target, shared=shared), self._names(target), ())
        versions = [version for document in doomed for version in self.catalogue.versions(document.id)]
        ids = tuple(document.id for document in doomed)
        digests = sorted({version.digest for version in versions})
        return Receipt(
            id="",
            target=target,
            documents=ids,
            versions=tuple(version.id for version in versions),
            passages=sum(version.passages for version in versions),
            originals=tuple(digest for digest in digests if self._goes(digest, target, ids, kept)),
            kept=tuple(kept),
        )

    def carry_out(self, erasure_id: str) -> Receipt | None:
        """Carry out what :meth:`order` recorded; nothing when that was done already."""
        with self.alone():
            left = [
                Order(id=found, target=target, shared=shared, again=True)
                for found, target, shared in self.queue.unfinished()
                if found == erasure_id
            ]
            receipts = self._carry_out(left)
        return receipts[0] if receipts else None

    def finish(self) -> Iterator[Receipt]:
        """Carry out what a process that was killed left, and yield the receipts."""
        if not self.queue.unfinished():
            return
        with self.alone():
            # Read again: another process may be at it, which does not let go before it is done.
            left = [Order(id=i, target=t, shared=shared, again=True) for i, t, shared in self.queue.unfinished()]
            receipts = self._carry_out(left)
        yield from receipts

    def catch_up(self) -> list[Receipt]:
        """Do again what the register knows and the database does not, as it was restored from an earlier day.

        Holds are placed and released, and subjects and documents erased, in the order in which they once were.
        """
        receipts: list[Receipt] = []
        orders: list[Order] = []
        if not self.register.unknown():
            return receipts
        with self.alone():
            begun = {erasure_id for erasure_id, _, _ in self.queue.unfinished()}
            for entry in self.register.unknown():
                if entry.event != ERASED:
                    receipts += self._carry_out(orders)
                    orders = []
                    self._hold_again(entry)
                    self.register.known(entry)
                    continue
                target = entry.target
                facts = {"erasure_id": entry.id, "tenant": target.tenant, target.kind: target.id}
                self.audit.append("erasure_repeated", facts)
                if entry.id not in begun:
                    self.queue.begin(entry.id, target, shared=entry.shared)
                orders.append(Order(id=entry.id, target=target, shared=entry.shared, again=True))
            receipts += self._carry_out(orders)
        return receipts

    def place_hold(self, target: Target, reason: str) -> Hold:
        """Forbid the erasure of a subject or document. Raises RequestError for no reason or an unknown target."""
        if not reason.strip():
            raise RequestError("request.invalid", "reason: say why")
        with self.alone():
            if not self._documents(target):
                raise RequestError("request.not_found", target.kind)
            now = self.clock.now().isoformat()
            hold = Hold(id=self.ids.new("h"), target=target, reason=reason.strip(), placed_at=now)
            self.audit.append("hold_placed", {"hold_id": hold.id, "tenant": target.tenant, target.kind: target.id})
            self.register.add(Entry(event=HOLD_PLACED, id=hold.id, at=now, target=target))
            self.holds.place(hold)
            return hold

    def release_hold(self, tenant: str, hold_id: str) -> None:
        """Allow it again. Raises RequestError ``request.not_found``."""
        hold = next((hold for hold in self.holds.all(tenant) if hold.id == hold_id), None)
        if hold is None:
            raise RequestError("request.not_found", "hold")
        self.audit.append("hold_released", {"hold_id": hold_id, "tenant": tenant})
        now = self.clock.now().isoformat()
        self.register.add(Entry(event=HOLD_RELEASED, id=hold_id, at=now, target=hold.target))
        self.holds.release(tenant, hold_id)

    def hold_on(self, document: Document) -> Hold | None:
        """Return the oldest hold that covers a document."""
        return next((hold for hold in self.holds.all(document.labels.tenant) if self._covers(hold, document)), None)

    def held(self, tenant: str) -> list[tuple[str, str]]:
        """Return what holds of a tenant cover: pairs of "subject" and each of its names, or "document" and its id."""
        return [
            (hold.target.kind, name)
            for hold in self.holds.all(tenant)
            for name in (self._names(hold.target) or (hold.target.id,))
        ]

    def _see_that_known(self, targets: Sequence[Target]) -> None:
        for target in targets:
            if not self._documents(target):
                raise RequestError("request.not_found", target.kind)

    def _begin(self, target: Target, *, shared: bool, because: str) -> Order:
        """Remember what is to be erased. What fails afterwards is carried out by :meth:`finish`."""
        order = Order(id=self.ids.new("e"), target=target, shared=shared)
        facts = {"erasure_id": order.id, "tenant": target.tenant, target.kind: target.id}
        self.audit.append("erasure_began", {**facts, "shared": int(shared), "because": because})
        self.steps.reached("erasure.audit_began")
        self.queue.begin(order.id, target, shared=shared)
        self.steps.reached("erasure.ordered")
        return order

    def _carry_out(self, orders: Sequence[Order]) -> list[Receipt]:
        if not orders:
            return []
        with self.quiet():
            receipts = [self._remove(order) for order in orders]
        # Where nothing goes there is nothing to leave behind, unless an earlier try deleted it.
        if any(receipt.versions for receipt in receipts) or any(order.again for order in orders):
            self.index.compact()
        self.steps.reached("erasure.compacted")
        for receipt in receipts:
            self.audit.append(
                "erasure_done",
                {
                    "erasure_id": receipt.id,
                    "tenant": receipt.target.tenant,
                    "documents": list(receipt.documents),
                    "passages": receipt.passages,
                    "originals": list(receipt.originals),
                    "traces": [f"{name}:{count}" for name, count in receipt.traces.items()],
                    "kept": [f"{one.document_id}:{one.because}" for one in receipt.kept],
                },
            )
            self.steps.reached("erasure.audited")
            self.queue.end(receipt.id)
            self.steps.reached("erasure.forgotten")
        return receipts

    def _remove(self, order: Order) -> Receipt:
        """Remove everything but what lies in the index unseen; the register knows it all before anything goes."""
        target = order.target
        before = self.register.entry(ERASED, order.id) if order.again else None
        names = tuple(sorted({*self._names(target), *(before.names if before else ())}))
        doomed, kept = self._sorted_out(order, names, before.documents if before else ())
        versions = [version for document in doomed for version in self.catalogue.versions(document.id)]
        ids = tuple(document.id for document in doomed)
        digests = {version.digest for version in versions} | set(before.originals if before else ())
        originals = [digest for digest in sorted(digests) if self._goes(digest, target, ids, kept)]
        now = self.clock.now().isoformat()
        self.register.add(
            Entry(
                event=ERASED, id=order.id, at=now, target=target, shared=order.shared, names=names,
                documents=ids, originals=tuple(originals),
            )
        )  # fmt: skip
        self.steps.reached("erasure.registered")
        for version in versions:
            self.index.delete_version(version.id)
        self.steps.reached("erasure.hidden")
        for digest in originals:
            self.blobs.delete(digest)
        self.steps.reached("erasure.originals_removed")
        with self.catalogue.transaction():
            self.ledger.forget(ids)
            self.catalogue.erase_documents(ids)
        self.steps.reached("erasure.rows_removed")
        subjects = () if self._held(target, names) else names
        gone = (*ids, *(before.documents if before else ()))
        traces = {name: one.forget(target.tenant, subjects, gone) for name, one in self.traces.items()}
        self.steps.reached("erasure.traces_removed")
        return Receipt(
            id=order.id,
            target=target,
            documents=ids,
            versions=tuple(version.id for version in versions),
            passages=sum(version.passages for version in versions),
            originals=tuple(originals),
            kept=tuple(kept),
            traces=traces,
        )

    def _goes(self, digest: str, target: Target, doomed: Sequence[str], kept: list[Kept]) -> bool:
        """Say whether an original goes; a document that is held and was read from it is added to what is kept."""
        others = [document for document in self.catalogue.documents_from(digest) if document.id not in doomed]
        held = [(other, hold) for other in others if (hold := self.hold_on(other))]
        known = {one.document_id for one in kept}
        kept.extend(
            Kept(document_id=other.id, because=HELD, hold_id=hold.id) for other, hold in held if other.id not in known
        )
        # The same bytes may be another document as well; of a subject nothing may stay, whoever else is in it.
        return not held and (target.kind == SUBJECT or not others)

    def _sorted_out(self, order: Order, names: Sequence[str], also: Sequence[str]) -> tuple[list[Document], list[Kept]]:
        """Return the documents that go, and those that stay with the reason; ``also`` went the first time."""
        target = order.target
        found = {document.id: document for document in self._documents(target, names)}
        for document_id in also:
            document = self.catalogue.document(document_id)
            if document and document.labels.tenant == target.tenant:
                found[document_id] = document
        doomed, kept = [], []
        for document in found.values():
            others = set(document.labels.subjects) - set(names)
            if hold := self.hold_on(document):
                kept.append(Kept(document_id=document.id, because=HELD, hold_id=hold.id))
            elif target.kind == SUBJECT and not order.shared and others and document.id not in also:
                kept.append(Kept(document_id=document.id, because=SHARED))
            else:
                doomed.append(document)
        return doomed, kept

    def _hold_again(self, entry: Entry) -> None:
        tenant = entry.target.tenant
        if entry.event == HOLD_RELEASED:
            self.holds.release(tenant, entry.id)
        elif all(hold.id != entry.id for hold in self.holds.all(tenant)):
            self.holds.place(Hold(id=entry.id, target=entry.target, reason=REASON_LOST, placed_at=entry.at))

    def _documents(self, target: Target, names: Sequence[str] = ()) -> list[Document]:
        if target.kind == SUBJECT:
            return self.catalogue.documents_about(target.tenant, names or self._names(target))
        document = self.catalogue.document(target.id)
        return [document] if document and document.labels.tenant == target.tenant else []

    def _names(self, target: Target) -> tuple[str, ...]:
        return self.catalogue.subjects_alike(target.tenant, target.id) if target.kind == SUBJECT else ()

    def _held(self, target: Target, names: Sequence[str]) -> bool:
        """Say whether a hold covers a subject as such."""
        holds = self.holds.all(target.tenant) if target.kind == SUBJECT else []
        return any(hold.target.kind == SUBJECT and set(self._names(hold.target)) & set(names) for hold in holds)

    def _covers(self, hold: Hold, document: Document) -> bool:
        if hold.target.kind == DOCUMENT:
            return hold.target.id == document.id
        return bool(set(self._names(hold.target)) & set(document.labels.subjects))
