"""An OpenAI-compatible model server on loopback that does what a test tells it to: the honest and the hostile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server sends: ``parts`` one after the other, ``pause`` seconds between them, then the end.

    ``cut`` ends without the terminating chunk, as a broken connection does; ``hang`` never ends (until the server is
    closed). ``hang_first`` says nothing at all, not even a status.
    """

    parts: Sequence[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    pause: float = 0.0
    cut: bool = False
    hang: bool = False
    hang_first: bool = False


def event(delta: JSON, finish: str | None = None) -> bytes:
    """Return one server-sent event of a streamed chat completion."""
    chunk = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def pieces(text: str, size: int = 7) -> list[bytes]:
    """Return the events that stream ``text`` in pieces of ``size`` characters, without an end."""
    start = event({"role": "assistant", "content": ""})
    return [start, *(event({"content": text[at : at + size]}) for at in range(0, len(text), size))]


def saying(text: str, *, size: int = 7, pause: float = 0.0) -> Reply:
    """Return a reply that streams ``text`` and ends properly."""
    return Reply(parts=[*pieces(text, size), event({}, "stop"), DONE], pause=pause)


def claiming(*claims: tuple[Sequence[tuple[str, str]], str]) -> Reply:
    """Return a reply that states claims, each as its quotes (passage id, text) and its sentence."""
    return saying(draft(*claims))


def draft(*claims: tuple[Sequence[tuple[str, str]], str]) -> str:
    """Return the JSON text of a draft."""
    return json.dumps(
        {
            "claims": [
                {"quotes": [{"passage_id": key, "text": text} for key, text in quotes], "claim": claim}
                for quotes, claim in claims
            ]
        }
    )


class ModelServer:
    """Serves ``replies``, one a request and the last again and again, or what a function makes of the request.

    ``requests`` holds the JSON bodies that came, ``headers`` their headers. What is asked by GET is answered
    with the status ``listing``.
    """

    def __init__(self, replies: Sequence[Reply] | Callable[[JSON], Reply], listing: int = 404) -> None:
        self._replies = replies
        self._listing = listing
        self.requests: list[JSON] = []
        self.headers: list[dict[str, str]] = []
        self._closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                outer._answer(self)

            def do_GET(self) -> None:
                outer.requests.append({"GET": self.path})
                self.send_error(outer._listing)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing: clients hang up on purpose here."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Return the address to give to a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        turn = len(self.requests)
        self.requests.append({"path": handler.path, **body})
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        replies = self._replies
        reply = replies(body) if callable(replies) else replies[min(turn, len(replies) - 1)]
        handler.close_connection = True
        try:
            self._send(handler, reply)
        except OSError:
            return  # the client hung up

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.hang_first:
            self._wait_for_hang_up(handler)
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        self._write(handler, reply.parts, reply.pause)
        if reply.hang:
            self._wait_for_hang_up(handler)
        elif not reply.cut:
            handler.wfile.write(b"0\r\n\r\n")

    def _write(self, handler: BaseHTTPRequestHandler, parts: Iterable[bytes], pause: float) -> None:
        for part in parts:
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            handler.wfile.flush()
            if pause and self._closing.wait(pause):
                return

    def _wait_for_hang_up(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(0.02)
        while not self._closing.is_set():
            try:
                if not handler.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return
