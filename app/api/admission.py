"""Bounds what is worked on at one time: a few run, some wait in fair order, the rest are told when to come back.

Without a bound, ten times the load makes every answer ten times slower, and then all of them too late. With it those
who are let in are served as always, and the others know at once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.problems import problem
from app.operating.metrics import Metrics

ANSWERS, UPLOADS = "answers", "uploads"
_UPLOADS_RUNNING: Final = 2
_BACK: Final = (2, 3, 5, 4, 6)  # seconds, in turn: those who were sent away together must not come back together
_CREDENTIALS: Final = frozenset({b"authorization", b"cookie", b"x-api-key"})


class NoTurnError(Exception):
    """Too many wait already, or the wait was too long."""


@dataclass(slots=True)
class Lane:
    """Turns for one kind of work; to be used from one event loop.

    ``running`` work at one time. Up to ``waiting`` wait, at most ``seconds``; turns go round by who asks, so that one
    caller's thousand questions do not hold up another's first. When too many wait, the newest of whoever has most
    waiting is sent away.
    """

    running: int
    waiting: int
    seconds: float
    _busy: int = 0
    _queues: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Run a block when it is its turn. Raises NoTurnError when there is none to be had."""
        if self._busy >= self.running:
            await self._wait(who)
        else:
            self._busy += 1
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        """Give the turn that ended to the next who waits, or leave it free."""
        while self._queues:
            who, queue = next(iter(self._queues.items()))
            first = queue.popleft()
            if queue:
                self._queues.move_to_end(who)
            else:
                del self._queues[who]
            if not first.done():
                first.set_result(None)
                return
        self._busy -= 1

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
            self._next()


class Admission:
    """An ASGI application that gives turns to questions and to uploads; everything else passes."""

    def __init__(self, application: ASGIApp, metrics: Metrics, *, running: int, waiting: int, seconds: float) -> None:
        self._application = application
        self._metrics = metrics
        self._turned = 0
        self._lanes = {
            ANSWERS: Lane(running=running, waiting=waiting, seconds=seconds),
            UPLOADS: Lane(running=_UPLOADS_RUNNING, waiting=waiting, seconds=seconds),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in its turn, or with 429."""
        name = lane_of(scope)
        if name is None:
            await self._application(scope, receive, send)
            return
        try:
            async with self._lanes[name].turn(_who(scope)):
                await self._application(scope, receive, send)
        except NoTurnError:
            self._metrics.turned_away(name)
            self._turned += 1
            lane = self._lanes[name]
            response = problem("service.overloaded", f"{lane.running} at one time, {lane.waiting} waiting")
            response.headers["Retry-After"] = str(_BACK[self._turned % len(_BACK)])
            await response(scope, receive, send)


def lane_of(scope: Scope) -> str | None:
    """Return which lane a request belongs to: what is sent to be worked on, and not what is only looked up."""
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/v1/"):
        return None
    return UPLOADS if scope["path"] == "/v1/documents" else ANSWERS


def _who(scope: Scope) -> str:
    """Return a name for who asks: a digest of the credentials, true or not, or the address."""
    given = [value for name, value in scope["headers"] if name in _CREDENTIALS]
    if given:
        return hashlib.blake2b(b"\0".join(given), digest_size=16).hexdigest()
    client = scope.get("client")
    return client[0] if client else ""
