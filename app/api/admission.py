"""Lets a request in: first its caller's own limits, then a turn among all callers. Whoever has to come back gets 429.

Two things are told apart. A caller who asks too much gets ``request.rate_limited`` or ``request.quota_spent``, whatever
the others do. A server that has no turn left says ``service.overloaded``. Without that bound, ten times the load makes
every answer ten times slower, and then all of them too late; with it those who are let in are served as always.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.allowance import STATE, Admitted, Allowance
from app.api.authentication import CALLER, OPEN
from app.api.problems import refusal
from app.operating.metrics import Metrics
from app.settings import Settings
from domain.callers import Caller
from domain.errors import RequestError

ANSWERS, UPLOADS, UPKEEP, LOOKUPS = "answers", "uploads", "upkeep", "lookups"
_UPKEEP: Final = frozenset({"/v1/backups", "/v1/doctor", "/v1/retention", "/v1/erasures"})
_FILES: Final = frozenset({"/v1/documents", "/v1/readings"})
_FEW: Final = 2  # of what takes minutes
_THREADS: Final = 32  # of the forty that the framework looks things up in
_LOOKUPS_WAITING: Final = 256
_BACK: Final = (2, 3, 5, 4, 6)  # seconds, in turn: those who were sent away together must not come back together
_MANY: Final = 8  # requests of a caller under way, for each of which again so long passes until there is a turn


class NoTurnError(Exception):
    """Too many wait already, or the wait was too long."""


@dataclass(slots=True)
class Lane:
    """Turns for one kind of work; to be used from one event loop.

    ``running`` work at one time, and one caller never has all of these turns, so that long work of one does not shut
    the others out. Up to ``waiting`` wait, at most ``seconds``; turns go round by who asks, so that one caller's
    thousand questions do not hold up another's first. When too many wait, the newest of whoever has most waiting is
    sent away: waiting places are shared alike.
    """

    running: int
    waiting: int
    seconds: float
    _held: Counter[str] = field(default_factory=Counter)
    _queues: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Run a block when it is its turn. Raises NoTurnError when there is none to be had."""
        if self._may(who):
            self._held[who] += 1
        else:
            await self._wait(who)
        try:
            yield
        finally:
            self._give_back(who)

    def _may(self, who: str) -> bool:
        return self._held.total() < self.running and self._held[who] < max(1, self.running - 1)

    def _give_back(self, who: str) -> None:
        """Take a turn back, and hand out what is free to those whose turn it is."""
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]
        while (after := next((name for name in self._queues if self._may(name)), None)) is not None:
            queue = self._queues[after]
            first = queue.popleft()
            if queue:
                self._queues.move_to_end(after)
            else:
                del self._queues[after]
            if not first.done():
                self._held[after] += 1
                first.set_result(None)

    async def _wait(self, who: str) -> None:
        if sum(map(len, self._queues.values())) >= self.waiting:
            self._make_room(who)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(who, deque()).append(place)
        try:
            async with asyncio.timeout(self.seconds):
                await place
        except TimeoutError:
            self._leave(who, place)
            raise NoTurnError from None
        except BaseException:
            self._leave(who, place)
            raise

    def _make_room(self, who: str) -> None:
        longest = max(self._queues, key=lambda name: len(self._queues[name]), default=who)
        own = len(self._queues.get(who, ()))
        if longest == who or len(self._queues[longest]) <= own + 1:
            raise NoTurnError
        last = self._queues[longest].pop()
        if not last.done():
            last.set_exception(NoTurnError())

    def _leave(self, who: str, place: asyncio.Future[None]) -> None:
        """Take a place out of its queue; a turn that it was given meanwhile goes to the next."""
        queue = self._queues.get(who)
        if queue and place in queue:
            queue.remove(place)
            if not queue:
                del self._queues[who]
        elif place.done() and not place.cancelled() and place.exception() is None:
            self._give_back(who)


class Admission:
    """An ASGI layer just behind authentication, before anything of a body is read."""

    def __init__(self, app: ASGIApp, *, settings: Settings, allowance: Allowance, metrics: Metrics) -> None:
        self._app, self._allowance, self._metrics = app, allowance, metrics
        waiting, seconds = settings.max_waiting, settings.wait_seconds
        self._lanes = {
            ANSWERS: Lane(running=settings.running(), waiting=waiting, seconds=seconds),
            UPLOADS: Lane(running=_FEW, waiting=waiting, seconds=seconds),
            UPKEEP: Lane(running=_FEW, waiting=waiting, seconds=seconds),
            LOOKUPS: Lane(running=_THREADS, waiting=_LOOKUPS_WAITING, seconds=seconds),
        }
        self._back = itertools.cycle(_BACK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in its turn, or with 429."""
        name = lane_of(scope)
        if name is None:
            await self._app(scope, receive, send)
            return
        caller: Caller | None = scope.get(CALLER)
        own: Admitted = scope[STATE]
        lane = self._lanes[name]
        async with AsyncExitStack() as held:
            try:
                if caller:
                    held.enter_context(self._allowance.place(caller, own))
                await held.enter_async_context(lane.turn(_who(caller, scope)))
            except RequestError as error:
                over, refused = "caller", refusal(scope["path"], error.code, error.detail)
            except NoTurnError:
                detail = f"{lane.running} at one time, {lane.waiting} waiting"
                over, refused = name, refusal(scope["path"], "service.overloaded", detail)
            else:
                await self._app(scope, receive, send)
                return
        self._metrics.turned_away(over)
        longer = 1 + self._allowance.under_way(caller) // _MANY
        own.headers.setdefault("Retry-After", str(next(self._back) * longer))
        await refused(scope, receive, send)


def lane_of(scope: Scope) -> str | None:
    """Return which lane a request belongs to; none for what strangers may look up, as health is."""
    if scope["type"] != "http":
        return None
    if scope["path"] in OPEN:
        return LOOKUPS if scope["method"] == "POST" else None
    if scope["method"] != "POST":
        return LOOKUPS
    if scope["path"] in _UPKEEP:
        return UPKEEP
    return UPLOADS if scope["path"] in _FILES else ANSWERS


def _who(caller: Caller | None, scope: Scope) -> str:
    """Return a name for who asks; a stranger has only an address."""
    if caller:
        return f"{caller.tenant}\0{caller.id}"
    client = scope.get("client")
    return client[0] if client else ""
