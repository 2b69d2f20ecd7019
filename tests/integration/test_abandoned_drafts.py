"""A client that goes away stops the draft, and the request to the model server."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from domain.documents import Labels
from domain.ports.embedder import Embedder
from ingestion.workflow import IngestRequest
from tests.clients import owner_headers
from tests.fakes.model_server import ModelServer, Reply, pieces
from tests.served_here import served


class Watched(ModelServer):
    """Tells when a client has hung up."""

    def __init__(self) -> None:
        super().__init__([Reply(parts=pieces('{"claims": ['), hang=True)])
        self.left = threading.Event()
        self.came = threading.Event()

    def _wait_for_hang_up(self, handler: object) -> None:
        self.came.set()
        super()._wait_for_hang_up(handler)  # type: ignore[arg-type]
        if not self._closing.is_set():
            self.left.set()


@pytest.fixture
def model() -> Iterator[Watched]:
    with Watched() as server:
        yield server


@pytest.fixture
def slow(tmp_path: Path, encoder: Embedder, model: Watched) -> Iterator[Consilium]:
    settings = load_settings(
        home=tmp_path / "home", drafter="chat", chat_url=model.url, deadline=60.0, heartbeat_seconds=0.2
    )
    with build(settings, Replacements(embedder=encoder)) as consilium:
        note = b"The warfarin dose is 5 mg on Mondays."
        consilium.ingestor.ingest_bytes(note, "note.txt", IngestRequest(labels=Labels()))
        yield consilium


@pytest.mark.parametrize(
    ("route", "body", "accept"),
    [
        ("/v1/answers", {"question": "What is the warfarin dose?"}, "text/event-stream"),
        ("/v1/answers", {"question": "What is the warfarin dose?"}, "application/json"),
        (
            "/v1/chat/completions",
            {"model": "consilium", "stream": True, "messages": [{"role": "user", "content": "The warfarin dose?"}]},
            "*/*",
        ),
    ],
)
def test_who_goes_away_stops_the_model(
    slow: Consilium, model: Watched, route: str, body: dict[str, object], accept: str
) -> None:
    with served(slow) as url:
        line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        headers = {"Content-Type": "application/json", "Accept": accept, **owner_headers(slow)}
        line.request("POST", route, json.dumps(body), headers)
        assert model.came.wait(10)
        began = time.monotonic()
        line.close()
        assert model.left.wait(5)
        assert time.monotonic() - began < 3


def test_a_stream_says_that_it_lives_while_the_model_thinks(slow: Consilium, model: Watched) -> None:
    with served(slow) as url:
        line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream", **owner_headers(slow)}
        line.request("POST", "/v1/answers", json.dumps({"question": "What is the warfarin dose?"}), headers)
        reply = line.getresponse()
        assert reply.readline() == b": heartbeat\n"
        line.close()
        reply.close()
        assert model.left.wait(5)
