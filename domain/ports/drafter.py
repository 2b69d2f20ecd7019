"""Drafts claims from evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from domain.answers import DraftedClaim, Evidence
from domain.questions import Question


class Drafter(Protocol):
    """Proposes claims with the words they rest on. Nothing that it says is trusted: all of it is checked."""

    @property
    def name(self) -> str:
        """Return the drafter's name and its model."""

    def draft(self, question: Question, evidence: Sequence[Evidence], deadline: float) -> Iterator[DraftedClaim]:
        """Yield claims as they are ready; ``deadline`` is in seconds of :meth:`Clock.monotonic`.

        Yields nothing when the evidence does not answer the question. Raises ServiceError when the model server fails
        or the deadline passes.
        """
