"""One connection to a model server: counted, confined to its address, and cut from another thread when time is up."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

_PRIVATE_HEADERS: Final = ("openai-", "x-stainless-")


class ModelServerError(Exception):
    """The completion failed. ``reason`` is a short code of ours; ``again`` says whether another try may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        self.reason = reason
        self.again = again
        super().__init__(reason)


class ModelDeadlineError(Exception):
    """The completion did not finish in time."""


class UnwantedError(Exception):
    """The server sent something that was not asked for."""


class Connection(httpx.BaseTransport):
    """A connection for one request, that counts bytes and can be cut from another thread."""

    def __init__(self, url: httpx.URL, tls: ssl.SSLContext, max_bytes: int, remaining: Callable[[], float]) -> None:
        self.remaining = remaining
        self.answered = False
        self.full = False
        self._left = max_bytes
        self._origin = (url.scheme, url.host, url.port)
        self._inner = httpx.HTTPTransport(verify=tls)
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._aborted = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the one server that is allowed, without headers that tell about this machine."""
        if (request.url.scheme, request.url.host, request.url.port) != self._origin:
            raise UnwantedError
        for name in [name for name in request.headers if name.lower().startswith(_PRIVATE_HEADERS)]:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"
        request.extensions = {**request.extensions, "trace": self._trace}
        response = self._inner.handle_request(request)
        self.answered = True
        if response.headers.get("content-encoding", "identity") != "identity":
            # a small compressed body can hold gigabytes
            response.close()
            raise UnwantedError
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Counted(response, self._count),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connection from the thread that uses it."""
        self._inner.close()

    def abort(self) -> None:
        """Cut the connection from any thread; a read that waits on it ends at once."""
        with self._lock:
            self._aborted = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        # the documented way of httpx to the socket of a connection that is not answered yet
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
            if self._aborted:
                self.abort()

    def _count(self, size: int) -> None:
        self._left -= size
        self.full = self._left < 0
        if self.full or self._aborted or self.remaining() <= 0:
            raise UnwantedError


@dataclass(frozen=True, slots=True)
class _Counted(httpx.SyncByteStream):
    """A response's bytes, each chunk counted before it is passed on."""

    response: httpx.Response
    count: Callable[[int], None]

    def __iter__(self) -> Iterator[bytes]:
        """Yield the chunks as they come."""
        for chunk in self.response.iter_raw():
            self.count(len(chunk))
            yield chunk

    def close(self) -> None:
        """Close the response."""
        self.response.close()
