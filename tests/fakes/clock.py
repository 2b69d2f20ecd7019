"""A clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(slots=True)
class SetClock:
    """Stands still until it is moved; both its times move together."""

    time: datetime = datetime(2026, 5, 1, 12, tzinfo=UTC)
    seconds: float = 1000.0

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds

    def today(self) -> date:
        return self.time.date()

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.seconds
