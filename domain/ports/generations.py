"""Remembers which index answers, and which one is being made beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.generations import Generation


class Generations(Protocol):
    """The live generation and the one under way. Every method raises ServiceError when the store is unavailable."""

    def live(self) -> Generation | None:
        """Return the generation that answers; none for a new store."""

    def coming(self) -> Generation | None:
        """Return the generation that is being made."""

    def adopt(self, generation: Generation) -> None:
        """Remember the first generation, which answers at once; nothing happens where there is one."""

    def begin(self, generation: Generation) -> None:
        """Remember that a generation is being made; what was copied into an earlier one under way is forgotten."""

    def uncopied(self, limit: int) -> list[str]:
        """Return visible versions that the coming generation does not have yet, oldest first."""

    def copied(self, version_ids: Sequence[str]) -> None:
        """Remember that the coming generation has these versions durably."""

    def changed(self, version_ids: Sequence[str]) -> None:
        """Remember that the coming generation has to copy these versions anew."""

    def switch(self) -> None:
        """Let the coming generation answer from now on, and forget the one before, in one step."""
