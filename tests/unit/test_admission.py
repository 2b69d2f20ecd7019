"""Turns: bounded, fair, and given back whatever happens."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.api.admission import Admission, Lane, NoTurnError, lane_of
from app.api.allowance import STATE, Admitted, Allowance
from app.api.authentication import CALLER
from app.operating.metrics import Metrics
from app.settings import load_settings
from app.system import SystemClock
from domain.callers import Caller, Role


async def hold(lane: Lane, who: str, done: asyncio.Event, order: list[str]) -> None:
    async with lane.turn(who):
        order.append(who)
        await done.wait()


def test_so_many_run_so_many_wait_and_the_next_is_sent_away() -> None:
    async def run() -> None:
        lane, done, order = Lane(running=3, waiting=1, seconds=5), asyncio.Event(), list[str]()
        tasks = [asyncio.create_task(hold(lane, "a", done, order)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(NoTurnError):
            async with lane.turn("a"):
                raise AssertionError
        assert order == ["a", "a"]
        done.set()
        await asyncio.gather(*tasks)
        assert order == ["a", "a", "a"]
        async with lane.turn("a"), lane.turn("a"):
            pass

    asyncio.run(run())


def test_one_caller_never_has_all_turns() -> None:
    async def run() -> None:
        lane, done, order = Lane(running=3, waiting=9, seconds=5), asyncio.Event(), list[str]()
        flood = [asyncio.create_task(hold(lane, "flood", done, order)) for _ in range(5)]
        await asyncio.sleep(0)
        other = asyncio.create_task(hold(lane, "other", done, order))
        await asyncio.sleep(0)
        assert order == ["flood", "flood", "other"]
        done.set()
        await asyncio.gather(*flood, other)
        assert order == ["flood", "flood", "other", "flood", "flood", "flood"]

    asyncio.run(run())


def test_turns_go_round_by_who_asks_and_the_one_with_most_waiting_makes_room() -> None:
    async def run() -> None:
        lane, done, order = Lane(running=1, waiting=3, seconds=5), asyncio.Event(), list[str]()
        flood = [asyncio.create_task(hold(lane, "flood", done, order)) for _ in range(4)]
        await asyncio.sleep(0)
        other = asyncio.create_task(hold(lane, "other", done, order))
        await asyncio.sleep(0)
        done.set()
        ended = await asyncio.gather(*flood, other, return_exceptions=True)
        assert [isinstance(end, NoTurnError) for end in ended] == [False, False, False, True, False]
        assert order == ["flood", "flood", "other", "flood"]

    asyncio.run(run())


def test_who_waits_too_long_is_sent_away_and_leaves_no_trace() -> None:
    async def run() -> None:
        lane, done, order = Lane(running=1, waiting=3, seconds=0.02), asyncio.Event(), list[str]()
        first = asyncio.create_task(hold(lane, "a", done, order))
        await asyncio.sleep(0)
        with pytest.raises(NoTurnError):
            async with lane.turn("b"):
                raise AssertionError
        done.set()
        await first
        async with lane.turn("b"):
            order.append("b")
        assert order == ["a", "b"]

    asyncio.run(run())


def test_a_turn_comes_back_when_its_holder_or_a_waiting_one_is_cancelled() -> None:
    async def run() -> None:
        lane, done, order = Lane(running=1, waiting=3, seconds=5), asyncio.Event(), list[str]()
        tasks = [asyncio.create_task(hold(lane, who, done, order)) for who in "abc"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        tasks[0].cancel()
        await asyncio.sleep(0)
        done.set()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        assert order == ["a", "c"]
        async with lane.turn("d"):
            pass

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("POST", "/v1/answers", "answers"),
        ("POST", "/v1/chat/completions", "answers"),
        ("POST", "/v1/documents", "uploads"),
        ("POST", "/v1/readings", "uploads"),
        ("POST", "/v1/backups", "upkeep"),
        ("GET", "/v1/documents", "lookups"),
        ("DELETE", "/v1/documents/d1", "lookups"),
        ("GET", "/scim/v2/Users", "lookups"),
        ("POST", "/v1/identity/tokens", "lookups"),
        ("GET", "/healthz", None),
        ("GET", "/readyz", None),
    ],
)
def test_each_kind_of_work_has_its_turns_and_health_needs_none(method: str, path: str, lane: str | None) -> None:
    assert lane_of({"type": "http", "method": method, "path": path}) == lane


def test_who_has_much_under_way_is_told_to_come_back_later() -> None:
    settings = load_settings(rate_per_minute=0, concurrency_per_caller=16)
    busy, quiet = (Caller(id=name, tenant="elm", roles=frozenset({Role.PROFESSIONAL})) for name in ("busy", "quiet"))

    async def run() -> list[tuple[str, str]]:
        done, told = asyncio.Event(), list[tuple[str, str]]()

        async def working(scope: Scope, receive: Receive, send: Send) -> None:
            del scope, receive, send
            await done.wait()

        door = Admission(working, settings=settings, allowance=Allowance(settings, SystemClock()), metrics=Metrics())

        async def ask(caller: Caller) -> None:
            async def receive() -> Message:
                return {"type": "http.disconnect"}

            async def send(message: Message) -> None:
                del message

            own = Admitted(receive)
            scope = {"type": "http", "method": "POST", "path": "/v1/answers", "headers": [], CALLER: caller, STATE: own}
            await door(scope, receive, send)
            if own.headers:
                told.append((caller.id, own.headers["Retry-After"]))

        waiting = [asyncio.create_task(ask(busy)) for _ in range(16)]
        await asyncio.sleep(0)
        await ask(busy)
        await ask(busy)
        waiting.append(asyncio.create_task(ask(quiet)))
        await asyncio.sleep(0)
        done.set()
        await asyncio.gather(*waiting)
        return told

    assert asyncio.run(run()) == [("busy", "6"), ("busy", "9")]
