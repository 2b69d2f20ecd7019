"""Lays the words of a claim over the words of its quotes, in order and close together where that is possible."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from policies.grounding.facts import Kind, agrees
from policies.grounding.statement import Item, Statement

_MOST_PLACES: Final = 12
_MOST_FACTS: Final = 200
_PARTLY_TOLD: Final = frozenset({Kind.DATE, Kind.CITATION})
_GAP: Final = 0.1
_WIDEST: Final = 12
_BACKWARDS: Final = 3.0
_ELSEWHERE: Final = 2.5
_AGAIN: Final = 8.0
_PRONOUNS: Final = frozenset({"he", "she"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an item stands: the number of the sentence among the quotes' sentences, and its index there."""

    sentence: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """For each item of the claim the place that tells it, ``None`` where nothing does."""

    claim: Statement
    told: tuple[Statement, ...]
    places: tuple[Place | None, ...]

    def item(self, place: Place) -> Item:
        """Return the item of the quotes at a place."""
        return self.told[place.sentence].items[place.index]

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the indices of the claim's items that nothing tells."""
        return tuple(index for index, place in enumerate(self.places) if place is None)

    @property
    def coverage(self) -> float:
        """Return the share of the claim's items that the quotes tell."""
        return 1 - len(self.missing) / len(self.places) if self.places else 0.0

    def claimed_at(self) -> dict[Place, int]:
        """Return which item of the claim lies on each place."""
        return {place: index for index, place in enumerate(self.places) if place is not None}


def align(claim: Statement, told: Sequence[Statement]) -> Alignment:
    """Return the alignment with the fewest jumps. Every item with a place gets one; a place may be given twice."""
    by_key: dict[Hashable, list[Place]] = {}
    partly: list[tuple[Item, Place]] = []
    for number, statement in enumerate(told):
        for index, item in enumerate(statement.items):
            place = Place(number, index)
            by_key.setdefault(item.key, []).append(place)
            if item.token.kind in _PARTLY_TOLD:
                partly.append((item, place))
    options = [_options(item, by_key, partly[:_MOST_FACTS]) for item in claim.items]
    return Alignment(claim=claim, told=tuple(told), places=tuple(_cheapest(options)))


def _options(item: Item, by_key: dict[Hashable, list[Place]], partly: list[tuple[Item, Place]]) -> list[Place]:
    places = by_key.get(item.key, [])
    if not places and item.key == "patient":
        places = [place for pronoun in _PRONOUNS for place in by_key.get(pronoun, [])]
    elif not places and item.key in _PRONOUNS:
        places = by_key.get("patient", [])
    elif not places and not item.is_word:
        # "March 2019" of "4 March 2019", "Article 83" of "Article 83(5)"
        places = [place for told, place in partly if agrees(item.token, told.token)]
    return places[:_MOST_PLACES]


def _cheapest(options: list[list[Place]]) -> list[Place | None]:
    """Choose one of its options for each item so that the walk over all of them is the shortest."""
    chosen: list[Place | None] = [None] * len(options)
    walked = [index for index, places in enumerate(options) if places]
    if not walked:
        return chosen
    costs: list[float] = [place.index * _GAP / 10 for place in options[walked[0]]]
    back: list[list[int]] = []
    for before, index in pairwise(walked):
        row: list[float] = []
        came: list[int] = []
        for place in options[index]:
            steps = [cost + _step(last, place) for last, cost in zip(options[before], costs, strict=True)]
            best = min(range(len(steps)), key=steps.__getitem__)
            row.append(steps[best])
            came.append(best)
        costs = row
        back.append(came)
    at = min(range(len(costs)), key=costs.__getitem__)
    for step in range(len(walked) - 1, -1, -1):
        chosen[walked[step]] = options[walked[step]][at]
        at = back[step - 1][at] if step else at
    return chosen


def _step(last: Place, place: Place) -> float:
    if last.sentence != place.sentence:
        return _ELSEWHERE
    distance = place.index - last.index
    if distance == 0:
        return _AGAIN
    return _GAP * min(abs(distance) - 1, _WIDEST) + (_BACKWARDS if distance < 0 else 0)
