"""A runner in one process: one thread, a queue for each tenant, all of them in turn. Nothing outlives the process."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from domain.ports.job_runner import Work


class FakeRunner:
    def __init__(self) -> None:
        self._queues: dict[str, deque[str]] = {}
        self._attended: dict[str, bool] = {}
        self._changed = threading.Condition()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def start(self, work: Work) -> None:
        self._stopped = False
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def enqueue(self, run_id: str, tenant: str) -> None:
        with self._changed:
            if run_id not in self._attended:
                self._attended[run_id] = True
                self._queues.setdefault(tenant, deque()).append(run_id)
                self._changed.notify()

    def attended(self, run_ids: Sequence[str]) -> dict[str, bool]:
        with self._changed:
            return {run_id: self._attended[run_id] for run_id in run_ids if run_id in self._attended}

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self, work: Work) -> None:
        while run_id := self._next():
            with suppress(RuntimeError):
                work(run_id)
            with self._changed:
                self._attended[run_id] = False

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or any(self._queues.values()))
            if self._stopped:
                return None
            tenant = next(tenant for tenant, queue in self._queues.items() if queue)
            queue = self._queues.pop(tenant)
            run_id = queue.popleft()
            self._queues[tenant] = queue
            return run_id
