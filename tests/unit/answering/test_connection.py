from __future__ import annotations

import ssl
import time

import httpx
import pytest

from app.answering.connection import Connection, UnwantedError
from tests.fakes.model_server import ModelServer, Reply


def connection(server: ModelServer) -> Connection:
    return Connection(httpx.URL(server.url), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), 1000, lambda: 20.0)


def request(url: str) -> httpx.Request:
    return httpx.Request("POST", url, json={}, extensions={"timeout": {"read": 5.0, "connect": 5.0}})


def test_a_connection_that_was_cut_before_it_was_made_ends_at_once() -> None:
    with ModelServer([Reply(hang_first=True)]) as server:
        line = connection(server)
        line.abort()
        started = time.monotonic()
        with pytest.raises(httpx.TransportError):
            line.handle_request(request(server.url))
        line.close()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", "http://localhost/v1", "https://127.0.0.1/v1"])
def test_no_other_address_is_connected_to(address: str) -> None:
    with ModelServer([Reply()]) as server:
        line = connection(server)
        with pytest.raises(UnwantedError):
            line.handle_request(request(address))
        line.close()
        assert server.requests == []
