"""Clients of the HTTP API, as somebody whom it knows. Every test that asks the API comes in here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium
from app.identity.authenticator import Authenticator
from app.identity.owner import read_owner_token
from domain.audit import AuditEvent
from domain.callers import OWNER, Caller


class Always(Authenticator):
    """Takes everybody for ``known``, whatever they send."""

    def __init__(self, caller: Caller) -> None:
        self.known = caller
        self._owner_token = b"cso_of_nobody"

    def caller(self, authorization: Sequence[bytes], address: str) -> Caller:
        return self.known


def owner_headers(consilium: Consilium) -> dict[str, str]:
    """Return the headers of the machine's owner."""
    return {"Authorization": f"Bearer {read_owner_token(consilium.settings.home)}"}


def client_of(consilium: Consilium, **options: Any) -> TestClient:
    """Return a client of the machine's owner."""
    return TestClient(create_application(consilium), headers=owner_headers(consilium), **options)


def application_of(consilium: Consilium) -> FastAPI:
    """Return the application with everybody taken for the machine's owner, for programs that send no headers."""
    return create_application(dataclasses.replace(consilium, identity=Always(OWNER)))


def client_as(consilium: Consilium, caller: Caller, **options: Any) -> TestClient:
    """Return a client of any caller."""
    known = dataclasses.replace(consilium, identity=Always(caller))
    return TestClient(create_application(known), **options)


class Door:
    """One application that takes whoever is told to call for who they are; making one takes most of a second."""

    def __init__(self, consilium: Consilium) -> None:
        self.identity = Always(OWNER)
        known = dataclasses.replace(consilium, identity=self.identity)
        self.client = TestClient(create_application(known), raise_server_exceptions=False)

    def of(self, caller: Caller) -> Person:
        """Return a caller at the door."""
        return Person(self, caller)


class Person:
    """Somebody who calls through a door that others call through too."""

    def __init__(self, door: Door, caller: Caller) -> None:
        self._door = door
        self._caller = caller

    def get(self, route: str, **more: Any) -> Any:
        return self.send("GET", route, **more)

    def post(self, route: str, **more: Any) -> Any:
        return self.send("POST", route, **more)

    def put(self, route: str, **more: Any) -> Any:
        return self.send("PUT", route, **more)

    def delete(self, route: str, **more: Any) -> Any:
        return self.send("DELETE", route, **more)

    def send(self, method: str, route: str, **more: Any) -> Any:
        self._door.identity.known = self._caller
        return self._door.client.request(method, route, **more)


def stranger_to(consilium: Consilium, **options: Any) -> TestClient:
    """Return a client that says nothing of who calls."""
    return TestClient(create_application(consilium), **options)


def trail_of(consilium: Consilium) -> Iterator[AuditEvent]:
    """Return the events of the audit trail, oldest first."""
    assert consilium.trail is not None
    return consilium.trail.events()
