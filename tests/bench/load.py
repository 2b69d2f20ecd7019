"""Bar 8: the server under load, a real process with the extractive drafter over the samples.

Each asker has an API key of their own, and is a member of the sample patients and matters; so has who floods.
``python -m tests.bench.load --part askers|overload|soak|overhead`` measures one part, without ``--part`` all of them:

* ``overhead``: each question by HTTP and by calling the pipeline directly, in turn;
* ``askers``: 50 askers at one time;
* ``overload``: the same 50 alone, and again while ten times as many requests of one other caller want in;
* ``soak``: four askers for ``--soak-minutes``, and how the memory of the server and its children grows.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import operator
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from app.bootstrap import Consilium, build
from app.cli.demo import LABELS, SAMPLES
from app.cli.door import LocalDoor, running_server
from app.requests import AskBody
from app.settings import load_settings
from domain.access import CALLER, SUBJECT, Membership, Relation
from domain.callers import OWNER, Role
from tests.bench.http_client import Client
from tests.bench.record import record

JSON = dict[str, Any]
ASKERS: Final = 50
ANSWERS: Final = 2_000
TIMES: Final = 10
DIRECT: Final = 100
ROUNDS: Final = 8
SAMPLE_SECONDS: Final = 5.0
SOAK_MINUTES: Final = 20.0
OK, TOO_MANY, SERVER_ERROR = 200, 429, 500
PARTS: Final = ("overhead", "askers", "overload", "soak")
# what must hold: (figure, most)
BARS: Final = (
    ("askers_errors", 0),
    ("overload_server_errors", 0),
    ("overload_other_errors", 0),
    ("overload_others_refused", 0),
    ("overload_others_p95_over_alone", 1.5),
    ("overhead_p50_share", 0.25),
    ("added_over_direct_without_a_break", 0.25),
    ("soak_errors", 0),
    ("soak_growth_mib_per_minute", 1.0),
)


@dataclass(slots=True)
class Tally:
    """What came back, and how long each answer took in milliseconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    answered: list[float] = field(default_factory=list)

    def add(self, status: int, seconds: float) -> None:
        """Count a reply."""
        self.statuses[status] += 1
        if status == OK:
            self.answered.append(seconds * 1000)

    @property
    def errors(self) -> int:
        """Return how many replies were neither an answer nor "too many"."""
        return sum(n for status, n in self.statuses.items() if status not in {OK, TOO_MANY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The questions of the samples, the keys of those who ask, and that of who floods."""

    home: Path
    bodies: list[JSON]
    keys: list[str]
    flood: str


def main() -> int:
    """Measure and record; returns how many bars were missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=PARTS, help="may be given several times")
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--soak-minutes", type=float, default=SOAK_MINUTES)
    order = parser.parse_args()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        at = prepare(Path(folder) / "served")
        for part in order.part or PARTS:
            figures = measured(part, at, order.answers, order.soak_minutes)
            record(f"load-{part}", {key: round(value, 3) for key, value in figures.items()})
            missed += [name for name, most in BARS if figures.get(name, 0) > most]
    for name in missed:
        sys.stdout.write(f"MISSED: {name}\n")
    return len(missed)


def measured(part: str, at: Prepared, answers: int, minutes: float) -> dict[str, float]:
    """Return the figures of a part, each on a server that was started for it."""
    if part == "overhead":
        return overhead(at)
    with served(at.home, CONSILIUM_RATE_PER_MINUTE="0") as (port, pid):
        if part == "askers":
            return asyncio.run(askers(port, at, answers))
        if part == "overload":
            return asyncio.run(overload(port, at, answers))
        return asyncio.run(soak(port, pid, at, minutes))


def prepare(home: Path) -> Prepared:
    """Ingest the samples, make keys, and return them with the questions."""
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    bodies = [{key: value for key, value in item.items() if key != "shows"} for item in manifest["questions"]]
    subjects = sorted({subject for body in bodies for subject in body.get("subjects", ())})
    with build(load_settings(home=home)) as consilium:
        door = LocalDoor(consilium)
        for item in manifest["documents"]:
            options = {key: item[key] for key in LABELS if key in item}
            list(door.ingest([SAMPLES / "files" / item["file"]], options))
        keys = [_key(consilium, f"asker {number}", subjects) for number in range(ASKERS)]
        return Prepared(home=home, bodies=bodies, keys=keys, flood=_key(consilium, "flood", subjects))


def _key(consilium: Consilium, name: str, subjects: Sequence[str]) -> str:
    """Return a key for a professional who is a member of the subjects."""
    key, text = consilium.keys.create(OWNER, name=name, tenant="default", roles=[Role.PROFESSIONAL])
    for subject in subjects:
        member = Membership(
            id="", tenant="default", kind=SUBJECT, target=subject, relation=Relation.MEMBER, party_kind=CALLER,
            party=key.id,
        )  # fmt: skip
        consilium.memberships.add(OWNER, member)
    return text


def overhead(at: Prepared) -> dict[str, float]:
    """Return what serving adds to an answer, each question called directly and by HTTP in turn.

    In turn, since the machine's speed changes by a third within minutes. Two processes that take turns each find the
    processor's caches filled by the other, so what is added is set against direct calls without a break too.
    """
    here = at.home.with_name("direct")
    shutil.copytree(at.home, here)
    alone: list[float] = []
    calls: list[float] = []
    requests: list[float] = []
    with (
        served(at.home, CONSILIUM_RATE_PER_MINUTE="0") as (port, _),
        build(load_settings(home=here)) as consilium,
    ):
        caller = consilium.keys.caller_of(at.keys[0])

        def directly(body: JSON) -> float:
            started = time.perf_counter()
            consilium.answers.answer(AskBody.model_validate(body).to_question(consilium, caller))
            return (time.perf_counter() - started) * 1000

        for _ in range(ROUNDS):
            bodies = list(itertools.islice(itertools.cycle(at.bodies), DIRECT))
            alone += [directly(body) for body in bodies][len(at.bodies) :]
            pairs = asyncio.run(in_turn(port, at.keys[0], bodies, directly))[len(at.bodies) :]
            calls += [direct for direct, _ in pairs]
            requests += [reply for _, reply in pairs]
    direct, added = statistics.median(calls), statistics.median(map(operator.sub, requests, calls))
    return {
        "direct_p50_ms": direct,
        "served_p50_ms": statistics.median(requests),
        "overhead_p50_share": statistics.median(requests) / direct - 1,
        "added_p50_ms": added,
        "direct_without_a_break_p50_ms": statistics.median(alone),
        "added_over_direct_without_a_break": added / statistics.median(alone),
    }


async def in_turn(
    port: int, key: str, bodies: Sequence[JSON], directly: Callable[[JSON], float]
) -> list[tuple[float, float]]:
    """Return the milliseconds of each answer, called directly and then by HTTP, while nobody else asks."""
    found = []
    async with Client(port, key) as client:
        for body in bodies:
            direct = directly(body)
            started = time.perf_counter()
            reply = await client.post("/v1/answers", body)
            found.append((direct, (time.perf_counter() - started) * 1000))
            assert reply.status == OK, reply.status
    return found


@contextmanager
def served(home: Path, **environment: str) -> Iterator[tuple[int, int]]:
    """Serve the store in a process of its own; yield its port and its process id."""
    settings = load_settings(home=home)
    command = [sys.executable, "-m", "app.cli.main", "serve", "--home", str(home), "--port", "0"]
    with (
        (home / "serve.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environment}) as server,
    ):
        try:
            while (url := running_server(settings)) is None:
                if server.poll() is not None:
                    message = f"the server ended with {server.returncode}"
                    raise RuntimeError(message)
                time.sleep(0.2)
            yield urlsplit(url).port or 0, server.pid
        finally:
            server.terminate()
            server.wait(60)


async def askers(port: int, at: Prepared, answers: int) -> dict[str, float]:
    """Return the figures of 50 askers."""
    tally = Tally()
    seconds = await ask_all(port, at, answers, tally)
    return {
        "askers_answers": len(tally.answered),
        "askers_errors": sum(tally.statuses.values()) - len(tally.answered),
        "askers_per_s": len(tally.answered) / seconds,
        "askers_p50_ms": percentile(tally.answered, 50),
        "askers_p95_ms": percentile(tally.answered, 95),
    }


async def overload(port: int, at: Prepared, answers: int) -> dict[str, float]:
    """Return figures of 50 askers alone, and of the same ones while ten times as many requests want in."""
    alone, others, flood = Tally(), Tally(), Tally()
    await ask_all(port, at, answers, alone)
    stop = asyncio.Event()
    pushing = [
        asyncio.create_task(push(port, at.flood, body, flood, stop))
        for body, _ in zip(itertools.cycle(at.bodies), range(ASKERS * (TIMES - 1)), strict=False)
    ]
    await asyncio.sleep(1)
    await ask_all(port, at, answers, others)
    stop.set()
    await asyncio.gather(*pushing)
    p95, p95_flooded = percentile(alone.answered, 95), percentile(others.answered, 95)
    everything = alone.statuses + others.statuses + flood.statuses
    return {
        "overload_alone_p95_ms": p95,
        "overload_others_answers": len(others.answered),
        "overload_others_refused": others.statuses[TOO_MANY],
        "overload_others_p95_ms": p95_flooded,
        "overload_others_p95_over_alone": p95_flooded / p95,
        "overload_flood_answers": flood.statuses[OK],
        "overload_flood_refused": flood.statuses[TOO_MANY],
        "overload_server_errors": sum(n for status, n in everything.items() if status >= SERVER_ERROR),
        "overload_other_errors": alone.errors + others.errors + flood.errors,
    }


async def ask_all(port: int, at: Prepared, answers: int, tally: Tally) -> float:
    """Let 50 askers, each with a key of their own, ask until there are so many replies; return the seconds it took."""
    turns = iter(range(answers))
    questions = itertools.cycle(at.bodies)

    async def asker(key: str) -> None:
        async with Client(port, key) as client:
            for _ in turns:
                started = time.perf_counter()
                reply = await client.post("/v1/answers", next(questions))
                tally.add(reply.status, time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*map(asker, at.keys))
    return time.perf_counter() - started


async def push(port: int, key: str, body: JSON, tally: Tally, stop: asyncio.Event) -> None:
    """Ask again and again as one caller; who is told to come back later does so then."""
    async with Client(port, key) as client:
        while not stop.is_set():
            started = time.perf_counter()
            reply = await client.post("/v1/answers", body)
            tally.add(reply.status, time.perf_counter() - started)
            if reply.status != OK:
                with_limit = asyncio.wait_for(stop.wait(), reply.retry_after or 1)
                await asyncio.gather(with_limit, return_exceptions=True)


async def soak(port: int, pid: int, at: Prepared, minutes: float) -> dict[str, float]:
    """Ask steadily and return how the memory of the server and its children grew, after a tenth of the time."""
    tally, samples = Tally(), []
    began = time.monotonic()
    until = began + minutes * 60

    async def asker(key: str, questions: Iterator[JSON]) -> None:
        async with Client(port, key) as client:
            while time.monotonic() < until:
                started = time.perf_counter()
                reply = await client.post("/v1/answers", next(questions))
                tally.add(reply.status, time.perf_counter() - started)

    questions = itertools.cycle(at.bodies)
    asking = [asyncio.create_task(asker(key, questions)) for key in at.keys[:4]]
    while time.monotonic() < until:
        await asyncio.sleep(min(SAMPLE_SECONDS, minutes * 60 / 20))
        samples.append(((time.monotonic() - began) / 60, resident_mib(pid)))
    await asyncio.gather(*asking)
    settled = [sample for sample in samples if sample[0] >= minutes / 10]
    slope, _ = statistics.linear_regression(*zip(*settled, strict=True))
    return {
        "soak_minutes": minutes,
        "soak_answers": len(tally.answered),
        "soak_errors": sum(tally.statuses.values()) - len(tally.answered),
        "soak_first_mib": settled[0][1],
        "soak_last_mib": settled[-1][1],
        "soak_growth_mib_per_minute": slope,
    }


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process and its children in MiB."""
    found = 0.0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    for each in (pid, *map(int, children)):
        for line in Path(f"/proc/{each}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                found += int(line.split()[1]) / 1024
    return found


def percentile(values: Sequence[float], which: int) -> float:
    """Return a percentile; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * which // 100)] if ordered else 0.0


if __name__ == "__main__":
    sys.exit(main())
