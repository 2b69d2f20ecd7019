"""How jobs look over HTTP: states, counts, ids and codes; never a file's name or text."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class JobItemView(_View):
    """How far one piece of a job is."""

    number: int = Field(description="Which piece it is, from 0, in the order in which they were handed in.")
    state: Literal["waiting", "done", "aside", "cancelled"]
    digest: str | None = Field(None, description="SHA-256 of the file.")
    code: str | None = Field(None, description="Why it was set aside, or what was wrong with a part of it.")
    detail: str | None = None
    document_ids: list[str] = Field(default_factory=list)
    passages: int = 0


class JobView(_View):
    """A job."""

    id: str
    tenant: str
    owner: str = Field(description="Id of the caller who handed it in.")
    kind: Literal["ingestion", "erasure", "reindexing", "batch"]
    state: Literal["queued", "running", "done", "cancelled"]
    trouble: str | None = Field(None, description="Code of what it waits for; it goes on by itself.")
    created_at: str
    changed_at: str
    items: int
    done: int
    aside: int = Field(description="How many failed for a reason of their own and wait to be retried.")
    cancelled: int


class JobWithItemsView(JobView):
    """A job with each of its pieces."""

    pieces: list[JobItemView]


class JobsView(_View):
    """Jobs of a tenant, newest first; ``next`` is the cursor of the next page."""

    jobs: list[JobView]
    next: str | None = None
