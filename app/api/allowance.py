"""How much one caller may at once, in a minute and in a day; and requests that are sent again under one key."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive

from app.settings import Settings
from domain.callers import Caller
from domain.errors import RequestError, ServiceError
from domain.ports.clock import Clock
from domain.ports.kept_replies import KeptReplies, KeptReply, RequestKey

STATE: Final = "consilium.allowance"
_KEPT_SECONDS: Final = 24 * 3600
_STALE_SECONDS: Final = 15 * 60
_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')


@dataclass(slots=True)
class Admitted:
    """What the outer layer (``front.py``) and the inner one say to each other about one request."""

    receive: Receive
    digest: Any = field(default_factory=hashlib.sha256)
    headers: dict[str, str] = field(default_factory=dict)
    key: RequestKey | None = None


class ReplyKeptError(Exception):
    """The request was done before, and this is the reply."""

    def __init__(self, reply: KeptReply) -> None:
        self.reply = reply
        super().__init__("kept")


class Allowance:
    """Counts the requests of each caller in this process; several processes each count their own.

    Who is over a limit is told at once: nothing queues here.
    """

    def __init__(self, settings: Settings, replies: KeptReplies, clock: Clock) -> None:
        storage = MemoryStorage()
        by_minute, by_day = settings.rate_per_minute, settings.quota_per_day
        self._limits: list[tuple[str, str, RateLimiter, RateLimitItem]] = []
        if by_minute:
            minute = (SlidingWindowCounterRateLimiter(storage), RateLimitItemPerMinute(by_minute))
            self._limits.append(("minute", "request.rate_limited", *minute))
        if by_day:
            day = (FixedWindowRateLimiter(storage), RateLimitItemPerDay(by_day))
            self._limits.append(("day", "request.quota_spent", *day))
        self._most, self._most_of_one = settings.concurrency, settings.concurrency_per_caller
        self._busy: Counter[tuple[str, str]] = Counter()
        self._replies, self._clock = replies, clock

    @asynccontextmanager
    async def admit(self, request: Request, caller: Caller) -> AsyncIterator[None]:
        """Hold a place for a request while it is worked on.

        Raises RequestError (``request.rate_limited``, ``request.quota_spent`` and those of keys), ServiceError
        ``service.overloaded``, and ReplyKeptError.
        """
        own: Admitted = request.scope[STATE]
        who = (caller.tenant, caller.id)
        self._count(who, own)
        self._take_place(who, own)
        try:
            await self._take_key(request, caller, own)
            yield
        finally:
            self._busy[who] -= 1
            if not self._busy[who]:
                del self._busy[who]

    def _count(self, who: tuple[str, str], own: Admitted) -> None:
        policies, states = [], []
        refused = ""
        for name, code, limiter, item in self._limits:
            if not refused and not limiter.hit(item, *who):
                refused = code
            reset, left = limiter.get_window_stats(item, *who)
            wait = max(1, int(reset - self._clock.now().timestamp()) + 1)
            policies.append(f'"{name}";q={item.amount};w={item.get_expiry()}')
            states.append(f'"{name}";r={max(0, left)};t={wait}')
            if refused == code:
                own.headers["Retry-After"] = str(wait)
        if policies:
            own.headers |= {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}
        if refused:
            raise RequestError(refused)

    def _take_place(self, who: tuple[str, str], own: Admitted) -> None:
        if self._busy[who] >= self._most_of_one:
            own.headers["Retry-After"] = "1"
            raise RequestError("request.rate_limited", f"at most {self._most_of_one} requests at once")
        if self._busy.total() >= self._most:
            own.headers["Retry-After"] = "1"
            raise ServiceError("service.overloaded")
        self._busy[who] += 1

    async def _take_key(self, request: Request, caller: Caller, own: Admitted) -> None:
        sent = request.headers.get("idempotency-key")
        if sent is None or request.method != "POST":
            return
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
