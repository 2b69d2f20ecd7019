"""Durable work: a job is some pieces of one kind of work for one tenant, each done once whatever happens in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does with each of its items."""

    INGESTION = "ingestion"
    ERASURE = "erasure"
    REINDEXING = "reindexing"
    BATCH = "batch"


class JobState(StrEnum):
    """How far a job is. "done" and "cancelled" are ends; items may be set aside in a job that is done."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """How far one item is. "aside" failed for a reason of its own and waits for somebody to retry it."""

    WAITING = "waiting"
    DONE = "done"
    ASIDE = "aside"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobItem:
    """One piece of a job.

    ``order`` says what is to be done, by ids, digests and labels; a file's name is part of it, and all of it is
    forgotten as soon as the item ends well. ``digest`` names the bytes in the blob store, where there are any.
    ``starts`` counts how often a process began with it and did not live to see its end.
    """

    number: int
    state: ItemState = ItemState.WAITING
    digest: str = ""
    order: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    starts: int = 0
    document_ids: tuple[str, ...] = ()
    passages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job without its items. ``run`` counts the slices that it is worked on in.

    ``trouble`` is the code of what it waits for (a store that is away) while it is not its own fault. Times are ISO
    8601 in UTC. ``items`` says how many there are, and ``done``, ``aside`` and ``cancelled`` how many of them are so.
    """

    id: str
    tenant: str
    owner: str
    kind: JobKind
    state: JobState = JobState.QUEUED
    run: int = 1
    trouble: str | None = None
    created_at: str = ""
    changed_at: str = ""
    items: int = 0
    done: int = 0
    aside: int = 0
    cancelled: int = 0

    @property
    def open(self) -> bool:
        """Say whether there is still work to do."""
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def run_id(self) -> str:
        """Return the id of the slice that is to be worked on now."""
        return f"{self.id}.{self.run}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How an item ended well: what it led to, by ids and counts. A ``code`` says what was found wrong all the same."""

    document_ids: tuple[str, ...] = ()
    passages: int = 0
    code: str | None = None
