"""What every request passes on its way in and every response on its way out: limits, keys, entity tags."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.allowance import STATE, Admitted
from domain.errors import ServiceError
from domain.ports.kept_replies import KeptReplies, KeptReply

_MOST_KEPT: Final = 4 * 2**20
_ENDED_WELL: Final = range(200, 300)


class Front:
    """An ASGI layer. It reads no request: it counts bytes into a digest and looks at responses as they pass."""

    def __init__(self, app: ASGIApp, replies: KeptReplies) -> None:
        self._app = app
        self._replies = replies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = scope[STATE] = Admitted(receive=receive)
        headers = Headers(scope=scope)
        if scope["method"] == "POST" and "idempotency-key" in headers:
            receive = _Digested(receive, own, _boundary(headers))
        passing = _Passing(send, scope, own, headers.get("if-none-match", ""))
        try:
            await self._app(scope, receive, passing)
        finally:
            await self._keep(own, passing)

    async def _keep(self, own: Admitted, passing: _Passing) -> None:
        """Keep the reply to a request with a key, or give the key back where the request had no effect."""
        if own.key is None:
            return
        key, whole = own.key, passing.ended and passing.status in _ENDED_WELL and len(passing.body) <= _MOST_KEPT
        try:
            if whole:
                reply = KeptReply(
                    digest="", begun=0, status=passing.status, media_type=passing.media_type, body=bytes(passing.body)
                )
                await run_in_threadpool(self._replies.end, key, reply)
            else:
                await run_in_threadpool(self._replies.release, key)
        except ServiceError:
            # The key stays taken until it is stale, so that nothing is done twice meanwhile.
            return


class _Digested:
    """Receives a body and digests it, without the boundary of its parts, which a client draws anew each time."""

    def __init__(self, receive: Receive, own: Admitted, boundary: bytes) -> None:
        self._receive, self._own, self._boundary = receive, own, boundary
        self._tail = b""

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            data = self._tail + message.get("body", b"")
            self._tail = b""
            if self._boundary:
                data = data.replace(self._boundary, b"")
                if message.get("more_body"):
                    keep = len(self._boundary) - 1
                    data, self._tail = data[:-keep], data[-keep:]
            self._own.digest.update(data)
        return message


class _Passing:
    """Sends a response on, with limits in its head, and as "not modified" where the caller has it already."""

    def __init__(self, send: Send, scope: Scope, own: Admitted, known: str) -> None:
        self._send, self._own, self._known = send, own, known
        self._tags = scope["method"] == "GET" and scope["path"].startswith("/v1/")
        self._start: Message | None = None
        self.status, self.media_type, self.ended = 0, "", False
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in self._own.headers.items():
                if name != "Retry-After" or message["status"] >= 400:  # noqa: PLR2004 - from here on HTTP has errors
                    headers[name] = value
            self.status, self.media_type = message["status"], headers.get("content-type", "")
            if self._tags and self.status == 200 and self.media_type.startswith("application/json"):  # noqa: PLR2004
                self._start = message
                return
        elif message["type"] == "http.response.body":
            self.ended = not message.get("more_body", False)
            if self._start is not None or (self._own.key and len(self.body) <= _MOST_KEPT):
                self.body += message.get("body", b"")
            if self._start is not None:
                if self.ended:
                    await self._send_tagged(self._start)
                return
        await self._send(message)

    async def _send_tagged(self, start: Message) -> None:
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'
        headers = MutableHeaders(raw=start["headers"])
        headers["ETag"] = tag
        headers.setdefault("Cache-Control", "private, no-cache")
        body = bytes(self.body)
        have = {one.strip().removeprefix("W/") for one in self._known.split(",")}
        if tag in have or "*" in have:
            start["status"], body = 304, b""
            del headers["content-length"]
            del headers["content-type"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _boundary(headers: Headers) -> bytes:
    kind, _, rest = headers.get("content-type", "").partition("boundary=")
    return rest.split(";")[0].strip('" ').encode("latin-1") if kind.startswith("multipart/") else b""


def describe(document: dict[str, Any]) -> None:
    """Write into an OpenAPI document what this layer adds: headers, "not modified", and limits."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if not path.startswith("/v1/"):
                continue
            parameters: list[dict[str, Any]] = operation.setdefault("parameters", [])
            if method == "post":
                parameters.append(
                    _header("Idempotency-Key", "Does a request once, however often it is sent.", "^[!#-~]{1,200}$")
                )
            elif method == "get":
                parameters.append(
                    _header("If-None-Match", "Entity tags that the caller has already.", "^[!-~]{0,200}$")
                )
                operation["responses"]["304"] = {"description": "The caller has it already."}


def _header(name: str, description: str, pattern: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}
