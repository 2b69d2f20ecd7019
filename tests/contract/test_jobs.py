"""The record of jobs on both databases."""

from __future__ import annotations

import pytest

from app.store.database import Database
from app.store.jobs import SqlJobs
from domain.jobs import Done, ItemState, Job, JobItem, JobKind, JobState

NOW, LATER = "2026-05-01T00:00:00+00:00", "2026-05-02T00:00:00+00:00"


@pytest.fixture
def jobs(database: Database) -> SqlJobs:
    return SqlJobs(database)


def job(name: str = "j_1", tenant: str = "acme", at: str = NOW) -> Job:
    return Job(id=name, tenant=tenant, owner="ann", kind=JobKind.INGESTION, created_at=at, changed_at=at)


def items(count: int) -> list[JobItem]:
    return [
        JobItem(number=n, digest=f"{n:064}", order={"name": f"{n}.txt", "collection": "c", "subject": f"s{n}"})
        for n in range(count)
    ]


def test_items_are_taken_in_order_and_end_without_what_they_were_ordered_by(jobs: SqlJobs) -> None:
    jobs.add(job(), items(2))
    jobs.add(job(), items(2))
    first = jobs.take("j_1", 1)
    assert first is not None
    assert (first.number, first.starts, first.order["name"]) == (0, 1, "0.txt")
    jobs.end_item("j_1", 0, Done(document_ids=("d_1",), passages=3))
    second = jobs.take("j_1", 1)
    assert second is not None
    assert second.number == 1
    jobs.set_aside("j_1", 1, "document.empty")
    assert jobs.take("j_1", 1) is None
    done, aside = jobs.items("j_1")
    assert (done.state, done.order, done.document_ids, done.passages) == (ItemState.DONE, {}, ("d_1",), 3)
    assert (aside.state, aside.code, aside.order["name"]) == (ItemState.ASIDE, "document.empty", "1.txt")
    found = jobs.job("j_1")
    assert found is not None
    assert (found.items, found.done, found.aside, found.open) == (2, 1, 1, True)


def test_an_item_counts_each_start_that_did_not_come_to_an_end(jobs: SqlJobs) -> None:
    jobs.add(job(), items(1))
    assert [item.starts for _ in range(3) if (item := jobs.take("j_1", 1))] == [1, 2, 3]
    jobs.give_back("j_1", 0)
    assert jobs.items("j_1")[0].starts == 0


def test_only_one_slice_of_a_job_gets_items(jobs: SqlJobs) -> None:
    jobs.add(job(), items(1))
    following = jobs.next_run("j_1", 1)
    assert following is not None
    assert following.run_id == "j_1.2"
    assert jobs.next_run("j_1", 1) is None
    assert jobs.take("j_1", 1) is None
    assert jobs.take("j_1", 2) is not None


def test_a_job_that_ended_is_not_open_and_changes_no_more(jobs: SqlJobs) -> None:
    for name in ("j_1", "j_2"):
        jobs.add(job(name), [])
    jobs.change("j_1", JobState.DONE, LATER)
    jobs.change("j_1", JobState.RUNNING, LATER)
    assert [one.id for one in jobs.open()] == ["j_2"]
    jobs.trouble("j_2", "service.storage_unavailable")
    found = jobs.job("j_2")
    assert found is not None
    assert found.trouble == "service.storage_unavailable"


def test_a_cancelled_job_gives_its_digests_back_and_what_was_aside_can_be_retried(jobs: SqlJobs) -> None:
    for name in ("j_1", "j_2"):
        jobs.add(job(name), items(2))
        jobs.take(name, 1)
        jobs.set_aside(name, 0, "document.empty")
    assert jobs.digests_needed([f"{0:064}", f"{7:064}"]) == {f"{0:064}"}
    under_way = jobs.take("j_2", 1)
    assert under_way is not None
    assert jobs.cancel("j_1", LATER) == [f"{0:064}", f"{1:064}"]
    assert [item.state for item in jobs.items("j_1")] == [ItemState.CANCELLED, ItemState.CANCELLED]
    assert jobs.take("j_1", 1) is None
    assert jobs.retry("j_1", LATER) == 0
    jobs.change("j_2", JobState.DONE, LATER)
    assert jobs.retry("j_2", LATER) == 1
    again = jobs.job("j_2")
    assert again is not None
    assert (again.state, again.run, again.aside) == (JobState.QUEUED, 2, 0)
    assert jobs.take("j_2", 2) is not None
    assert jobs.cancel("j_2", LATER) == []


def test_jobs_are_listed_by_tenant_newest_first_and_page_by_page(jobs: SqlJobs) -> None:
    for name, tenant, at in (("j_1", "acme", NOW), ("j_2", "acme", LATER), ("j_3", "acme", LATER), ("j_4", "b", NOW)):
        jobs.add(job(name, tenant, at), [])
    assert [one.id for one in jobs.all("acme", limit=2)] == ["j_3", "j_2"]
    assert [one.id for one in jobs.all("acme", limit=2, before="j_2")] == ["j_1"]


def test_erased_subjects_and_documents_are_forgotten_in_their_own_tenant_only(jobs: SqlJobs) -> None:
    for name, tenant in (("j_1", "acme"), ("j_2", "b")):
        jobs.add(job(name, tenant), items(3))
        jobs.take(name, 1)
        jobs.end_item(name, 0, Done(document_ids=("d_1",), passages=1))
    assert jobs.waits("j_1", 1)
    assert jobs.forget("acme", ["s1"], ["d_1"]) == (2, [f"{1:064}"])
    assert [jobs.waits("j_1", number) for number in range(4)] == [False, False, True, False]
    assert jobs.waits("j_2", 1)
    assert [(item.state, item.digest) for item in jobs.items("j_1")] == [
        (ItemState.DONE, ""), (ItemState.CANCELLED, ""), (ItemState.WAITING, f"{2:064}")
    ]  # fmt: skip
    assert jobs.items("j_1")[0].document_ids == ()
    assert jobs.items("j_2")[1].order["subject"] == "s1"
