"""Remembers the keys of systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from domain.keys import ApiKey


class Keys(Protocol):
    """Keys, without their secrets. Every method raises ServiceError when the store is unavailable."""

    def add(self, key: ApiKey) -> None:
        """Remember a key durably."""

    def by_id(self, key_id: str) -> ApiKey | None:
        """Return a key as it is now: what was revoked a moment ago, by whichever process, is revoked."""

    def all(self, tenant: str) -> list[ApiKey]:
        """Return the keys of a tenant, oldest first, also those that are no longer accepted."""

    def revoke(self, tenant: str, key_id: str, at: datetime) -> bool:
        """Refuse a key from now on, and keep when that began; False when the tenant has none by that id."""

    def used(self, key_id: str, day: date) -> None:
        """Remember the last day on which it was used."""

    def any_active(self, now: datetime) -> bool:
        """Say whether any key of any tenant is accepted."""
