"""Remembers jobs and how far each of their items is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.jobs import Done, Job, JobItem, JobState


class Jobs(Protocol):
    """The record of jobs, which counts. Every method raises ServiceError when the store is unavailable."""

    def add(self, job: Job, items: Sequence[JobItem]) -> None:
        """Remember a job with its items durably, in one transaction; nothing happens when its id is known."""

    def job(self, job_id: str) -> Job | None:
        """Return a job."""

    def all(self, tenant: str, *, limit: int, before: str | None = None) -> list[Job]:
        """Return the newest jobs of a tenant, newest first; only those older than the job ``before``."""

    def open(self) -> list[Job]:
        """Return the jobs of all tenants that are not at their end, oldest first."""

    def items(self, job_id: str) -> list[JobItem]:
        """Return the items of a job, in order."""

    def waits(self, job_id: str, number: int) -> bool:
        """Say whether an item still waits: it was neither cancelled nor forgotten, and has not ended."""

    def take(self, job_id: str, run: int) -> JobItem | None:
        """Return the first item that waits, with one start more, durably.

        None when nothing waits, the job is at its end, or another ``run`` has taken over.
        """

    def end_item(self, job_id: str, number: int, done: Done) -> None:
        """Remember how a waiting item ended and forget what it was ordered by."""

    def set_aside(self, job_id: str, number: int, code: str) -> None:
        """Put a waiting item aside with the code of why."""

    def give_back(self, job_id: str, number: int) -> None:
        """Take a start back: what failed was not the item, which goes on waiting."""

    def next_run(self, job_id: str, run: int) -> Job | None:
        """Let the job be worked on in a new slice and return it; None when ``run`` is not its slice any more."""

    def change(self, job_id: str, state: JobState, now: str) -> None:
        """Change the state of an open job."""

    def trouble(self, job_id: str, code: str | None) -> None:
        """Say what an open job waits for; ``None`` when it waits for nothing any more."""

    def cancel(self, job_id: str, now: str) -> list[str]:
        """Cancel a job and what waits or is set aside of it; return the digests of those that nobody works on."""

    def retry(self, job_id: str, now: str) -> int:
        """Let everything that was set aside wait again, in a new slice; return how much that is."""

    def digests_needed(self, digests: Sequence[str]) -> set[str]:
        """Return which of these digests a waiting or set aside item names."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> tuple[int, list[str]]:
        """Forget what items say of these subjects and documents; what waits for them is cancelled.

        Returns how many items it was and which digests they named.
        """
