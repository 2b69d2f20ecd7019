"""Jobs in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, and_, func, insert, select, update

from app.store.database import Database
from app.store.tables import job_items, jobs
from domain.jobs import Done, ItemState, Job, JobItem, JobKind, JobState

_OPEN: Final = (JobState.QUEUED.value, JobState.RUNNING.value)
_NEEDED: Final = (ItemState.WAITING.value, ItemState.ASIDE.value)


class SqlJobs:
    """Implements :class:`domain.ports.jobs.Jobs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: Job, items: Sequence[JobItem]) -> None:
        """Remember a job with its items durably."""
        with self._database.write() as connection:
            if connection.execute(select(jobs.c.id).where(jobs.c.id == job.id)).first():
                return
            connection.execute(
                insert(jobs).values(
                    id=job.id, tenant=job.tenant, owner=job.owner, kind=job.kind.value, state=job.state.value,
                    run=job.run, trouble=job.trouble, created_at=job.created_at, changed_at=job.changed_at,
                )
            )  # fmt: skip
            if items:
                connection.execute(insert(job_items), [_item_row(job.id, item) for item in items])

    def job(self, job_id: str) -> Job | None:
        """Return a job."""
        found = self._found(select(jobs).where(jobs.c.id == job_id))
        return found[0] if found else None

    def all(self, tenant: str, *, limit: int, before: str | None = None) -> list[Job]:
        """Return the newest jobs of a tenant, newest first."""
        query = select(jobs).where(jobs.c.tenant == tenant)
        last = self.job(before) if before else None
        if last:
            later = and_(jobs.c.created_at == last.created_at, jobs.c.id < last.id)
            query = query.where((jobs.c.created_at < last.created_at) | later)
        return self._found(query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit))

    def open(self) -> list[Job]:
        """Return the jobs that are not at their end, oldest first."""
        return self._found(select(jobs).where(jobs.c.state.in_(_OPEN)).order_by(jobs.c.created_at, jobs.c.id))

    def items(self, job_id: str) -> list[JobItem]:
        """Return the items of a job, in order."""
        query = select(job_items).where(job_items.c.job_id == job_id).order_by(job_items.c.number)
        return [_item(row) for row in self._database.rows(query)]

    def waits(self, job_id: str, number: int) -> bool:
        """Say whether an item still waits."""
        query = select(job_items.c.state).where(_is(job_id, number), job_items.c.state == ItemState.WAITING.value)
        return bool(self._database.rows(query))

    def take(self, job_id: str, run: int) -> JobItem | None:
        """Return the first item that waits, with one start more."""
        query = (
            select(job_items)
            .join(jobs, jobs.c.id == job_items.c.job_id)
            .where(jobs.c.id == job_id, jobs.c.run == run, jobs.c.state.in_(_OPEN))
            .where(job_items.c.state == ItemState.WAITING.value)
            .order_by(job_items.c.number)
            .limit(1)
        )
        with self._database.write() as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            starts = row["starts"] + 1
            connection.execute(update(job_items).where(_is(job_id, row["number"])).values(starts=starts))
        return _item({**row, "starts": starts})

    def end_item(self, job_id: str, number: int, done: Done) -> None:
        """Remember how a waiting item ended and forget what it was ordered by."""
        self._change_item(
            job_id, number, state=ItemState.DONE.value, ordered="{}", code=done.code, passages=done.passages,
            document_ids=json.dumps(done.document_ids),
        )  # fmt: skip

    def set_aside(self, job_id: str, number: int, code: str) -> None:
        """Put a waiting item aside with the code of why."""
        self._change_item(job_id, number, state=ItemState.ASIDE.value, code=code)

    def give_back(self, job_id: str, number: int) -> None:
        """Take a start back."""
        self._change_item(job_id, number, starts=0)

    def next_run(self, job_id: str, run: int) -> Job | None:
        """Let the job be worked on in a new slice."""
        with self._database.write() as connection:
            changed = connection.execute(
                update(jobs).where(jobs.c.id == job_id, jobs.c.run == run, jobs.c.state.in_(_OPEN)).values(run=run + 1)
            )
        return self.job(job_id) if changed.rowcount else None

    def change(self, job_id: str, state: JobState, now: str) -> None:
        """Change the state of an open job."""
        ended: dict[str, object] = {} if state is JobState.RUNNING else {"trouble": None}
        self._change_open(job_id, state=state.value, changed_at=now, **ended)

    def trouble(self, job_id: str, code: str | None) -> None:
        """Say what an open job waits for."""
        self._change_open(job_id, trouble=code)

    def cancel(self, job_id: str, now: str) -> list[str]:
        """Cancel a job and what waits or is set aside of it; bytes of the item under way may just be needed."""
        idle = (job_items.c.state == ItemState.ASIDE.value) | (job_items.c.starts == 0)
        needed = and_(job_items.c.job_id == job_id, job_items.c.state.in_(_NEEDED))
        of = select(job_items.c.digest).where(needed, idle)
        with self._database.write() as connection:
            digests = [row[0] for row in connection.execute(of.order_by(job_items.c.number)) if row[0]]
            connection.execute(update(job_items).where(needed).values(state=ItemState.CANCELLED.value, ordered="{}"))
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id)
                .values(state=JobState.CANCELLED.value, changed_at=now, trouble=None)
            )
        return digests

    def retry(self, job_id: str, now: str) -> int:
        """Let everything that was set aside wait again, in a new slice."""
        aside = and_(job_items.c.job_id == job_id, job_items.c.state == ItemState.ASIDE.value)
        with self._database.write() as connection:
            waiting = {"state": ItemState.WAITING.value, "code": None, "starts": 0}
            count = connection.execute(update(job_items).where(aside).values(waiting)).rowcount
            if count:
                again = {"state": JobState.QUEUED.value, "changed_at": now, "run": jobs.c.run + 1}
                connection.execute(update(jobs).where(jobs.c.id == job_id).values(again))
        return count

    def digests_needed(self, digests: Sequence[str]) -> set[str]:
        """Return which of these digests a waiting or set aside item names."""
        query = select(job_items.c.digest).where(job_items.c.digest.in_(list(digests)), job_items.c.state.in_(_NEEDED))
        return {row["digest"] for row in self._database.rows(query)}

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> tuple[int, list[str]]:
        """Forget what items say of these subjects and documents; what waits for them is cancelled."""
        query = select(job_items).join(jobs, jobs.c.id == job_items.c.job_id).where(jobs.c.tenant == tenant)
        count, digests = 0, []
        with self._database.write() as connection:
            for row in connection.execute(query).mappings().all():
                item = _item(row)
                led = set(item.document_ids) & set(document_ids)
                if not led and item.order.get("subject") not in subjects:
                    continue
                count += 1
                values: dict[str, Any] = {"ordered": "{}", "document_ids": "[]", "digest": ""}
                if item.state.value in _NEEDED:
                    values["state"] = ItemState.CANCELLED.value
                    digests += [item.digest] if item.digest else []
                connection.execute(update(job_items).where(_is(row["job_id"], item.number)).values(values))
        return count, digests

    def _change_item(self, job_id: str, number: int, **values: object) -> None:
        waits = job_items.c.state == ItemState.WAITING.value
        with self._database.write() as connection:
            connection.execute(update(job_items).where(_is(job_id, number), waits).values(values))

    def _change_open(self, job_id: str, **values: object) -> None:
        with self._database.write() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(_OPEN)).values(values))

    def _found(self, query: Any) -> list[Job]:
        rows = self._database.rows(query)
        if not rows:
            return []
        of = job_items.c.job_id.in_([row["id"] for row in rows])
        counted = (
            select(job_items.c.job_id, job_items.c.state, func.count().label("many"))
            .where(of)
            .group_by(job_items.c.job_id, job_items.c.state)
        )
        counts: dict[str, dict[str, int]] = {}
        for row in self._database.rows(counted):
            counts.setdefault(row["job_id"], {})[row["state"]] = row["many"]
        return [_job(row, counts.get(row["id"], {})) for row in rows]


def _is(job_id: str, number: int) -> Any:
    return and_(job_items.c.job_id == job_id, job_items.c.number == number)


def _job(row: RowMapping, counts: Mapping[str, int]) -> Job:
    return Job(
        id=row["id"],
        tenant=row["tenant"],
        owner=row["owner"],
        kind=JobKind(row["kind"]),
        state=JobState(row["state"]),
        run=row["run"],
        trouble=row["trouble"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        items=sum(counts.values()),
        done=counts.get(ItemState.DONE.value, 0),
        aside=counts.get(ItemState.ASIDE.value, 0),
        cancelled=counts.get(ItemState.CANCELLED.value, 0),
    )


def _item_row(job_id: str, item: JobItem) -> dict[str, object]:
    return {
        "job_id": job_id,
        "number": item.number,
        "state": item.state.value,
        "digest": item.digest,
        "ordered": json.dumps(dict(item.order), ensure_ascii=False),
        "code": item.code,
        "starts": item.starts,
        "document_ids": json.dumps(item.document_ids),
        "passages": item.passages,
    }


def _item(row: Mapping[str, Any] | RowMapping) -> JobItem:
    return JobItem(
        number=row["number"],
        state=ItemState(row["state"]),
        digest=row["digest"],
        order=json.loads(row["ordered"]),
        code=row["code"],
        starts=row["starts"],
        document_ids=tuple(json.loads(row["document_ids"])),
        passages=row["passages"],
    )
