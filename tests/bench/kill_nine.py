"""kill -9 at every named step and at random times, on SQLite and PostgreSQL: ``python -m tests.bench kill-nine``."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from domain.ports.steps import ERASURE, INGESTION, REEMBEDDING
from tests.bench.record import record
from tests.killing import Killing, killing
from tests.postgres import postgres_server, programs

SEED = 20261128
_LONGEST = 2.5  # seconds after the start of work


def run(kills: int, only: Sequence[str] = ()) -> None:
    """Kill at each step for the first and the second time it is reached, then ``kills`` times at random.

    Whatever is lost, twice or left over ends it with an AssertionError that says what.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stores: list[tuple[str, str | None]] = [("sqlite", None)]
        if binaries := programs():
            stores.append(("postgresql", stack.enter_context(postgres_server(binaries)).new_database()))
        for name, database in stores:
            if only and name not in only:
                continue
            begun = time.monotonic()
            with killing(folder / name, database) as store:
                at_steps = _at_each_step(store)
                at_random = _at_random(store, kills)
                store.assert_whole()
            figures = {
                "killed at a named step": at_steps,
                "killed at random": at_random,
                "files acknowledged": len(store.ingested),
                "erasures acknowledged": len(store.erased),
                "seconds": round(time.monotonic() - begun),
            }
            record(f"kill_nine-{name}", figures)


def _at_each_step(store: Killing) -> int:
    killed = 0
    for times in (1, 2):
        for step in (*INGESTION, *ERASURE):
            status = store.start(step=step, times=times).status
            assert status in {-9, 0}, (step, status)
            assert status == -9 or times > 1, step
            killed += status == -9
    store.assert_whole()
    for step in REEMBEDDING:
        store.change_encoder()
        killed += store.start(step=step).status == -9
        store.assert_whole()
    return killed


def _at_random(store: Killing, kills: int) -> int:
    chance = random.Random(SEED)
    killed = 0
    for number in range(kills):
        if number % 5 == 0:
            store.change_encoder()
        killed += store.start(after=chance.uniform(0, _LONGEST)).status == -9
        if number % 10 == 9:
            store.assert_whole()
    return killed


def main() -> int:
    """Kill a hundred times at random, or as often as is said, in both kinds of store or those named."""
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 100, sys.argv[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
