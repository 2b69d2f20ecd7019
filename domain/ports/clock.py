"""Tells the time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def today(self) -> date:
        """Return today's date, local."""

    def now(self) -> datetime:
        """Return the time now, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that only grow."""
