"""Where events come from: the ledger of files, and the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.audit import AuditEvent
from domain.ports.audit_log import AuditTrail
from domain.ports.catalogue import Catalogue
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outbox import Outbox
from domain.webhooks import ERASED, GLASS_BROKEN, INDEXED, JOB_FINISHED, REJECTED, Event

_AT_ONCE: Final = 1000
# Which events of the audit trail are told, as what, and which of their facts.
TOLD: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "erasure_done": (ERASED, ("erasure_id", "documents", "passages")),
    "break_glass_opened": (GLASS_BROKEN, ("break_glass_id", "actor", "subjects", "until")),
    "job_finished": (JOB_FINISHED, ("job_id", "kind", "state")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncingLedger:
    """Implements :class:`domain.ports.ledger.Ledger` over another one; each outcome and its event are one write."""

    ledger: Ledger
    catalogue: Catalogue
    outbox: Outbox
    clock: Clock
    ids: Ids

    def entry(self, tenant: str, collection: str, path: str) -> LedgerEntry | None:
        """Return how the file ended the last time."""
        return self.ledger.entry(tenant, collection, path)

    def forget(self, document_ids: Sequence[str]) -> None:
        """Forget every outcome that led to one of these documents."""
        self.ledger.forget(document_ids)

    def documents(self) -> set[str]:
        """Return the ids of all documents that outcomes led to."""
        return self.ledger.documents()

    def record(self, entry: LedgerEntry) -> None:
        """Remember an outcome durably, and owe its event to whom it concerns."""
        now = self.clock.now()
        data: dict[str, Any] = {"collection": entry.collection, "digest": entry.digest}
        data |= {"code": entry.code} if entry.code else {"documents": list(entry.document_ids)}
        event = Event(
            id=self.ids.new("evt"),
            tenant=entry.tenant,
            kind=REJECTED if entry.code else INDEXED,
            at=now.isoformat(),
            data=data,
        )
        with self.catalogue.transaction():
            self.ledger.record(entry)
            self.outbox.put(event, now.timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFollower:
    """Owes what the audit trail records. The trail is durable before anything is answered, so that nothing is lost."""

    trail: AuditTrail
    outbox: Outbox
    now: Callable[[], float]

    def follow(self) -> int:
        """Put the events since the last time; return how many. Raises ServiceError."""
        seen = self.outbox.seen()
        if seen is None:
            return 0
        put = 0
        for some in _groups(self.trail.events(after=seen)):
            events = [event for one in some if (event := told(one))]
            self.outbox.put_seen(events, some[-1].seq, self.now())
            put += len(events)
        return put

    def last(self) -> int:
        """Return the number of the last event of the trail."""
        points = self.trail.checkpoints()
        return points[-1].seq if points else 0


def told(event: AuditEvent) -> Event | None:
    """Return what other systems are told of an event of the trail; its id follows from its place there."""
    kind, names = TOLD.get(event.event, ("", ()))
    tenant = event.facts.get("tenant")
    if not kind or not isinstance(tenant, str):
        return None
    place = hashlib.sha256(f"{event.seq} {event.digest}".encode()).hexdigest()[:32]
    data = {name: event.facts[name] for name in names if name in event.facts}
    return Event(id=f"evt_{place}", tenant=tenant, kind=kind, at=event.at, data=data)


def _groups(events: Iterator[AuditEvent]) -> Iterator[list[AuditEvent]]:
    some: list[AuditEvent] = []
    for event in events:
        some.append(event)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some
