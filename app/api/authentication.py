"""Finds out who calls before anything of a request's body is read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from app.api.problems import problem
from app.identity.authenticator import Authenticator
from domain.callers import Caller
from domain.errors import ConsiliumError

CALLER: Final = "consilium.caller"
# All other paths are for callers that are known, also those without a route.
OPEN: Final = frozenset(
    {
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/docs",
        "/v1/identity/configuration",
        "/v1/identity/issuer",
        "/v1/identity/tokens",
    }
)
_THREADS: Final = 8


class Authentication:
    """Middleware that lets nobody unknown in, and notes who calls for :func:`app.api.callers.caller_of`.

    It has threads of its own, so that refusing is quick also while all others work on long answers.
    """

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="authentication")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a problem."""
        if scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"] not in OPEN:
            try:
                loop = asyncio.get_running_loop()
                scope[CALLER] = await loop.run_in_executor(self._threads, recognised, self._authenticator, scope)
            except ConsiliumError as error:
                await problem(error.code, error.detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def recognised(authenticator: Authenticator, scope: Mapping[str, Any]) -> Caller:
    """Return who calls. Raises AccessError, and ServiceError where that cannot be known now."""
    sent = [value for name, value in scope["headers"] if name == b"authorization"]
    client = scope.get("client")
    return authenticator.caller(sent, client[0] if client else "")
