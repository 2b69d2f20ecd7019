"""The system's own clock and ids, and nobody who watches its steps."""

from __future__ import annotations

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


class Unwatched:
    """Implements :class:`domain.ports.steps.Steps`: nothing happens at a step."""

    def reached(self, step: str) -> None:
        """Hear of a step."""
