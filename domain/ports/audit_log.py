"""Records who asked and what was decided, without content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class AuditLog(Protocol):
    """Append-only. If a record cannot be written, nothing is answered."""

    def append(self, event: str, facts: Mapping[str, str | int | list[str]]) -> None:
        """Write one record durably; ``facts`` are ids, counts and codes. Raises PolicyUnavailableError."""
