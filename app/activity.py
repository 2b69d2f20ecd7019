"""Who asked what class of question when, and how it went: read off the audit trail, without content."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from app.store.activities import SqlActivities, latency_class, milliseconds_of
from domain.activity import (
    DAY,
    DENIED,
    DONE,
    HOUR,
    OPEN,
    QUESTION,
    Bucket,
    Choice,
    Latency,
    Operation,
    Statistics,
)
from domain.audit import AuditEvent
from domain.errors import PolicyUnavailableError, RequestError
from domain.ports.audit_log import AuditTrail

LENGTHS: Final = {DAY: 10, HOUR: 13}
MOST_BUCKETS: Final = 400
_AT_ONCE: Final = 1000
_MOST_EVENTS: Final = 20_000
_FACTS_OF_CLAIMS: Final = ("supported", "contradicted", "unsupported", "tokens")
# What somebody asks for though its event names no purpose.
_WITHOUT_PURPOSE: Final = frozenset({"replay", "access_denied", "original_shown", "report_made"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityService:
    """Lists and counts operations. What the trail has recorded since the last time is taken in first."""

    trail: AuditTrail | None
    activities: SqlActivities

    def page(self, choice: Choice, *, before: int, limit: int) -> tuple[list[Operation], bool]:
        """Return operations, the newest first, and whether events are still to be taken in.

        Raises PolicyUnavailableError where there is no trail to read, and ServiceError.
        """
        behind = self.follow()
        return self.activities.page(choice, before=before, limit=limit), behind

    def statistics(self, choice: Choice, bucket: str) -> tuple[Statistics, bool]:
        """Return the figures of a time, which has a first and a last day, and whether events are still to be taken in.

        Raises RequestError ``request.invalid`` for more than :data:`MOST_BUCKETS` buckets, and as :meth:`page` does.
        """
        starts = _starts(choice, bucket)
        behind = self.follow()
        length = LENGTHS[bucket]
        counts = self.activities.counts(choice, length)
        latencies = self.activities.latencies(choice, length)
        whole: Counter[int] = Counter()
        for some in latencies.values():
            whole.update(some)
        by_start: dict[str, list[dict[str, Any]]] = {start: [] for start in starts}
        for row in counts:
            by_start.setdefault(row["start"], []).append(row)
        buckets = tuple(_bucket(start, by_start[start], latencies.get(start, Counter())) for start in starts)
        operations, purposes, models, codes = (
            self.activities.by(choice, column) for column in ("operation", "purpose", "model", "code")
        )
        found = Statistics(
            bucket=bucket,
            buckets=buckets,
            whole=_bucket(starts[0] if starts else "", counts, whole),
            operations=operations,
            purposes=purposes,
            models=models,
            codes=codes,
        )
        return found, behind

    def follow(self) -> bool:
        """Take in what the trail has recorded since the last time, up to a limit; say whether there is still more.

        Where the trail is not the one that was read before (it was cut off and resumed), all is read anew.
        """
        if self.trail is None:
            raise PolicyUnavailableError("policy.audit_unavailable", "no trail to read")
        seen, digest = self.activities.seen()
        events = self.trail.events(after=max(seen - 1, 0))
        if seen:
            last = next(events, None)
            if last is None or (last.seq, last.digest) != (seen, digest):
                self.activities.begin_anew()
                seen, events = 0, self.trail.events()
        return self._take(seen, events)

    def _take(self, seen: int, events: Iterator[AuditEvent]) -> bool:
        for _ in range(_MOST_EVENTS // _AT_ONCE):
            some = list(islice(events, _AT_ONCE))
            if not some:
                return False
            begun = [row for event in some if (row := _begun(event))]
            finished = [_finished(event.facts) for event in some if event.event == "answer"]
            after = (some[-1].seq, some[-1].digest)
            if not self.activities.take(seen, after, begun, finished):
                return True
            seen = after[0]
        return next(events, None) is not None


def _begun(event: AuditEvent) -> dict[str, Any] | None:
    """Return the row of an operation that an event of the trail began; none where nobody asked for anything."""
    facts = event.facts
    asked = "actor" in facts and ("purpose" in facts or event.event in _WITHOUT_PURPOSE)
    if not asked or "tenant" not in facts:
        return None
    denied = event.event == "access_denied"
    status = DENIED if denied else OPEN if event.event == QUESTION else DONE
    return {
        "seq": event.seq,
        "tenant": str(facts["tenant"]),
        "at": event.at,
        "operation": str(facts["action"]) if denied and "action" in facts else event.event,
        "actor": str(facts["actor"]),
        "purpose": str(facts.get("purpose", "")),
        "status": status,
        "code": "access.denied" if denied else "",
        "model": "",
        "answer_id": str(facts.get("answer_id", "")),
        "milliseconds": None,
        "latency_class": None,
        "subjects": _many(facts.get("subjects")),
        "collections": _many(facts.get("collections")),
        **dict.fromkeys(_FACTS_OF_CLAIMS, 0),
    }


def _finished(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the event of an answer says of the question that it ends."""
    took = facts.get("milliseconds")
    timed = isinstance(took, int) and took >= 0
    return {
        "of_answer": str(facts.get("answer_id", "")),
        "new_status": str(facts.get("status", "")),
        "new_code": str(facts.get("refusal", "")),
        "new_model": str(facts.get("model", "")),
        "new_milliseconds": took if timed else None,
        "new_latency_class": latency_class(took) if timed and isinstance(took, int) else None,
        **{f"new_{name}": int(facts.get(name, 0)) for name in _FACTS_OF_CLAIMS},
    }


def _many(value: object) -> int:
    return len(value) if isinstance(value, list) else 0


def _starts(choice: Choice, bucket: str) -> list[str]:
    if choice.since is None or choice.until is None or choice.until <= choice.since:
        raise RequestError("request.invalid", "query.until: after query.since")
    hours = 24 if bucket == DAY else 1
    number = (choice.until - choice.since).days * 24 // hours
    if number > MOST_BUCKETS:
        raise RequestError("request.invalid", f"query: {number} buckets; at most {MOST_BUCKETS}")
    first = datetime.combine(choice.since, datetime.min.time())
    return [(first + timedelta(hours=hours * n)).isoformat()[: LENGTHS[bucket]] for n in range(number)]


def _bucket(start: str, rows: list[dict[str, Any]], times: Counter[int]) -> Bucket:
    statuses: Counter[str] = Counter()
    for row in rows:
        statuses[row["status"]] += row["n"]
    sums = {name: sum(int(row[name] or 0) for row in rows) for name in _FACTS_OF_CLAIMS}
    return Bucket(start=start, statuses=dict(statuses), latency=_latency(times), **sums)


def _latency(times: Counter[int]) -> Latency:
    count = times.total()
    if not count:
        return Latency(count=0)
    p50, p90, p99 = (milliseconds_of(_percentile(times, count, share)) for share in (0.5, 0.9, 0.99))
    return Latency(count=count, p50=p50, p90=p90, p99=p99)


def _percentile(times: Counter[int], count: int, share: float) -> int:
    """Return the class that the share of all is in or below (nearest rank)."""
    rank, below = math.ceil(share * count), 0
    for number in sorted(times):
        below += times[number]
        if below >= rank:
            return number
    return max(times)
