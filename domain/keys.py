"""Keys by which systems say who they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.callers import Role


class KeyState(StrEnum):
    """Whether a key is accepted."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key: whom it stands for, until when, and the SHA-256 of its secret in hexadecimal digits.

    Times carry their zone. ``created_by`` is the id of a caller, ``last_used`` a day in UTC.
    """

    id: str
    name: str
    tenant: str
    roles: frozenset[Role]
    digest: str = field(repr=False)
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used: date | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> KeyState:
        """Say whether it is accepted at a time; in the moment that it expires it no longer is."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.ACTIVE if now < self.expires_at else KeyState.EXPIRED
