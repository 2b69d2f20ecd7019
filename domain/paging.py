"""One page of a list that grows, and where the next one begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a list that is ordered by time and then id."""

    at: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some items in order; ``more`` says whether others follow the last of them."""

    items: tuple[Item, ...]
    more: bool
