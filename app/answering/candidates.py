"""Sentences that may answer, and how several about the same thing are reduced to one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.answering.asked import Order
from app.answering.dates import dates_in
from domain.documents import Passage

_DUPLICATE: Final = 0.8
_SAME_THING: Final = 0.85
_MOST: Final = 40
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit of a passage with its terms and its score; ``rank`` is its passage's place in the evidence."""

    passage: Passage
    text: str
    start: int
    terms: frozenset[str]
    score: float
    rank: int

    @property
    def day(self) -> str:
        """Return the newest date that the unit has, as an ISO 8601 prefix; empty when it has none."""
        return self.passage.date.isoformat() if self.passage.date else max(dates_in(self.text), default="")

    @property
    def thing(self) -> str:
        """Return the innermost heading without its date: what a dated record is about; empty for other headings."""
        words = self.passage.section[-1].casefold().split() if self.passage.section else []
        lettered = [word for word in words if not _DIGIT.match(word)]
        return " ".join(lettered) if self.passage.date and len(lettered) < len(words) else ""


def one_per_thing(candidates: Sequence[Candidate], order: Order) -> list[Candidate]:
    """Return the candidates by descending score, without near-duplicates.

    When the newest or oldest is wanted, only that one of each thing stays, with the best score among them. Candidates
    of equal score come newest first, then in the order of the evidence and of the text.
    """
    kept: list[Candidate] = []
    best = sorted(candidates, key=lambda candidate: (-candidate.score, candidate.rank, candidate.start))[:_MOST]
    for candidate in _by_relevance(best):
        if any(_repeats(candidate, other) for other in kept):
            continue
        place = None if order is Order.ANY else _place_of_same_thing(candidate, kept)
        if place is None:
            kept.append(candidate)
        elif _comes_before(candidate.day, kept[place].day, order):
            kept[place] = replace(candidate, score=kept[place].score)
    return _by_relevance(kept)


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    """Say whether two say the same of the same; alike provisions of two articles are two."""
    same_place = candidate.passage.locator.citation == other.passage.locator.citation
    return same_place and candidate.day == other.day and _alike(candidate.terms, other.terms) >= _DUPLICATE


def _by_relevance(candidates: Sequence[Candidate]) -> list[Candidate]:
    in_order = sorted(candidates, key=lambda candidate: (candidate.rank, candidate.start))
    newest_first = sorted(in_order, key=lambda candidate: candidate.day, reverse=True)
    return sorted(newest_first, key=lambda candidate: candidate.score, reverse=True)


def _place_of_same_thing(candidate: Candidate, kept: Sequence[Candidate]) -> int | None:
    for place, other in enumerate(kept):
        if candidate.day and other.day:
            lettered = [frozenset(term for term in one.terms if not _DIGIT.search(term)) for one in (candidate, other)]
            if (candidate.thing and candidate.thing == other.thing) or _alike(*lettered) >= _SAME_THING:
                return place
    return None


def _comes_before(day: str, other: str, order: Order) -> bool:
    return day > other if order is Order.NEWEST else day < other


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard index of two sets of terms."""
    return len(first & second) / (len(first | second) or 1)
