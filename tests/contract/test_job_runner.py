"""Runners of jobs: once each, tenants in turn, and nothing is lost with a process that is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.jobs.dbos_runner import DbosRunner
from domain.ports.job_runner import JobRunner
from tests.fakes.job_runner import FakeRunner

RUNNERS = ["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))]


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JobRunner]:
    made: JobRunner
    if request.param == "fake":
        made = FakeRunner()
    elif request.param == "sqlite":
        made = DbosRunner(tmp_path / "jobs.db")
    else:
        made = DbosRunner(request.getfixturevalue("postgres").new_database())
    yield made
    made.stop()


def eventually(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def test_a_run_that_is_asked_for_twice_is_called_once(runner: JobRunner) -> None:
    called: list[str] = []
    runner.start(called.append)
    for run_id in ("a.1", "a.1", "b.1", "a.1"):
        runner.enqueue(run_id, "acme")
    eventually(lambda: len(called) == 2)
    eventually(lambda: runner.attended(["a.1", "b.1"]) == {"a.1": False, "b.1": False})
    runner.enqueue("a.1", "acme")
    runner.enqueue("c.1", "acme")
    eventually(lambda: "c.1" in called)
    assert called == ["a.1", "b.1", "c.1"]


def test_a_run_is_attended_until_it_ends_and_one_never_asked_for_is_not_known(runner: JobRunner) -> None:
    go_on = threading.Event()
    runner.start(lambda _: assert_true(go_on.wait(20)))
    runner.enqueue("a.1", "acme")
    runner.enqueue("a.2", "acme")
    assert runner.attended(["a.1", "a.2", "x.1"]) == {"a.1": True, "a.2": True}
    go_on.set()
    eventually(lambda: runner.attended(["a.1", "a.2"]) == {"a.1": False, "a.2": False})


def test_a_run_that_raises_ends_and_the_next_one_comes(runner: JobRunner) -> None:
    called: list[str] = []

    def work(run_id: str) -> None:
        called.append(run_id)
        if run_id == "bad.1":
            raise RuntimeError

    runner.start(work)
    for run_id in ("bad.1", "good.1"):
        runner.enqueue(run_id, "acme")
    eventually(lambda: runner.attended(["bad.1", "good.1"]) == {"bad.1": False, "good.1": False})
    assert called == ["bad.1", "good.1"]


def test_many_runs_of_one_tenant_do_not_starve_one_of_another(runner: JobRunner) -> None:
    called: list[str] = []
    under_way: list[str] = []
    together: list[int] = []

    def work(run_id: str) -> None:
        under_way.append(run_id)
        together.append(sum(one.startswith("many") for one in under_way))
        time.sleep(0.02)
        under_way.remove(run_id)
        called.append(run_id)

    runner.start(work)
    for number in range(12):
        runner.enqueue(f"many{number:02}.1", "large")
    runner.enqueue("one.1", "small")
    eventually(lambda: len(called) == 13, 60)
    assert called.index("one.1") < 6
    assert max(together) == 1


def assert_true(value: object) -> None:
    assert value
