"""Two workers in processes of their own, whose indexes are in their memory: ``python -m tests.workers HOME DATABASE``.

The product is imported once, and each is forked from that. Both say "ready"; once standard input ends they stop, and
each says the ids of the passages that it wrote into its index.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

from app.settings import load_settings  # isort: split

from app.bootstrap import Replacements, build
from app.cli.worker import work
from retrieval.indexes.memory import MemoryIndex
from tests.fakes.embedder import FakeEmbedder


def worker(home: str, database: str) -> None:
    """Work until SIGTERM."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    settings = load_settings(home=Path(home), database=database)
    replace = Replacements(embedder=FakeEmbedder(), index=MemoryIndex(FakeEmbedder().dimension))
    with build(settings, replace) as house:
        work(house, stopped, lambda: _say("ready"))
        _say(json.dumps(sorted(entry.passage_id for entry in house.index.inventory())))


def main() -> None:
    """Fork two workers over the home and the database that are named, and end them when standard input ends."""
    home, database = sys.argv[1:]
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            try:
                worker(home, database)
            finally:
                os._exit(0)
        children.append(child)
    sys.stdin.read()
    for child in children:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
