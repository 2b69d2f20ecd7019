"""The system's own clock, ids and secrets, and nobody who watches its steps."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC, date, datetime


class SystemClock:
    """Implements :class:`domain.ports.clock.Clock`."""

    def today(self) -> date:
        """Return today's date, local."""
        return datetime.now().astimezone().date()

    def now(self) -> datetime:
        """Return the time now, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()


class RandomIds:
    """Implements :class:`domain.ports.ids.Ids`."""

    def new(self, prefix: str) -> str:
        """Return a new random id."""
        return f"{prefix}_{uuid.uuid4().hex}"


class RandomSecrets:
    """Implements :class:`domain.ports.secret_source.SecretSource`."""

    def new(self) -> str:
        """Return 256 bits of the operating system's randomness."""
        return secrets.token_urlsafe(32)


class Unwatched:
    """Implements :class:`domain.ports.steps.Steps`: nothing happens at a step."""

    def reached(self, step: str) -> None:
        """Hear of a step."""
