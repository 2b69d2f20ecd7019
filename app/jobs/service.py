"""Takes jobs in, works on them in slices, and lets people look at them, cancel them and retry what was set aside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from app.jobs.reindexing import Reindexing
from app.jobs.traces import JobTraces
from app.jobs.work import Handler, InterruptedWorkError, order_of
from app.lifecycle.erasure import ErasureService
from domain.callers import OWNER, Caller
from domain.erasure import Target
from domain.errors import ConsiliumError, PolicyUnavailableError, RequestError, ServiceError
from domain.jobs import Done, Job, JobItem, JobKind, JobState
from domain.ports.blob_store import BlobStore
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.job_runner import JobRunner
from domain.ports.jobs import Jobs
from domain.ports.steps import Steps
from ingestion.workflow import IngestRequest

# After so many items a job goes to the end of its tenant's queue, so that the tenant's other jobs get on as well.
_SLICE: Final = 16
# An item during which the process ended so often is what ends it.
_MOST_STARTS: Final = 8
_LOOK_EVERY: Final = 1.0  # seconds
_LONGEST_PAUSE: Final = 15.0  # seconds
# What waits for something that is away lets others have its place after so many tries.
_TRIES: Final = 4
PAGE: Final = 50
_Found = TypeVar("_Found")


@dataclass(slots=True, kw_only=True)
class JobService:
    """Durable work. What was acknowledged is done, once, whatever process dies in between.

    A job is rows in the catalogue's database, written in one transaction before it is acknowledged; the runner only
    calls for work on it. What it may have missed (the process ended in between, the database was away) is asked for
    again by a look at all open jobs, once a second in each process that works.
    """

    jobs: Jobs
    runner: JobRunner
    handlers: Mapping[JobKind, Handler]
    blobs: BlobStore
    traces: JobTraces
    erasures: ErasureService
    reindexing: Reindexing
    clock: Clock
    ids: Ids
    steps: Steps
    _stopped: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)
    _watching: threading.Thread | None = None

    def start(self) -> None:
        """Let this process work on jobs, and begin with what another one left. Raises ServiceError."""
        self._stopped.clear()
        self.runner.start(self.work)
        if self.reindexing.due and all(job.kind is not JobKind.REINDEXING for job in self.jobs.open()):
            self.reindex(OWNER)
        self._ask_again()
        self._watching = threading.Thread(target=self._watch, name="consilium-jobs")
        self._watching.start()

    def stop(self) -> None:
        """Stop after the item under way; the next start goes on."""
        if self._watching is None:
            return
        self._stopped.set()
        self.reindexing.stop()
        self._wake.set()
        self._watching.join()
        self._watching = None
        self.runner.stop()

    def ingest(self, files: Sequence[tuple[str, bytes]], request: IngestRequest, caller: Caller) -> Job:
        """Take files in: their bytes are durable before the job is, and the job before this returns."""
        items = []
        for number, (name, content) in enumerate(files):
            digest = self.blobs.put(content)
            items.append(JobItem(number=number, digest=digest, order=order_of(name, request)))
        self.steps.reached("ingestion.kept")
        with self.traces.apart():
            # Once more: until the job is recorded nobody is known to need them, and they may have been tidied away.
            for _, content in files:
                self.blobs.put(content)
            return self.submit(JobKind.INGESTION, items, request.labels.tenant, caller)

    def erase(self, target: Target, caller: Caller, *, shared: bool = False) -> Job:
        """Take an erasure in. Raises RequestError ``request.not_found`` when nothing is known by that id."""
        erasure_id = self.erasures.order(target, shared=shared)
        item = JobItem(number=0, order={"erasure_id": erasure_id})
        return self.submit(JobKind.ERASURE, [item], target.tenant, caller)

    def reindex(self, caller: Caller) -> Job:
        """Take in that a new index is made beside the one that answers, with the encoder that is set."""
        return self.submit(JobKind.REINDEXING, [JobItem(number=0)], caller.tenant, caller)

    def submit(self, kind: JobKind, items: Sequence[JobItem], tenant: str, caller: Caller) -> Job:
        """Take any job in and return it; it is durable then. Raises ServiceError when it is not."""
        now = self.clock.now().isoformat()
        job = Job(
            id=self.ids.new("j"), tenant=tenant, owner=caller.id, kind=kind, created_at=now, changed_at=now,
            items=len(items),
        )  # fmt: skip
        self.jobs.add(job, items)
        self._reached(job, "recorded")
        self._ask(job)
        self._reached(job, "enqueued")
        return job

    def find(self, job_id: str) -> Job:
        """Return a job. Raises RequestError ``request.not_found``."""
        job = self.jobs.job(job_id)
        if job is None:
            raise RequestError("request.not_found", "job")
        return job

    def cancel(self, job_id: str) -> Job:
        """Cancel what of a job is not done yet; the item under way may still end. Bytes nobody needs are removed."""
        job = self.find(job_id)
        if job.open or job.aside:
            self.traces.drop(self.jobs.cancel(job_id, self.clock.now().isoformat()))
        return self.find(job_id)

    def retry(self, job_id: str) -> Job:
        """Try again what was set aside. Raises RequestError ``request.invalid`` when nothing was."""
        self.find(job_id)
        if not self.jobs.retry(job_id, self.clock.now().isoformat()):
            raise RequestError("request.invalid", "nothing of this job was set aside")
        job = self.find(job_id)
        self._ask(job)
        return job

    def work(self, run_id: str) -> None:
        """Work on a slice of a job. Called by the runner; raises nothing that a retry could mend."""
        job_id, _, number = run_id.rpartition(".")
        job = self._patiently(lambda: self.jobs.job(job_id))
        if job is None or not job.open or job.run_id != run_id:
            return
        self._patiently(lambda: self.jobs.change(job.id, JobState.RUNNING, self._now()))
        self._reached(job, "started")
        for _ in range(_SLICE):
            if self._stopped.is_set():
                return
            item = self._patiently(lambda: self.jobs.take(job.id, int(number)))
            if item is None:
                self._patiently(lambda: self._finish(job, int(number)))
                return
            self._reached(job, "taken")
            if not self._do(job, item):
                break
        if self._patiently(lambda: self.jobs.next_run(job.id, int(number))):
            self._wake.set()

    def _finish(self, job: Job, run: int) -> None:
        now = self.jobs.job(job.id)
        if now and now.open and now.run == run:
            self.jobs.change(job.id, JobState.DONE, self._now())
            self._reached(job, "ended")

    def _do(self, job: Job, item: JobItem) -> bool:
        """Bring one item to its end; False when it has to wait for something that is away, or stopped in the middle.

        An error of the item's own sets it aside.
        """
        pause = 0.5
        for _ in range(_TRIES):
            try:
                self._try(job, item)
                break
            except (ServiceError, PolicyUnavailableError) as error:
                self._note(job, item, error.code)
            except InterruptedWorkError:
                self._patiently(lambda: self.jobs.give_back(job.id, item.number))
                return False
            if self._stopped.wait(pause):
                return False
            pause *= 2
        else:
            return False
        self._reached(job, "item_ended")
        if item.digest:
            self._patiently(lambda: self._drop_if_cancelled(job, item))
        return True

    def _drop_if_cancelled(self, job: Job, item: JobItem) -> None:
        now = self.jobs.job(job.id)
        if now is None or now.state is JobState.CANCELLED:
            self.traces.drop([item.digest])

    def _try(self, job: Job, item: JobItem) -> None:
        code: str | None = None
        done = Done()
        try:
            if item.starts > _MOST_STARTS:
                code = "service.internal"
            else:
                done = self.handlers[job.kind](job, item)
        except (ServiceError, PolicyUnavailableError, InterruptedWorkError):
            raise
        except ConsiliumError as error:
            code = error.code
        # Whatever an item does to its reader or to us, the others go on.
        except Exception:  # noqa: BLE001
            code = "service.internal"
        if code:
            self.jobs.set_aside(job.id, item.number, code)
        else:
            self.jobs.end_item(job.id, item.number, done)
        self.jobs.trouble(job.id, None)

    def _note(self, job: Job, item: JobItem, code: str) -> None:
        """Say what the job waits for, if that can be written; the item is not to blame."""
        with suppress(ServiceError):
            self.jobs.trouble(job.id, code)
            self.jobs.give_back(job.id, item.number)

    def _patiently(self, call: Callable[[], _Found]) -> _Found | None:
        """Return what a call to the store returns, however long the store is away; nothing when work stops."""
        pause = 0.5
        while True:
            try:
                return call()
            except ServiceError:
                if self._stopped.wait(pause):
                    return None
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _ask(self, job: Job) -> None:
        """Ask the runner for a job's slice; where that fails, or this process does not work, the job is seen later."""
        if self._watching is not None:
            with suppress(ServiceError):
                self.runner.enqueue(job.run_id, _part(job))

    def _watch(self) -> None:
        while True:
            self._wake.wait(_LOOK_EVERY)
            if self._stopped.is_set():
                return
            self._wake.clear()
            with suppress(ServiceError):
                self._ask_again()

    def _ask_again(self) -> None:
        """Ask for every open job's slice that nobody works on: a new one where the last one ended too early."""
        waiting = self.jobs.open()
        attended = self.runner.attended([job.run_id for job in waiting])
        for job in waiting:
            if attended.get(job.run_id):
                continue
            current = self.jobs.next_run(job.id, job.run) if job.run_id in attended else job
            if current:
                self.runner.enqueue(current.run_id, _part(current))

    def _now(self) -> str:
        return self.clock.now().isoformat()

    def _reached(self, job: Job, step: str) -> None:
        if job.kind in (JobKind.INGESTION, JobKind.ERASURE):
            self.steps.reached(f"{job.kind.value}.{step}")


def _part(job: Job) -> str:
    """Return whose turn a job waits for: its tenant's, but that of nobody for what may take hours and is of all."""
    return "\0reindexing" if job.kind is JobKind.REINDEXING else job.tenant
