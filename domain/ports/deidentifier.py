"""Finds personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.answers import Finding
from domain.identities import KnownIdentity


class Deidentifier(Protocol):
    """Finds spans of personal data by pattern, checksum, context and known identity."""

    def find(self, text: str, known: Sequence[KnownIdentity]) -> list[Finding]:
        """Return findings in order, none overlapping. Raises PolicyUnavailableError when any detector fails."""

    def find_each(self, texts: Sequence[str], known: Sequence[KnownIdentity]) -> list[list[Finding]]:
        """Return for each text what :meth:`find` returns, or more where texts beside each other give context."""

    def prove(self) -> None:
        """Find planted canaries of every kind it promises. Raises PolicyUnavailableError naming a kind it missed."""
