"""What flows between the steps of a search.

Haystack copies every input deeply; these never change, so they are passed on as they are.
"""

from __future__ import annotations

import array
from dataclasses import dataclass
from typing import Any, Self

from domain.ports.passage_index import Hit, IndexFilter, SparseVector


class _Unchanging:
    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself: 200 hits would cost milliseconds a search."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(_Unchanging):
    """What is asked: the words, what may be seen, and how many passages are wanted."""

    text: str
    where: IndexFilter
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded(_Unchanging):
    """The question as a unit vector."""

    vector: array.array[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed(_Unchanging):
    """The terms of the question with their weights."""

    terms: SparseVector


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked(_Unchanging):
    """Passage ids with scores, best first."""

    hits: tuple[Hit, ...] = ()
