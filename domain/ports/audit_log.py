"""Records who asked and what was decided, without content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from domain.audit import AuditEvent, Checkpoint, Fact


class AuditLog(Protocol):
    """Append-only. If a record cannot be written, nothing is answered."""

    def append(self, event: str, facts: Mapping[str, Fact]) -> None:
        """Write one record durably; ``facts`` are ids, counts and codes. Raises PolicyUnavailableError."""


class AuditTrail(Protocol):
    """What was recorded, for those who look after it. Every method raises ServiceError when it cannot be read."""

    def events(self, *, after: int = 0) -> Iterator[AuditEvent]:
        """Yield the events after a number, in order."""

    def checkpoints(self) -> list[Checkpoint]:
        """Return every signed checkpoint, the newest last."""

    def sign(self, event: AuditEvent) -> Checkpoint:
        """Return a checkpoint at an event, for an extract that ends with it."""

    def public_keys(self) -> dict[str, str]:
        """Return the keys that checkpoints are verified with, by id, in hexadecimal digits."""

    def verified(self, key: str, message: bytes, signature: str) -> bool:
        """Say whether one of our keys signed the message."""
