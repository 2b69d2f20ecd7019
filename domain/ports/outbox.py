"""Keeps endpoints, and the events that they are still owed."""

from __future__ import annotations

from typing import Protocol

from domain.webhooks import Delivery, Endpoint, Event


class Outbox(Protocol):
    """Endpoints and deliveries. Every method raises ServiceError when the store is unavailable."""

    def add_endpoint(self, endpoint: Endpoint, seen: int) -> None:
        """Remember an endpoint; the first one of all is owed audit events after number ``seen``."""

    def endpoints(self, tenant: str) -> list[tuple[Endpoint, int, int]]:
        """Return the endpoints of a tenant, oldest first, with how many deliveries wait and how many were given up."""

    def remove_endpoint(self, tenant: str, endpoint_id: str) -> bool:
        """Forget an endpoint and what it is owed; False when there is none by that id in the tenant."""

    def put(self, event: Event, due: float) -> int:
        """Owe an event to each endpoint that wants its kind; return how many. An id that is known adds nothing.

        Joins a transaction that is under way, so that the event is as durable as what it tells of.
        """

    def seen(self) -> int | None:
        """Return up to which audit event all were put; ``None`` when nobody is owed any."""

    def put_seen(self, events: list[Event], seen: int, due: float) -> None:
        """Put events and remember up to which audit event they reach, all or nothing."""

    def claim(self, now: float, until: float, limit: int) -> list[Delivery]:
        """Return deliveries that are due, and let nobody else have them before ``until``."""

    def delivered(self, delivery: Delivery) -> None:
        """Forget a delivery that arrived."""

    def again(self, delivery: Delivery, due: float | None) -> None:
        """Try a delivery again when it is ``due``; ``None`` gives it up."""
