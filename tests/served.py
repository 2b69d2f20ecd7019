"""A real server in a process of its own, for tests of what only a process does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.identity.owner import read_owner_token
from tests import forked


@dataclass(frozen=True, slots=True)
class Served:
    """Its address, what its owner sends, its process, and the file that everything it writes goes to."""

    url: str
    headers: dict[str, str]
    process: forked.Process
    log: Path


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[Served]:
    """Serve a home until the block ends."""
    log = home.parent / f"{home.name}-serve.log"
    with log.open("wb") as file:
        process = forked.start(
            ["serve", "--port", "0", "--home", str(home)], stdout=file.fileno(), stderr=file.fileno(),
            environment=environment,
        )  # fmt: skip
    try:
        url = _address(home, process, log)
        yield Served(url, {"Authorization": f"Bearer {read_owner_token(home)}"}, process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def _address(home: Path, process: forked.Process, log: Path) -> str:
    for _ in range(480):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            url = json.loads((home / "server.json").read_text(encoding="utf-8"))["url"]
            httpx.get(f"{url}/healthz", timeout=1)
        except (OSError, ValueError, httpx.HTTPError):
            time.sleep(0.25)
        else:
            return str(url)
    raise AssertionError(log.read_text(encoding="utf-8"))
