"""Endpoints and the events that they are owed, in SQL."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from app.store.cipher import Cipher
from app.store.database import Database
from app.store.tables import webhook_endpoints, webhook_outbox, webhook_progress
from domain.errors import ServiceError
from domain.webhooks import Delivery, Endpoint, Event

_ONLY: Final = 1
_SEALED: Final = "sealed:"
_LOCK: Final = 0x486F6F6B  # "Hook": which of PostgreSQL's advisory locks orders what is put and claimed


class SqlOutbox:
    """Implements :class:`domain.ports.outbox.Outbox`."""

    def __init__(self, database: Database, cipher: Cipher | None = None) -> None:
        self._database = database
        self._cipher = cipher

    def add_endpoint(self, endpoint: Endpoint, seen: int) -> None:
        """Remember an endpoint; the first one of all is owed audit events after number ``seen``."""
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            if connection.execute(select(webhook_endpoints.c.id).limit(1)).first() is None:
                connection.execute(delete(webhook_progress))
                connection.execute(insert(webhook_progress).values(id=_ONLY, seen=seen))
            row = {**asdict(endpoint), "kinds": json.dumps(endpoint.kinds), "secret": self._sealed(endpoint)}
            connection.execute(insert(webhook_endpoints).values(row))

    def endpoints(self, tenant: str) -> list[tuple[Endpoint, int, int]]:
        """Return the endpoints of a tenant, oldest first, with how many deliveries wait and how many were given up."""
        table = webhook_endpoints
        owed = select(
            webhook_outbox.c.endpoint_id, func.count().label("all"), func.count(webhook_outbox.c.due).label("waiting")
        )
        counts = {
            row["endpoint_id"]: dict(row) for row in self._database.rows(owed.group_by(webhook_outbox.c.endpoint_id))
        }
        query = select(table).where(table.c.tenant == tenant).order_by(table.c.created_at, table.c.id)
        found = []
        for row in self._database.rows(query):
            own = counts.get(row["id"], {"all": 0, "waiting": 0})
            every, waiting = int(own["all"]), int(own["waiting"])
            found.append((self._endpoint(row), waiting, every - waiting))
        return found

    def remove_endpoint(self, tenant: str, endpoint_id: str) -> bool:
        """Forget an endpoint and what it is owed."""
        table = webhook_endpoints.c
        with self._database.write() as connection:
            gone = delete(webhook_endpoints).where(table.tenant == tenant, table.id == endpoint_id)
            return connection.execute(gone).rowcount == 1

    def put(self, event: Event, due: float) -> int:
        """Owe an event to each endpoint that wants its kind; return how many."""
        with self._database.write() as connection:
            return self._put(connection, event, due)

    def seen(self) -> int | None:
        """Return up to which audit event all were put; ``None`` when nobody is owed any."""
        someone = select(webhook_endpoints.c.id).limit(1)
        if not self._database.rows(someone):
            return None
        found = self._database.rows(select(webhook_progress.c.seen))
        return found[0]["seen"] if found else 0

    def put_seen(self, events: list[Event], seen: int, due: float) -> None:
        """Put events and remember up to which audit event they reach, all or nothing."""
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            for event in events:
                self._put(connection, event, due)
            connection.execute(update(webhook_progress).values(seen=seen))

    def claim(self, now: float, until: float, limit: int) -> list[Delivery]:
        """Return deliveries that are due, and let nobody else have them before ``until``."""
        table = webhook_outbox.c
        query = select(webhook_outbox).where(table.due <= now).order_by(table.due, table.event_id).limit(limit)
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            found = connection.execute(query).mappings().all()
            for row in found:
                mine = (table.event_id == row["event_id"], table.endpoint_id == row["endpoint_id"])
                connection.execute(update(webhook_outbox).where(*mine).values(due=until))
            wanted = select(webhook_endpoints).where(webhook_endpoints.c.id.in_({row["endpoint_id"] for row in found}))
            endpoints = {row["id"]: self._endpoint(row) for row in connection.execute(wanted).mappings()}
        return [
            Delivery(
                endpoint=endpoints[row["endpoint_id"]],
                event=Event(**json.loads(row["event"])),
                attempts=row["attempts"],
                due=until,
            )
            for row in found
        ]

    def delivered(self, delivery: Delivery) -> None:
        """Forget a delivery that arrived."""
        with self._database.write() as connection:
            connection.execute(delete(webhook_outbox).where(*_is(delivery)))

    def again(self, delivery: Delivery, due: float | None) -> None:
        """Try a delivery again when it is ``due``; ``None`` gives it up."""
        change = update(webhook_outbox).where(*_is(delivery)).values(attempts=delivery.attempts + 1, due=due)
        with self._database.write() as connection:
            connection.execute(change)

    def _sealed(self, endpoint: Endpoint) -> str:
        """Return an endpoint's secret as it is kept: sealed where a storage key is configured."""
        if self._cipher is None:
            return endpoint.secret
        sealed = self._cipher.seal(endpoint.secret.encode(), _context(endpoint.id))
        return _SEALED + base64.b64encode(sealed).decode("ascii")

    def _endpoint(self, row: RowMapping) -> Endpoint:
        secret: str = row["secret"]
        if secret.startswith(_SEALED):
            if self._cipher is None:
                raise ServiceError("service.storage_unavailable", "a secret is sealed: set storage_key")
            sealed = base64.b64decode(secret.removeprefix(_SEALED))
            secret = self._cipher.open(sealed, _context(row["id"])).decode()
        return Endpoint(**{**row, "kinds": tuple(json.loads(row["kinds"])), "secret": secret})

    def _put(self, connection: Connection, event: Event, due: float) -> int:
        of_tenant = select(webhook_endpoints).where(webhook_endpoints.c.tenant == event.tenant)
        new = [
            {"event_id": event.id, "endpoint_id": row["id"], "event": _text(event), "attempts": 0, "due": due}
            for row in connection.execute(of_tenant).mappings()
            if event.kind in json.loads(row["kinds"])
        ]
        known = select(webhook_outbox.c.endpoint_id).where(webhook_outbox.c.event_id == event.id)
        have = {row.endpoint_id for row in connection.execute(known)} if new else set()
        new = [row for row in new if row["endpoint_id"] not in have]
        if new:
            connection.execute(insert(webhook_outbox), new)
        return len(new)


def _is(delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    table = webhook_outbox.c
    return (table.event_id == delivery.event.id, table.endpoint_id == delivery.endpoint.id)


def _text(event: Event) -> str:
    return json.dumps({**asdict(event), "data": dict(event.data)}, ensure_ascii=False)


def _context(endpoint_id: str) -> str:
    return f"webhook {endpoint_id}"
