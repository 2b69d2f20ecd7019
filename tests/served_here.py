"""A real HTTP server over a product, in a thread of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.api.application import create_application
from app.bootstrap import Consilium


@contextmanager
def served(consilium: Consilium) -> Iterator[str]:
    """Serve on a free port of this machine, and yield the address."""
    config = uvicorn.Config(create_application(consilium), port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
