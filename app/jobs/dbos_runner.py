"""DBOS calls for work: a durable queue with a part for each tenant, in SQLite beside the catalogue or in PostgreSQL.

DBOS keeps ids of runs and names of tenants, nothing else: what a run does, and how far it is, is in our own tables. It
talks to nobody: no conductor, no exporter, no console of its own.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID
from sqlalchemy import make_url

from domain.errors import ServiceError
from domain.ports.job_runner import Work

_QUEUE: Final = "consilium"
_AT_ONCE: Final = 4  # runs in this process, each of another tenant
_LOOK_EVERY: Final = 0.2  # seconds
_LOST_AFTER: Final = 15.0  # seconds after which a run of this process that no thread works on is given up
_WAIT_TO_STOP: Final = 20.0
_VERSION: Final = "1"  # of what a run is; a process takes up runs of its own version only
_UNDER_WAY: Final = ("ENQUEUED", "PENDING", "DELAYED")
_ENDED: Final = ("SUCCESS", "ERROR", "CANCELLED")
_KEPT: Final = timedelta(hours=1)  # how long a run that ended is remembered
_SWEEP_EVERY: Final = 60.0  # seconds
_MOST_AT_ONCE: Final = 500
_ALIVE: Final = 0x436F6E74  # which family of PostgreSQL's advisory locks says that a process lives
_APPLICATION: Final = "consilium"


class DbosRunner:
    """Implements :class:`domain.ports.job_runner.JobRunner`. There is one in a process, as there is one DBOS.

    Every process has a new id, and on PostgreSQL holds a lock by it while it lives, so that the others take over what
    one that was killed had begun. On SQLite one process works at a time. Raises ServiceError
    ``service.storage_unavailable`` when the database cannot be reached.
    """

    def __init__(self, address: Path | str) -> None:
        self._address = f"sqlite:///{address}" if isinstance(address, Path) else address
        self._postgres = make_url(self._address).get_backend_name() == "postgresql"
        self._id = uuid.uuid4().hex
        self._active: dict[str, float] = {}
        self._given_up: dict[str, float] = {}
        self._lock = threading.Lock()
        self._alive: psycopg.Connection[Any] | None = None
        self._run: Any = None
        self._swept = 0.0

    def start(self, work: Work) -> None:
        """Let this process work."""
        config: DBOSConfig = {
            "name": _APPLICATION,
            "system_database_url": self._address,
            "dbos_system_schema": "consilium_jobs",
            "application_version": _VERSION,
            "executor_id": self._id,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "CRITICAL",
            "enable_otlp": False,
            "use_listen_notify": False,
            "sys_db_pool_size": 2 * _AT_ONCE,
        }
        # Its words may quote values. What goes wrong is seen in the jobs themselves.
        logger = logging.getLogger("dbos")
        logger.setLevel(logging.CRITICAL)
        # It makes its own once and flushes it at every start, also when the stream is closed by then.
        logger.handlers.clear()
        try:
            self._live()
            DBOS(config=config)

            @DBOS.workflow(name="run", max_recovery_attempts=None)
            def run(run_id: str) -> None:
                self._work(work, run_id)

            self._run = run
            DBOS.launch()
            DBOS.register_queue(
                _QUEUE,
                worker_concurrency=_AT_ONCE,
                partition_concurrency=1,
                polling_interval_sec=_LOOK_EVERY,
                on_conflict="always_update",
            )
        # DBOS raises whatever its database does, and errors of its own.
        except Exception as error:
            self.stop()
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def enqueue(self, run_id: str, tenant: str) -> None:
        """Ask for a run, durably."""
        # Tenants are names that people gave; the queue needs only to tell them apart.
        part = hashlib.sha256(tenant.encode()).hexdigest()[:16]
        try:
            with SetWorkflowID(run_id), SetEnqueueOptions(queue_partition_key=part):
                DBOS.enqueue_workflow(_QUEUE, self._run, run_id)
        except Exception as error:
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def attended(self, run_ids: Sequence[str]) -> dict[str, bool]:
        """Say of each run whether somebody works on it; what dead processes had begun is given up first."""
        try:
            self._live()
            self._give_up_lost()
            found = DBOS.list_workflows(workflow_ids=[*run_ids, ""], load_input=False, load_output=False)
        except Exception as error:
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error
        return {status.workflow_id: status.status in _UNDER_WAY for status in found}

    def stop(self) -> None:
        """Let this process work no more."""
        deadline = time.monotonic() + _WAIT_TO_STOP
        while self._active and time.monotonic() < deadline:
            time.sleep(0.05)
        DBOS.destroy(destroy_registry=True)
        if self._alive is not None:
            self._alive.close()
            self._alive = None

    def _work(self, work: Work, run_id: str) -> None:
        with self._lock:
            self._active[run_id] = time.monotonic()
        try:
            work(run_id)
        finally:
            with self._lock:
                self._active.pop(run_id, None)

    def _give_up_lost(self) -> None:
        """Cancel runs whose process is gone, and runs of this one that no thread works on (the database was away)."""
        pending = DBOS.list_workflows(status="PENDING", queue_name=_QUEUE, load_input=False, load_output=False)
        owners = {str(status.executor_id) for status in pending}
        dead = {owner for owner in owners if owner != self._id and not self._lives(owner)}
        now = time.monotonic()
        with self._lock:
            mine = {s.workflow_id for s in pending if s.executor_id == self._id and s.workflow_id not in self._active}
        self._given_up = {run_id: self._given_up.get(run_id, now) for run_id in mine}
        lost = [run_id for run_id, since in self._given_up.items() if now - since > _LOST_AFTER]
        lost += [status.workflow_id for status in pending if str(status.executor_id) in dead]
        for run_id in lost:
            DBOS.cancel_workflow(run_id)
        if now - self._swept > _SWEEP_EVERY:
            self._swept = now
            before = datetime.now(UTC) - _KEPT
            ended = DBOS.list_workflows(
                status=list(_ENDED), queue_name=_QUEUE, completed_before=before.isoformat(), limit=_MOST_AT_ONCE,
                load_input=False, load_output=False,
            )  # fmt: skip
            if ended:
                DBOS.delete_workflows([status.workflow_id for status in ended])

    def _live(self) -> None:
        """Hold the lock that says that this process lives; a connection that broke is made anew."""
        if not self._postgres or (self._alive is not None and self._answers(self._alive)):
            return
        url = make_url(self._address).set(drivername="postgresql").render_as_string(hide_password=False)
        self._alive = psycopg.connect(url, autocommit=True, connect_timeout=5)
        self._alive.execute("SELECT pg_advisory_lock(%s, %s)", (_ALIVE, _number(self._id)))

    def _answers(self, connection: psycopg.Connection[Any]) -> bool:
        try:
            connection.execute("SELECT 1")
        except psycopg.Error:
            connection.close()
            return False
        return True

    def _lives(self, executor: str) -> bool:
        """Say whether another process lives: it does if its lock cannot be had. On SQLite no other one works."""
        if self._alive is None:
            return False
        key = (_ALIVE, _number(executor))
        row = self._alive.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone()
        if row and row[0]:
            self._alive.execute("SELECT pg_advisory_unlock(%s, %s)", key)
            return False
        return True


def _number(executor: str) -> int:
    """Return the number of an executor's lock: 31 bits of its id's digest."""
    return int.from_bytes(hashlib.sha256(executor.encode()).digest()[:4], "big") >> 1
