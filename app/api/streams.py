"""Answers while somebody waits for them: streamed with heartbeats, and given up when the client goes away."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from typing import Any, Final, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import Request

from app.answering.abandoning import AbandonedError, until
from app.api.allowance import STATE

EVENTS: Final[dict[str, Any]] = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "description": "One event of the stream.",
            "required": ["data"],
            "properties": {"event": {"type": "string"}, "data": {"type": "string", "description": "JSON"}},
        }
    }
}
"""What an OpenAPI document says of server-sent events: what each of them is, as generators of clients read it."""
HEARTBEAT: Final = ": heartbeat\n\n"
_AHEAD: Final = 16
_LOOK_SECONDS: Final = 0.1
T = TypeVar("T")


class _Pump:
    """Takes events in a thread and hands them to the loop, at most so many ahead of who reads them."""

    def __init__(self, events: Callable[[], Generator[str]], loop: asyncio.AbstractEventLoop) -> None:
        self._events, self._loop = events, loop
        self.queue: asyncio.Queue[str | BaseException | None] = asyncio.Queue()
        self.room = threading.Semaphore(_AHEAD)
        self.given_up = threading.Event()

    def work(self) -> None:
        """Hand over all events, or why there are no more, until nobody reads them."""
        try:
            with until(self.given_up), closing(self._events()) as source:
                for item in source:
                    self._put(item)
                    if not self._has_room():
                        return
        except AbandonedError:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where the stream is read
            self._put(error)
        else:
            self._put(None)

    def _has_room(self) -> bool:
        while not self.given_up.is_set():
            if self.room.acquire(timeout=_LOOK_SECONDS):
                return True
        return False

    def _put(self, item: str | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone
            self._loop.call_soon_threadsafe(self.queue.put_nowait, item)


class Attendance:
    """Runs what answers in threads of its own, so that slow drafts leave those of other routes alone."""

    def __init__(self, threads: int, heartbeat: float) -> None:
        self._threads, self._heartbeat = threads, heartbeat
        self._limiter: CapacityLimiter | None = None

    async def stream(self, events: Callable[[], Generator[str]]) -> AsyncIterator[str]:
        """Yield what a thread yields, and a comment after each silence; the thread ends when nobody reads any more."""
        pump = _Pump(events, asyncio.get_running_loop())
        task = asyncio.ensure_future(self._run(pump.work))
        try:
            while True:
                try:
                    item = await asyncio.wait_for(pump.queue.get(), self._heartbeat)
                except TimeoutError:
                    yield HEARTBEAT
                    continue
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                pump.room.release()
                yield item
        finally:
            pump.given_up.set()
            with anyio.CancelScope(shield=True):
                await task

    async def whole(self, request: Request, work: Callable[[], T]) -> T:
        """Return what ``work`` returns; it is given up when the client goes away. Raises AbandonedError then."""
        given_up = threading.Event()

        def run() -> T:
            with until(given_up):
                return work()

        receive = request.scope[STATE].receive

        async def watch() -> None:
            # Asked of the server itself: the layers in between cannot be asked without waiting.
            while (await receive())["type"] != "http.disconnect":
                pass
            given_up.set()

        watching = asyncio.ensure_future(watch())
        try:
            return await self._run(run)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _run(self, work: Callable[[], T]) -> T:
        self._limiter = self._limiter or CapacityLimiter(self._threads)
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)
