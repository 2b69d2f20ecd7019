"""A worker in a process of its own, whose index is in its memory: ``python -m tests.workers HOME DATABASE``.

It says "ready", and once it is told to stop, the ids of the passages that it wrote into its index.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from app.settings import load_settings  # isort: split

from app.bootstrap import Replacements, build
from app.cli.worker import work
from retrieval.indexes.memory import MemoryIndex
from tests.fakes.embedder import FakeEmbedder


def main(home: str, database: str) -> None:
    """Work until SIGTERM."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    settings = load_settings(home=Path(home), database=database)
    replace = Replacements(embedder=FakeEmbedder(), index=MemoryIndex(FakeEmbedder().dimension))
    with build(settings, replace) as house:
        work(house, stopped, lambda: print("ready", flush=True))  # noqa: T201 - it is what the test waits for
        sys.stdout.write(json.dumps(sorted(entry.passage_id for entry in house.index.inventory())) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
