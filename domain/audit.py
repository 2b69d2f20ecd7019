"""The chain of audit events: each carries the digest of the one before it, so that none can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Fact = str | int | list[str]
GENESIS: Final = "0" * 64

ALTERED: Final = "audit.altered"
BROKEN: Final = "audit.broken"
MISSING: Final = "audit.missing"
TRUNCATED: Final = "audit.truncated"
DIVERGED: Final = "audit.diverged"
UNSIGNED: Final = "audit.unsigned"
UNSEALED: Final = "audit.unsealed"
FAULTS: Final[Mapping[str, str]] = {
    ALTERED: "The event is not what was written: its digest does not match its content.",
    BROKEN: "The event does not follow the one before it: one was removed, added or moved.",
    MISSING: "The numbers of events have a gap, or one comes twice.",
    TRUNCATED: "The last events are gone: a signed checkpoint knows later ones.",
    DIVERGED: "The chain was written anew: a signed checkpoint knows another event in this place.",
    UNSEALED: "The last event is under no signature: it was added by another hand.",
    UNSIGNED: "The checkpoint is not signed by a known key, or not as it stands.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that happened. ``facts`` are ids, counts and codes; ``seq`` counts from 1; digests are hexadecimal."""

    seq: int
    at: str
    event: str
    facts: Mapping[str, Fact]
    previous: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Says which event was the ``seq``-th, under a signature of the key with this id."""

    seq: int
    digest: str
    at: str
    key: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with the chain: one of :data:`FAULTS`, at an event or checkpoint."""

    code: str
    seq: int


def seal(seq: int, at: str, event: str, facts: Mapping[str, Fact], previous: str) -> AuditEvent:
    """Return the event with its digest: SHA-256 over its canonical JSON, which includes the digest before it."""
    digest = hashlib.sha256(_canonical([seq, at, event, facts, previous])).hexdigest()
    return AuditEvent(seq=seq, at=at, event=event, facts=facts, previous=previous, digest=digest)


def signed_part(seq: int, digest: str, at: str) -> bytes:
    """Return what a checkpoint's signature is over."""
    return _canonical(["consilium audit checkpoint", seq, digest, at])


def faults(
    events: Iterable[AuditEvent],
    checkpoints: Sequence[Checkpoint],
    verify: Callable[[str, bytes, str], bool],
    *,
    start: int = 1,
) -> Iterator[Fault]:
    """Yield what is wrong with a chain, in one pass.

    ``verify`` says whether a signature (key id, message, signature) is good. ``start`` is the first number of an
    extract; what precedes it cannot be told from an extract alone.
    """
    chain = Chain(checkpoints, verify, start=start)
    yield from chain.unsigned
    for event in events:
        yield from chain.look(event)
    yield from chain.end()


class Chain:
    """Looks at the events of a chain one by one, in one pass; see :func:`faults`."""

    def __init__(
        self, checkpoints: Sequence[Checkpoint], verify: Callable[[str, bytes, str], bool], *, start: int = 1
    ) -> None:
        self.unsigned: list[Fault] = []
        self.last = max((point.seq for point in checkpoints), default=0)
        self._trusted: dict[int, set[str]] = {}
        for point in checkpoints:
            if verify(point.key, signed_part(point.seq, point.digest, point.at), point.signature):
                self._trusted.setdefault(point.seq, set()).add(point.digest)
            else:
                self.unsigned.append(Fault(code=UNSIGNED, seq=point.seq))
        self._start = start
        self._expected, self._previous = start, GENESIS if start == 1 else ""

    def look(self, event: AuditEvent) -> Iterator[Fault]:
        """Yield what is wrong with the next event."""
        if event.seq != self._expected:
            yield Fault(code=MISSING, seq=event.seq)
        if self._previous and event.previous != self._previous:
            yield Fault(code=BROKEN, seq=event.seq)
        if seal(event.seq, event.at, event.event, event.facts, event.previous).digest != event.digest:
            yield Fault(code=ALTERED, seq=event.seq)
        if self._trusted.get(event.seq, {event.digest}) != {event.digest}:
            yield Fault(code=DIVERGED, seq=event.seq)
        self._expected, self._previous = event.seq + 1, event.digest

    def end(self) -> Iterator[Fault]:
        """Yield what is wrong with where the chain ends."""
        last = max(self._trusted, default=0)
        if last >= self._expected:
            yield Fault(code=TRUNCATED, seq=last)
        elif self._expected > self._start and self._expected - 1 not in self._trusted:
            yield Fault(code=UNSEALED, seq=self._expected - 1)


def _canonical(value: Any) -> bytes:
    """Return JSON with sorted keys and nothing to spare (RFC 8785 in spirit; facts hold no fractions)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
