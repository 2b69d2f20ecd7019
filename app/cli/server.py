"""Runs the HTTP server; it owns the index, so it leaves its address where the commands find it."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from rich.console import Console

from app.api.application import create_application
from app.bootstrap import Consilium, build
from app.cli.door import ADDRESS_FILE
from app.cli.opening import signed_in
from app.cli.worker import following
from app.identity.owner import FILE, read_owner_token
from app.operating import logs
from app.operating.tracing import TRACING
from app.settings import Settings
from app.statuses import UNAVAILABLE
from app.store.opening import open_keys
from domain.errors import ConsiliumError, RequestError, ServiceError
from ingestion.workflow import Ingestor

_LOG: Final = logging.getLogger("consilium.server")
_KEEP_ALIVE: Final = 75  # seconds


class Server(uvicorn.Server):
    """Stops in order when it is told to, by SIGTERM or SIGINT.

    First it is no longer ready. ``delay`` seconds later it takes no new connection. Then what is running is finished,
    in ``timeout_graceful_shutdown`` seconds at most; ``cut`` is called when that was too short. A second signal ends
    it at once.
    """

    def __init__(
        self, config: uvicorn.Config, draining: threading.Event, delay: float, cut: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._draining = draining
        self._delay = delay
        self._cut = cut
        self.interrupted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop. The signal is not raised again afterwards, so that everything is closed in order."""
        del frame
        self.interrupted = sig == signal.SIGINT
        if self._draining.is_set():
            self.force_exit = self.should_exit = True
            return
        self._draining.set()
        # a delay would keep whoever stopped it by hand waiting for nothing
        if self._delay and sig != signal.SIGINT:
            asyncio.get_running_loop().call_later(self._delay, self._stop)
        else:
            self._stop()

    def _stop(self) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nothing new, and finish what is running."""
        logs.say(_LOG, logging.INFO, "server.draining", requests=len(self.server_state.tasks))
        await super().shutdown(sockets)
        if self.server_state.tasks:
            self._cut()


def run(settings: Settings) -> None:
    """Serve until stopped, and finish meanwhile what a run that was killed left without vectors.

    Raises RequestError for an address that others reach while nobody but the owner could be told from them.
    """
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    loopback = _check_host(settings, host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small parts at once (TCP_NODELAY) only where the protocol is named; else each answer waits 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, settings.port))
        except OSError as error:
            raise ServiceError("service.port_unavailable", f"port {settings.port}: {error.strerror}") from None
        port = listener.getsockname()[1]
        near = _near(host)
        url = f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"
        console = Console(stderr=True)
        console.print("Loading the encoder and proving the detectors…")
        logs.configure(settings.log_level)
        with ExitStack() as stack:
            consilium = stack.enter_context(build(settings))
            logs.configure(settings.log_level)  # once more: what was loaded meanwhile may have handlers of its own
            gc.freeze()  # what was imported and built stays, and need not be looked at while somebody waits
            stack.enter_context(TRACING.started(settings.otlp_endpoint))
            if settings.metrics_port is not None:
                served = consilium.operations.metrics.served(settings.metrics_host, settings.metrics_port)
                metrics_port = stack.enter_context(served)
                console.print(f"Metrics are at http://{settings.metrics_host}:{metrics_port}/metrics.")
            stack.enter_context(_finishing(consilium, console))
            stack.enter_context(_dispatching(consilium))
            stack.enter_context(following(consilium))
            stack.enter_context(_working(consilium))
            stack.enter_context(_announced(settings.home / ADDRESS_FILE, url))
            config = uvicorn.Config(
                create_application(consilium),
                log_config=None,
                access_log=False,
                server_header=False,
                # Failed attempts are counted by address, so what a client says of its own is not believed.
                proxy_headers=False,
                # Longer than proxies keep theirs and than Retry-After: who comes back then finds the connection open.
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=int(settings.drain_seconds) or 1,
            )
            server = Server(config, consilium.operations.draining, settings.drain_delay, partial(_cut, stack))
            _greet(console, settings, url, loopback=loopback)
            server.run(sockets=[listener])
        logs.say(_LOG, logging.INFO, "server.stopped", cut=False)
        if server.interrupted:
            raise KeyboardInterrupt


def _cut(opened: ExitStack) -> None:
    """Close everything and end the process, which the threads of answers that took too long would keep alive."""
    opened.close()
    logs.say(_LOG, logging.WARNING, "server.stopped", cut=True)
    sys.stderr.flush()
    os._exit(UNAVAILABLE)


@contextmanager
def _announced(address: Path, url: str) -> Iterator[None]:
    """Leave the server's address where the commands find it, while it serves."""
    address.write_text(json.dumps({"url": url}), encoding="utf-8")
    try:
        yield
    finally:
        address.unlink(missing_ok=True)


@contextmanager
def _finishing(consilium: Consilium, console: Console) -> Iterator[None]:
    """Finish meanwhile, in a thread, what a run that was killed left."""
    stopped = threading.Event()
    thread = threading.Thread(target=_finish, args=(consilium.ingestor, stopped, console))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextmanager
def _dispatching(consilium: Consilium) -> Iterator[None]:
    """Send events meanwhile, in a thread."""
    stopped = threading.Event()
    thread = threading.Thread(target=consilium.dispatcher.run, args=(stopped,), name="events")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextmanager
def _working(consilium: Consilium) -> Iterator[None]:
    """Work on jobs meanwhile; the one under way is gone on with by the next start."""
    consilium.jobs.start()
    try:
        yield
    finally:
        consilium.jobs.stop()


def _finish(ingestor: Ingestor, stopped: threading.Event, console: Console) -> None:
    """Embed what a run that was killed left; questions find it by words meanwhile. The next start tries again."""
    try:
        for _ in ingestor.finish():
            if stopped.is_set():
                return
    except ConsiliumError as error:
        console.print(f"Some passages are found by words only: {error.code}.")


def _check_host(settings: Settings, host: str) -> bool:
    """Return whether only this machine reaches the address. Raises RequestError, see :func:`run`."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise RequestError("request.setting_invalid", "host: an IP address") from None
    if not loopback and settings.oidc_issuer is None:
        with open_keys(settings) as keys:
            if not keys.keys.any_active(keys.clock.now()):
                fault = "host: loopback only, until oidc_issuer is set or consilium keys create made a key"
                raise RequestError("request.setting_invalid", fault)
    return loopback


def _near(host: str) -> str:
    """Return the address at which this machine's own commands find the server."""
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"  # noqa: PLR2004 - IPv4


def _greet(console: Console, settings: Settings, url: str, *, loopback: bool) -> None:
    console.print(f"Consilium listens at {url}, its API page is {url}/docs; Ctrl-C stops it.")
    console.print(
        f"Every request says who calls. You, the owner: Authorization: Bearer with what is in {settings.home / FILE};"
        " the commands send it by themselves. Systems: consilium keys create.",
        highlight=False,
    )
    token = read_owner_token(settings.home)
    if token and loopback and console.is_terminal:
        # to whoever sits at this machine, and to no log
        console.print(f"Open the web client, signed in: {signed_in(url, token)}", highlight=False, soft_wrap=True)
    else:
        console.print("The web client is at the same address; consilium open prints one that signs the owner in.")
    if not loopback:
        console.print(
            "[yellow]Tokens and records would cross the network in the clear:[/] put a server that ends TLS in front,"
            " see docs/operating.md."
        )
