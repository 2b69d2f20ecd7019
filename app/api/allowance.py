"""How much one caller may at once, in a minute and in a day, whatever the others do."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from starlette.types import Receive

from app.settings import Settings
from domain.callers import Caller
from domain.errors import RequestError
from domain.ports.clock import Clock
from domain.ports.kept_replies import RequestKey

STATE: Final = "consilium.allowance"


@dataclass(slots=True)
class Admitted:
    """What the outer layer (``front.py``) and the inner ones say to each other about one request."""

    receive: Receive
    digest: Any = field(default_factory=hashlib.sha256)
    headers: dict[str, str] = field(default_factory=dict)
    key: RequestKey | None = None


class Allowance:
    """Counts the requests of each caller in this process; several processes each count their own.

    Who is over a limit is told at once: nothing queues here.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        storage = MemoryStorage()
        by_minute, by_day = settings.rate_per_minute, settings.quota_per_day
        self._limits: list[tuple[str, str, RateLimiter, RateLimitItem]] = []
        if by_minute:
            minute = (SlidingWindowCounterRateLimiter(storage), RateLimitItemPerMinute(by_minute))
            self._limits.append(("minute", "request.rate_limited", *minute))
        if by_day:
            day = (FixedWindowRateLimiter(storage), RateLimitItemPerDay(by_day))
            self._limits.append(("day", "request.quota_spent", *day))
        self._most = settings.concurrency_per_caller
        self._busy: Counter[tuple[str, str]] = Counter()
        self._clock = clock

    @contextmanager
    def place(self, caller: Caller, own: Admitted) -> Iterator[None]:
        """Count a request while it waits and is worked on.

        Raises RequestError ``request.rate_limited`` and ``request.quota_spent``.
        """
        who = (caller.tenant, caller.id)
        self._count(who, own)
        if self._busy[who] >= self._most:
            raise RequestError("request.rate_limited", f"at most {self._most} requests at once")
        self._busy[who] += 1
        try:
            yield
        finally:
            self._busy[who] -= 1
            if not self._busy[who]:
                del self._busy[who]

    def under_way(self, caller: Caller | None) -> int:
        """Return how many requests of a caller wait or are worked on now."""
        return self._busy[caller.tenant, caller.id] if caller else 0

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
