"""What happens to every request before and after its route: an id, headers, a span, a count and a line in the log."""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.operating.logs import request_id, say
from app.operating.metrics import Metrics
from app.operating.tracing import TRACING, Span

REQUEST_ID: Final = "X-Request-Id"
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_ERROR: Final = 500
_YEAR: Final = 31_536_000
_LOG: Final = logging.getLogger("consilium.api")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Edge:
    """An ASGI application around the whole API.

    ``routes`` gives the template of a request that no route took to itself; labels and log lines hold only templates,
    since paths hold ids. What the application says in a header of its own stands.
    """

    def __init__(self, application: ASGIApp, metrics: Metrics, *, behind_tls: bool) -> None:
        self._application = application
        self._metrics = metrics
        self._headers = dict(HEADERS)
        if behind_tls:
            self._headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        given = {name: value.decode("latin-1") for name, value in scope["headers"] if name in _READ}
        id_ = given.get(b"x-request-id", "")
        if not _WELL_FORMED.fullmatch(id_):
            id_ = uuid.uuid4().hex
        token = request_id.set(id_)
        try:
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            with (
                self._metrics.request(),
                TRACING.span(
                    method, {"http.request.method": method}, kind="server", parent=given.get(b"traceparent", "")
                ) as span,
            ):
                await self._answer(scope, receive, send, (id_, method, span))
        finally:
            request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, known: tuple[str, str, Span]) -> None:
        id_, method, span = known
        started = time.monotonic()
        status = _ERROR
        ended = False

        async def sending(message: Message) -> None:
            nonlocal status, ended
            if message["type"] == "http.response.start":
                status = message["status"]
                found = MutableHeaders(scope=message)
                found[REQUEST_ID] = id_
                for name, value in self._headers.items():
                    found.setdefault(name, value)
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                ended = True
            await send(message)

        try:
            await self._application(scope, receive, sending)
        finally:
            seconds = time.monotonic() - started
            route = template_of(scope)
            self._metrics.requested(method, route, status, seconds)
            span.rename(f"{method} {route}")
            span.say({"http.route": route, "http.response.status_code": status})
            if status >= _ERROR:
                span.failed(str(status))
            level = logging.WARNING if status >= _ERROR or not ended else logging.INFO
            say(_LOG, level, "request", method=method, route=route, status=status, ms=round(seconds * 1000, 1),
                complete=ended)  # fmt: skip


_READ: Final = frozenset({b"x-request-id", b"traceparent"})


def template_of(scope: Scope) -> str:
    """Return the template of the route that took a request; "unmatched" where none did."""
    template = getattr(scope.get("route"), "path", None)
    return template if isinstance(template, str) else "unmatched"
