"""A process that is killed with SIGKILL at a named step or at any time, and what must be true after the next start.

One process imports the product once and forks a child for each start, so that a start takes as little as it can.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from app.settings import load_settings  # isort: split

from app.auditing import verify
from app.bootstrap import Consilium, Replacements, build
from domain.callers import OWNER
from domain.documents import Labels
from domain.erasure import Target
from domain.jobs import ItemState
from domain.ports.passage_index import IndexFilter
from ingestion.workflow import IngestRequest
from tests import forked
from tests.fakes.embedder import FakeEmbedder

POISON: Final = b"%PDF-1.4 broken"
_PATIENCE: Final = 60.0  # seconds that one start may take


class KillAt:
    """Ends this process at the n-th time that a step is reached."""

    def __init__(self, step: str, times: int = 1) -> None:
        self._step, self._times = step, times

    def reached(self, step: str) -> None:
        if step == self._step:
            self._times -= 1
            if not self._times:
                os.kill(os.getpid(), signal.SIGKILL)


def note(number: int, whom: str) -> bytes:
    return f"# Note {number}\n\nThe patient {whom} takes dose {number} of zq{whom}{number}x every day.\n".encode()


def _say(out: IO[str], line: str) -> None:
    out.write(line + "\n")
    out.flush()


# What a child does ---------------------------------------------------------------------------------------------------


def one_round(house: Consilium, number: int, say: IO[str]) -> None:
    """Hand in two files and a broken one, wait, erase the subject of the first; say what was acknowledged."""
    for whom in ("gone", "kept"):
        request = IngestRequest(labels=Labels(subjects=(f"{whom}{number}",)))
        house.jobs.ingest([(f"{whom} {number}.md", note(number, whom))], request, OWNER)
        _say(say, f"ingested {whom} {number}")
    house.jobs.ingest([(f"broken {number}.pdf", POISON + b"%d" % number)], IngestRequest(labels=Labels()), OWNER)
    _say(say, f"ingested broken {number}")
    _until_nothing_is_open(house)
    house.jobs.erase(Target(tenant="default", kind="subject", id=f"gone{number}"), OWNER)
    _say(say, f"erased gone {number}")
    _until_nothing_is_open(house)


def _until_nothing_is_open(house: Consilium) -> None:
    deadline = time.monotonic() + _PATIENCE
    while house.jobs.jobs.open():
        assert time.monotonic() < deadline, house.jobs.jobs.open()
        time.sleep(0.02)


def state(house: Consilium) -> dict[str, Any]:
    """Say what is in the store, in every place where a document leaves something."""
    _until_nothing_is_open(house)
    catalogue, index = house.catalogue, house.index
    names, passages, vectors, subjects = Counter[str](), [], [], set()
    for document in catalogue.documents("default", []):
        for version in catalogue.versions(document.id):
            names[version.path] += 1
            assert version.state == "indexed", version
            passages += [p.id for p in catalogue.neighbours(version.id, 0, 10**9)]
            subjects |= set(document.labels.subjects)
    if passages:
        where = IndexFilter(
            tenant="default", as_of=date(2026, 1, 1), subjects=tuple(sorted(subjects)), among=tuple(passages)
        )
        (vector,) = house.embedder.embed(["The patient"])
        vectors = [hit.passage_id for hit in index.search_dense(vector, where, 10**5)]
    items = [item for job in catalogue_jobs(house) for item in house.jobs.jobs.items(job)]
    originals = {file.name for file in (house.settings.home / "originals").rglob("*") if file.is_file()}
    trail = house.trail
    assert trail
    return {
        "names": dict(names),
        "passages": sorted(passages),
        "vectors": sorted(vectors),
        "points": index.count(),
        "waiting": len(catalogue.waiting()),
        "unfinished": len(house.erasures.queue.unfinished()),
        "originals": sorted(originals),
        "aside": sorted(str(item.code) for item in items if item.state is ItemState.ASIDE),
        "unended": sum(item.state is ItemState.WAITING for item in items),
        "faults": [str(fault) for fault in verify(trail).faults],
    }


def catalogue_jobs(house: Consilium) -> list[str]:
    return [job.id for job in house.jobs.jobs.all("default", limit=10**6)]


def _child(order: dict[str, Any], out: int) -> None:
    with os.fdopen(out, "w") as say:
        steps = KillAt(order["step"], order["times"])
        settings = load_settings(home=order["home"], database=order["database"])
        embedder, former = FakeEmbedder(dimension=order["dimension"]), FakeEmbedder(dimension=40 - order["dimension"])
        with build(settings, Replacements(embedder=embedder, former=former, steps=steps)) as house:
            house.reindexing.grace = 0.0
            house.jobs.start()
            _say(say, "ready")
            if order["round"] is not None:
                one_round(house, order["round"], say)
            else:
                _say(say, json.dumps(state(house)))
        _say(say, "closed")


def nursery() -> None:
    """Fork a child for each line of standard input; say its number, pass on what it says, and how it ended."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _child(order, os.dup(1))
                code = 0
            finally:
                os._exit(code)
        _say(sys.stdout, f"pid {pid}")
        _, status = os.waitpid(pid, 0)
        _say(sys.stdout, f"ended {os.waitstatus_to_exitcode(status)}")


# What a test does ----------------------------------------------------------------------------------------------------


@dataclass
class Killing:
    """A store whose process is killed again and again."""

    home: Path
    database: str | None
    nursery: forked.Talking
    ingested: set[tuple[str, int]] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    rounds: int = 0
    dimension: int = 16

    def change_encoder(self) -> None:
        """Start with the other encoder from now on."""
        self.dimension = 40 - self.dimension

    def start(self, *, step: str = "", times: int = 1, after: float | None = None, look: bool = False) -> Ended:
        """Start a process that does a round of work, to be killed at a step, or some seconds after it is ready."""
        number = None if look else self.rounds
        self.rounds += not look
        order = {
            "home": str(self.home), "database": self.database, "step": step, "times": times, "round": number,
            "dimension": self.dimension,
        }  # fmt: skip
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        pid = 0
        found: dict[str, Any] = {}
        for line in self._lines():
            word, _, rest = line.partition(" ")
            if word == "pid":
                pid = int(rest)
            elif word == "ready" and after is not None:
                time.sleep(after)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            elif word == "ended":
                return Ended(status=int(rest), state=found)
            elif word == "ingested":
                whom, _, which = rest.partition(" ")
                self.ingested.add((whom, int(which)))
            elif word == "erased":
                self.erased.add(int(rest.split()[1]))
            elif line.startswith("{"):
                found = json.loads(line)
        message = "the process that forks others ended"
        raise AssertionError(message)

    def _lines(self) -> Iterator[str]:
        for line in self.nursery.stdout:
            yield line.rstrip("\n")

    def assert_whole(self) -> None:
        """Start once more, wait until all is done, and compare what is there with what was acknowledged."""
        ended = self.start(look=True)
        assert ended.status == 0
        found = ended.state
        names: dict[str, int] = found["names"]
        assert set(names.values()) <= {1}, names
        for whom, number in self.ingested:
            name = f"{whom} {number}.md"
            if whom == "kept":
                assert name in names, f"{name} was acknowledged and is lost"
                assert hashlib.sha256(note(number, whom)).hexdigest() in found["originals"]
            elif whom == "gone" and number in self.erased:
                assert name not in names, f"{name} was to be erased and is there"
                assert hashlib.sha256(note(number, whom)).hexdigest() not in found["originals"]
        assert found["vectors"] == found["passages"]
        assert found["points"] == len(found["passages"])
        assert (found["waiting"], found["unfinished"], found["unended"]) == (0, 0, 0)
        assert found["aside"].count("document.malformed") >= sum(whom == "broken" for whom, _ in self.ingested)
        assert set(found["aside"]) <= {"document.malformed"}, found["aside"]
        assert found["faults"] == []


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status (-9 when it was killed), and the state that it said the store is in."""

    status: int
    state: dict[str, Any]


@contextlib.contextmanager
def killing(home: Path, database: str | None) -> Iterator[Killing]:
    """Yield a store in ``home`` and ``database`` (SQLite in home when none) and the process that forks others."""
    with forked.talking(what="tests.killing:nursery") as process:
        yield Killing(home=home, database=database, nursery=process)
