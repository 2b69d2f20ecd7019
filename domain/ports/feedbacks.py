"""Keeps what people say of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.conversations import Feedback, Resolution
from domain.paging import Page, Place


class Feedbacks(Protocol):
    """What people say of answers. Every method raises ServiceError when the store is unavailable."""

    def add(self, feedback: Feedback) -> None:
        """Remember it durably."""

    def find(self, feedback_id: str) -> Feedback | None:
        """Return one by id."""

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Feedback]:
        """Return what a caller said, newest first, from after a place on."""

    def waiting(self, tenant: str, *, after: Place | None, limit: int) -> Page[Feedback]:
        """Return what nobody has decided of yet, of all callers of a tenant, newest first, from after a place on."""

    def resolve(self, resolution: Resolution) -> bool:
        """Remember what was decided durably; False when that was done already, or it is gone."""

    def resolution(self, feedback_id: str) -> Resolution | None:
        """Return what was decided."""

    def accepted(self, tenant: str) -> list[tuple[Feedback, Resolution]]:
        """Return what was accepted in a tenant, oldest first."""

    def counts(self, tenant: str) -> dict[tuple[str, str], int]:
        """Return how many there are of each verdict and decision; those that wait have the decision ""."""

    def remove(self, feedback_id: str) -> bool:
        """Remove one; False when there is none by that id."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget what was said of answers about one of these subjects or that rest on one of these documents."""
