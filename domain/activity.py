"""What was asked of the product, as those who supervise it see it: classes, counts and times, and never content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

ANSWERED: Final = "answered"
REFUSED: Final = "refused"
DENIED: Final = "denied"
DONE: Final = "done"
OPEN: Final = "open"
STATUSES: Final = (ANSWERED, REFUSED, DENIED, DONE, OPEN)
"""How an operation ended. What is "open" was begun and has no end in the trail: it runs, or it failed."""

QUESTION: Final = "question"
DAY: Final = "day"
HOUR: Final = "hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that somebody asked for. ``seq`` is the number of the audit event that it began with.

    ``operation`` is the class of it ("question", "search", "check" …), ``code`` why it was refused or denied,
    ``subjects`` and ``collections`` how many were in scope. ``milliseconds`` is absent where it was not timed.
    """

    seq: int
    at: str
    operation: str
    actor: str
    purpose: str
    status: str
    code: str
    model: str
    milliseconds: int | None
    subjects: int
    collections: int
    supported: int
    contradicted: int
    unsupported: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which operations are meant; what is empty does not choose. ``until`` is the first day that is not (in UTC)."""

    tenant: str
    since: date | None = None
    until: date | None = None
    operation: str = ""
    purpose: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long questions took, in milliseconds: percentiles to within a twentieth. ``count`` is how many were timed."""

    count: int
    p50: int | None = None
    p90: int | None = None
    p99: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Figures of a day ("2026-03-01") or an hour ("2026-03-01T09"), in UTC. Verdicts are those of drafted claims."""

    start: str
    statuses: Mapping[str, int]
    supported: int
    contradicted: int
    unsupported: int
    tokens: int
    latency: Latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Figures of a time: in buckets, as a whole, and by class, purpose and drafter. ``tokens`` is an estimate."""

    bucket: str
    buckets: tuple[Bucket, ...]
    whole: Bucket
    operations: Mapping[str, int]
    purposes: Mapping[str, int]
    models: Mapping[str, int]
    codes: Mapping[str, int]
