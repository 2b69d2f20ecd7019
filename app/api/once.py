"""Requests that are sent again under one idempotency key, and done once."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.api.allowance import STATE, Admitted
from domain.callers import Caller
from domain.errors import RequestError
from domain.ports.clock import Clock
from domain.ports.kept_replies import KeptReplies, KeptReply, RequestKey

_KEPT_SECONDS: Final = 24 * 3600
_STALE_SECONDS: Final = 15 * 60
_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')


class ReplyKeptError(Exception):
    """The request was done before, and this is the reply."""

    def __init__(self, reply: KeptReply) -> None:
        self.reply = reply
        super().__init__("kept")


class Once:
    """Takes the keys of requests, whose bodies have been read by then."""

    def __init__(self, replies: KeptReplies, clock: Clock) -> None:
        self._replies, self._clock = replies, clock

    async def take(self, request: Request, caller: Caller) -> None:
        """Take the key of a request that has one.

        Raises RequestError ``request.key_reused``, ``request.key_in_use`` and ``request.key_spent``, and
        ReplyKeptError.
        """
        sent = request.headers.get("idempotency-key")
        if sent is None or request.method != "POST":
            return
        own: Admitted = request.scope[STATE]
        found = _KEY.fullmatch(sent)
        if not found:
            raise RequestError("request.invalid", "header.Idempotency-Key: 1 to 200 visible characters")
        key = RequestKey(tenant=caller.tenant, caller=caller.id, key=found[1])
        own.digest.update(f" {request.method} {request.url.path}?{request.url.query}".encode())
        digest = own.digest.hexdigest()
        now = self._clock.now().timestamp()
        limits = {"stale": now - _STALE_SECONDS, "expired": now - _KEPT_SECONDS}
        kept = await run_in_threadpool(lambda: self._replies.begin(key, digest, now, **limits))
        if kept is None:
            own.key = key
            return
        if kept.digest != digest:
            raise RequestError("request.key_reused")
        if not kept.status:
            own.headers["Retry-After"] = "1"
            raise RequestError("request.key_in_use")
        if kept.body is None:
            raise RequestError("request.key_spent")
        raise ReplyKeptError(kept)
