"""kill -9 at every named step and at random times, on SQLite and PostgreSQL: ``python -m tests.bench kill-nine``."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from domain.ports.steps import ERASURE, INGESTION, REEMBEDDING
from tests.killing import Killing, killing
from tests.postgres import postgres_server, programs

SEED = 20261128
_LONGEST = 2.5  # seconds after the start of work


def run(kills: int) -> None:
    """Kill at each step for the first and the second time it is reached, then ``kills`` times at random."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stores: list[tuple[str, str | None]] = [("sqlite", None)]
        if binaries := programs():
            stores.append(("postgresql", stack.enter_context(postgres_server(binaries)).new_database()))
        for name, database in stores:
            begun = time.monotonic()
            with killing(folder / name, database) as store:
                at_steps = _at_each_step(store)
                at_random = _at_random(store, kills)
                store.assert_whole()
            sys.stdout.write(
                f"{name}: killed at {at_steps} steps and {at_random} of {kills} times at random,"
                f" {len(store.ingested)} files and {len(store.erased)} erasures acknowledged: nothing lost, nothing"
                f" twice, no orphan vector, audit chain intact; {time.monotonic() - begun:.0f} s\n"
            )


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
    """Kill a hundred times at random, or as often as is said."""
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    return 0


if __name__ == "__main__":
    sys.exit(main())
