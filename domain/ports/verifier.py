"""Checks a claim against its quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.answers import Verdict


class Verifier(Protocol):
    """Decides whether quotes support a claim."""

    @property
    def name(self) -> str:
        """Return the checker's name and version."""

    def verify(self, claim: str, quotes: Sequence[str]) -> Verdict:
        """Return the verdict on ``claim`` given the verbatim words of its quotes. Raises PolicyUnavailableError."""
