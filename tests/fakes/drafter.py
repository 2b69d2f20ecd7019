"""A drafter that says what a test tells it to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.answers import DraftedClaim, DraftedQuote, Evidence
from domain.errors import ConsiliumError
from domain.questions import Question


class ScriptedDrafter:
    """Yields ``claims`` for any question that has evidence, then raises ``error`` when there is one.

    Without ``claims`` it quotes the whole of the first passage. ``asked`` holds the questions it was put and ``shown``
    the evidence that reached it.
    """

    def __init__(self, claims: Sequence[DraftedClaim] | None = None, error: ConsiliumError | None = None) -> None:
        self._claims = claims
        self._error = error
        self.asked: list[Question] = []
        self.shown: list[tuple[Evidence, ...]] = []

    @property
    def name(self) -> str:
        """Return "scripted"."""
        return "scripted"

    def draft(self, question: Question, evidence: Sequence[Evidence], deadline: float) -> Iterator[DraftedClaim]:
        """Yield the claims."""
        del deadline
        self.asked.append(question)
        self.shown.append(tuple(evidence))
        if evidence:
            yield from self._claims if self._claims is not None else [_quoting(evidence[0])]
        if self._error:
            raise self._error


def _quoting(item: Evidence) -> DraftedClaim:
    text = " ".join(item.passage.text.split())
    return DraftedClaim(quotes=(DraftedQuote(passage_id=item.passage.id, text=text),), text=text)
