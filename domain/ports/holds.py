"""Remembers legal holds and the erasures that are under way."""

from __future__ import annotations

from typing import Protocol

from domain.erasure import Hold, Target


class Holds(Protocol):
    """Legal holds. Every method raises ServiceError when the store is unavailable."""

    def place(self, hold: Hold) -> None:
        """Remember a hold durably."""

    def release(self, tenant: str, hold_id: str) -> bool:
        """Forget a hold; False when there is none by that id in the tenant."""

    def all(self, tenant: str) -> list[Hold]:
        """Return the holds of a tenant, oldest first."""


class ErasureQueue(Protocol):
    """Erasures that have begun and not ended, so that a process that is killed leaves none half done."""

    def begin(self, erasure_id: str, target: Target, *, shared: bool) -> None:
        """Remember durably that this is to be erased."""

    def end(self, erasure_id: str) -> None:
        """Forget it, as it is done."""

    def unfinished(self) -> list[tuple[str, Target, bool]]:
        """Return what has begun and not ended: id, target, and whether documents about others too were meant."""
