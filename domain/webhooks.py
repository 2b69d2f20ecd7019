"""Events that are sent to other systems: ids only, signed, and none lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

INDEXED: Final = "document.indexed"
REJECTED: Final = "document.rejected"
JOB_FINISHED: Final = "job.finished"
ERASED: Final = "erasure.done"
GLASS_BROKEN: Final = "breakglass.opened"
KINDS: Final = (INDEXED, REJECTED, JOB_FINISHED, ERASED, GLASS_BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where events of a tenant go. ``kinds`` are those of :data:`KINDS` that are wanted; ``secret`` signs them."""

    id: str
    tenant: str
    url: str
    kinds: tuple[str, ...]
    secret: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a tenant; ``data`` holds ids, counts and codes. ``at`` is ISO 8601 in UTC."""

    id: str
    tenant: str
    kind: str
    at: str
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse an unknown kind."""
        if self.kind not in KINDS:
            message = f"unknown kind of event: {self.kind!r}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to an endpoint: how often it was tried, and when it is due (seconds since 1970)."""

    endpoint: Endpoint
    event: Event
    attempts: int
    due: float
