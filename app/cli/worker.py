"""Works on jobs in a process of its own, which serves nobody; several of them share one PostgreSQL and one index."""

from __future__ import annotations

import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Final

from rich.console import Console

from app.bootstrap import Consilium, build
from app.operating import logs
from app.operating.tracing import TRACING
from app.settings import Settings
from domain.errors import ConsiliumError, RequestError

_LOG: Final = logging.getLogger("consilium.worker")
_FOLLOW_EVERY: Final = 0.5  # seconds: what another process switched to is known within one


def run(settings: Settings) -> None:
    """Work until stopped; the item under way is finished first. Raises RequestError, see :func:`check`."""
    check(settings)
    stopped = threading.Event()
    before = {number: signal.signal(number, _stopping(stopped)) for number in (signal.SIGTERM, signal.SIGINT)}
    console = Console(stderr=True)
    console.print("Loading the encoder and proving the detectors…")
    logs.configure(settings.log_level)
    try:
        with ExitStack() as stack:
            consilium = stack.enter_context(build(settings))
            logs.configure(settings.log_level)
            gc.freeze()  # as the server does
            stack.enter_context(TRACING.started(settings.otlp_endpoint))
            if settings.metrics_port is not None:
                served = consilium.operations.metrics.served(settings.metrics_host, settings.metrics_port)
                stack.enter_context(served)
            stack.enter_context(following(consilium))
            work(consilium, stopped, lambda: console.print("Working on jobs; Ctrl-C stops it."))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    logs.say(_LOG, logging.INFO, "worker.stopped")


def work(consilium: Consilium, stopped: threading.Event, ready: Callable[[], None]) -> None:
    """Work on jobs until ``stopped``; call ``ready`` once it has begun."""
    consilium.jobs.start()
    try:
        ready()
        stopped.wait()
    finally:
        consilium.jobs.stop()


def check(settings: Settings) -> None:
    """Refuse where a second process could not share the store. Raises RequestError ``request.setting_invalid``."""
    address = settings.database.get_secret_value() if settings.database else ""
    if not address.startswith("postgresql"):
        fault = "database: a worker beside a server needs PostgreSQL (postgresql+psycopg://…); on SQLite, serve works"
        raise RequestError("request.setting_invalid", fault)
    if settings.index != "server":
        fault = "index: a worker beside a server needs a Qdrant server (server); one process owns this index"
        raise RequestError("request.setting_invalid", fault)


@contextmanager
def following(consilium: Consilium) -> Iterator[None]:
    """Follow meanwhile, in a thread, what other processes do with the index."""
    if not consilium.reindexing.shared:
        yield
        return
    stopped = threading.Event()

    def follow() -> None:
        while not stopped.wait(_FOLLOW_EVERY):
            # Whatever is away comes back, or the questions say so.
            with suppress(ConsiliumError):
                consilium.reindexing.follow()

    thread = threading.Thread(target=follow, name="consilium-following")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _stopping(stopped: threading.Event) -> Callable[[int, FrameType | None], None]:
    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stopped.set()

    return stop
