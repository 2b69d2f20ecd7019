"""Whether questions could be answered now, asked of each part that an answer needs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from app.operating.logs import say
from app.operating.metrics import Metrics
from domain.errors import ConsiliumError

TIMED_OUT: Final = "timeout"
_LOG: Final = logging.getLogger("consilium.readiness")


class Readiness:
    """Asks every part at one time, by calling it; what raises is not ready. What hangs is not asked again meanwhile.

    ``seconds`` is how long a part may take, ``fresh`` for how long what was found is said again: probes come from
    several places, and a flood of them must not be work.
    """

    def __init__(
        self,
        parts: Mapping[str, Callable[[], object]],
        metrics: Metrics,
        *,
        seconds: float = 2.0,
        fresh: float = 1.0,
    ) -> None:
        self._parts = dict(parts)
        self._metrics = metrics
        self._seconds = seconds
        self._fresh = fresh
        self._pool = ThreadPoolExecutor(max_workers=max(len(self._parts), 1), thread_name_prefix="readiness")
        self._asked: dict[str, Future[object]] = {}
        self._lock = threading.Lock()
        self._found: dict[str, str] = {}
        self._until = 0.0

    def faults(self) -> dict[str, str]:
        """Return the parts that are not ready, each with its code; "timeout" where it did not answer in time."""
        with self._lock:
            if time.monotonic() >= self._until:
                before, self._found = self._found, self._ask()
                self._until = time.monotonic() + self._fresh
                for part in self._parts:
                    self._metrics.ready(part, ready=part not in self._found)
                if self._found != before:
                    for part, code in self._found.items():
                        say(_LOG, logging.WARNING, "readiness.fault", part=part, code=code)
                    if not self._found:
                        say(_LOG, logging.INFO, "readiness.restored")
            return dict(self._found)

    def parts(self) -> tuple[str, ...]:
        """Return the names of the parts that are asked."""
        return tuple(self._parts)

    def close(self) -> None:
        """Ask nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self) -> dict[str, str]:
        for name, part in self._parts.items():
            if name not in self._asked or self._asked[name].done():
                self._asked[name] = self._pool.submit(part)
        wait(self._asked.values(), timeout=self._seconds)
        return {name: code for name, asked in self._asked.items() if (code := _code(asked))}


def _code(asked: Future[object]) -> str:
    """Return the code of what was wrong, "" for nothing."""
    if not asked.done():
        return TIMED_OUT
    error = asked.exception()
    if error is None:
        return ""
    return error.code if isinstance(error, ConsiliumError) else "service.internal"
