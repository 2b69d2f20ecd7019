"""Lists documents by their labels, without reading them."""

from __future__ import annotations

from typing import Protocol

from domain.listings import Listed, Order, Wanted


class Listings(Protocol):
    """Lists of documents. Every method raises ServiceError when the store is unavailable."""

    def page(self, wanted: Wanted, order: Order, *, down: bool, after: str, limit: int) -> list[Listed] | None:
        """Return at most ``limit`` documents that follow the one with the id ``after``; the first ones when it is "".

        ``down`` turns the order round. ``None`` where there is no document ``after`` any more.
        """

    def count(self, wanted: Wanted) -> int:
        """Return how many documents there are."""

    def collections(self, wanted: Wanted) -> dict[str, int]:
        """Return how many documents each collection has, by name; the filter on collections is left out."""
