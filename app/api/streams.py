"""Answers while somebody waits for them: streamed with heartbeats, and given up when the client goes away."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from typing import Final, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import Request

from app.answering.abandoning import AbandonedError, until

HEARTBEAT: Final = ": heartbeat\n\n"
_AHEAD: Final = 16
T = TypeVar("T")


class Attendance:
    """Runs what answers in threads of its own, so that slow drafts leave those of other routes alone."""

    def __init__(self, threads: int, heartbeat: float) -> None:
        self._threads, self._heartbeat = threads, heartbeat
        self._limiter: CapacityLimiter | None = None

    async def stream(self, events: Callable[[], Generator[str]]) -> AsyncIterator[str]:
        """Yield what a thread yields, and a comment after each silence; the thread ends when nobody reads any more."""
        given_up = threading.Event()
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str | BaseException | None] = asyncio.Queue()
        room = threading.Semaphore(_AHEAD)

        def put(item: str | BaseException | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def work() -> None:
            try:
                with until(given_up), closing(events()) as source:
                    for item in source:
                        put(item)
                        # Nobody is sent more than they read.
                        while not room.acquire(timeout=0.1):
                            if given_up.is_set():
                                return
                        if given_up.is_set():
                            return
            except AbandonedError:
                pass
            except BaseException as error:  # noqa: BLE001 - it is raised where the stream is read
                put(error)
                return
            put(None)

        task = asyncio.ensure_future(self._run(work))
        try:
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), self._heartbeat)
                except TimeoutError:
                    yield HEARTBEAT
                    continue
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                room.release()
                yield item
        finally:
            given_up.set()
            with anyio.CancelScope(shield=True):
                await task

    async def whole(self, request: Request, work: Callable[[], T]) -> T:
        """Return what ``work`` returns; it is given up when the client goes away. Raises AbandonedError then."""
        given_up = threading.Event()

        def run() -> T:
            with until(given_up):
                return work()

        async def watch() -> None:
            while not await request.is_disconnected():
                await asyncio.sleep(0.1)
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

