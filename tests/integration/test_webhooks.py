"""Events reach a real receiver, signed, and are tried again until they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from standardwebhooks import Webhook

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from domain.documents import Labels
from domain.erasure import Target
from domain.ports.embedder import Embedder
from ingestion.workflow import IngestRequest

KINDS = ("document.indexed", "document.rejected", "erasure.done")


class Receiver(HTTPServer):
    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        thread = Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def opened(home: Path, encoder: Embedder) -> Consilium:
    return build(load_settings(home=home, webhooks_anywhere=True), Replacements(embedder=encoder))


def test_events_are_signed_hold_ids_only_and_outlive_the_process(
    tmp_path: Path, encoder: Embedder, receiver: Receiver
) -> None:
    url = f"http://127.0.0.1:{receiver.server_address[1]}/hook"
    with opened(tmp_path, encoder) as consilium:
        secret = consilium.webhooks.add("default", url, KINDS, "local").secret
        options = IngestRequest(labels=Labels(subjects=("s01",)))
        consilium.ingestor.ingest_bytes(b"The patient takes zqcanaryx twice a day.", "note.txt", options)
        consilium.ingestor.ingest_bytes(b"{", "broken.json", options)
        consilium.erasures.erase(Target(tenant="default", kind="subject", id="s01"))
    with opened(tmp_path, encoder) as consilium:
        receiver.status = 500
        assert consilium.dispatcher.run_once() == 3
        assert consilium.dispatcher.run_once() == 0
        assert consilium.webhooks.all("default")[0]["waiting"] == 3
    found = {json.loads(body)["type"]: (headers, body) for headers, body in receiver.got}
    assert set(found) == set(KINDS)
    for headers, body in found.values():
        assert Webhook(secret).verify(body, headers)["data"]
        assert b"zqcanary" not in body
    assert json.loads(found["document.rejected"][1])["data"]["code"] == "document.malformed"
