"""A batch of reports in a process that is killed again and again, and what came of it.

It reads one order, a line of JSON, from its standard input: it forks a child for each kill and
one that is left alone, and says at the end what is in the store.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from app.settings import load_settings  # isort: split

from app.bootstrap import Consilium, Replacements, build
from app.reports.requests import ReportBody
from domain.callers import OWNER
from domain.ports.embedder import Embedder
from retrieval.embedder import SentenceTransformerEmbedder
from tests import forked
from tests.fakes.embedder import FakeEmbedder
from tests.killing import KillAt

_PATIENCE: Final = 1800.0  # seconds
DAY: Final = "2026-03-01"


def made_in(home: Path, body: dict[str, Any], kills: list[dict[str, Any]], *, real: bool = False) -> dict[str, Any]:
    """Make a batch in the store of a home folder, killed as ``kills`` say; return what came of it.

    A kill is ``{"step": NAME, "times": N}``, or ``{"after": SECONDS}`` from when the process works on. Each has to
    happen: one that the batch ends before is an error.
    """
    order = {"home": str(home), "body": body, "kills": kills, "real": real}
    done = forked.run([], what="tests.batches:main", text=json.dumps(order), timeout=_PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def state(house: Consilium, report_id: str) -> dict[str, Any]:
    """Say how each item ended, what its files are, and how often each was made."""
    report = house.reports.find(report_id)
    status = house.reports.status(report)
    items, _ = house.reports.items(report)
    files = {}
    for item in items:
        for file in item["files"]:
            name, content = house.reports.file(report, item["number"], file["format"], OWNER)
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            files[name] = file["sha256"]
    for name in status["formats"]:
        if name != "fhir":
            files[f"contents.{name}"] = hashlib.sha256(house.reports.contents(report, name)).hexdigest()
    return {
        "id": report_id,
        "state": status["state"],
        "items": [[item["target"], item["state"], item.get("code")] for item in items],
        "files": files,
        "made": made(house, report_id),
    }


def made(house: Consilium, report_id: str) -> dict[str, int]:
    """Return how often each item was made, as the audit trail has it."""
    assert house.trail
    counted: Counter[str] = Counter()
    for event in house.trail.events():
        if event.event == "report_made" and event.facts["report_id"] == report_id:
            counted[str(event.facts["number"])] += 1
    return dict(sorted(counted.items()))


def _child(order: dict[str, Any], embedder: Embedder, kill: dict[str, Any], said: int) -> None:
    steps = KillAt(kill.get("step", ""), kill.get("times", 1))
    settings = load_settings(home=order["home"])
    with build(settings, Replacements(embedder=embedder, steps=steps)) as house:
        known = house.reports.kept.of_owner("default", OWNER.id, after=None, limit=1).items
        report = known[0] if known else house.reports.order(ReportBody.model_validate(order["body"]), OWNER)
        house.jobs.start()
        if "after" in kill:
            threading.Timer(kill["after"], lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
        deadline = time.monotonic() + _PATIENCE
        while house.jobs.jobs.open():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.write(said, json.dumps(state(house, report.id)).encode())


def main() -> None:
    """Carry out the order on standard input."""
    order = json.loads(sys.stdin.readline())
    embedder: Embedder = SentenceTransformerEmbedder() if order["real"] else FakeEmbedder()
    for kill in [*order["kills"], {}]:
        out, said = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _child(order, embedder, kill, said)
                code = 0
            finally:
                os._exit(code)
        os.close(said)
        with os.fdopen(out, "rb") as read:
            answer = read.read()
        _, status = os.waitpid(pid, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended != (-signal.SIGKILL if kill else 0):
            sys.stderr.write(f"a process ended with {ended}, to be killed by {kill}\n")
            sys.exit(1)
    sys.stdout.write(answer.decode() + "\n")
