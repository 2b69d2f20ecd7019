"""Measures one system; runs in that system's own virtual environment, so nothing of ours is imported here.

Started as ``python -P child.py ADAPTER.py`` with a JSON job on standard input; the last line it prints is JSON. The
adapter's class ``System`` opens in its constructor, ingests step by step, and searches. Linux only (``/proc``).
"""

from __future__ import annotations

import functools
import gc
import importlib.metadata
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

WARM_UP = 5
PROBE_CHARACTERS = 300
MIB = 2**20


class System(Protocol):
    """What an adapter does; it is made with the encoder's folder, a folder to keep things in, a collection, and k."""

    embeds: Sequence[tuple[type, str]]
    packages: Sequence[str]

    def ingest(self, documents: list[dict[str, str]]) -> Iterator[str]:
        """Ingest; yield the name of each step done, so that it can be tried whether words are searchable yet."""

    def words(self, query: str) -> list[str]:
        """Return the ids of the best k documents of the collection by words."""

    def search(self, query: str) -> list[str]:
        """Return the ids of the best k documents of the collection, by the system's own hybrid search."""

    def save(self) -> None:
        """Write out what is not written yet."""


class Watch:
    """Adds up the seconds spent in methods."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def over(self, owner: type, name: str) -> None:
        """Time a method from now on."""
        original: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(original)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return original(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started

        setattr(owner, name, timed)


def measure(adapter: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Return what the system took, in seconds, milliseconds and MiB, and what it found."""
    started = time.perf_counter()
    system = load(adapter)(encoder=job["encoder"], folder=job["folder"], collection=job["collection"], k=job["k"])
    startup = time.perf_counter() - started
    watch = Watch()
    for owner, name in system.embeds:
        watch.over(owner, name)
    lines = Path(job["documents"]).read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    figures = ingest(system, watch, documents, job["collection"])
    del lines, documents
    started = time.perf_counter()
    system.save()
    saved = time.perf_counter() - started
    searches = search(system, watch, job["queries"])
    gc.collect()
    return {
        "startup_s": startup,
        **figures,
        "save_s": saved,
        "searches": searches,
        "steady_mib": memory("VmRSS"),
        "peak_mib": memory("VmHWM"),
        "disk_mib": sum(file.stat().st_blocks * 512 for file in Path(job["folder"]).rglob("*") if file.is_file()) / MIB,
        "versions": {name: importlib.metadata.version(name) for name in system.packages},
    }


def ingest(system: System, watch: Watch, documents: list[dict[str, str]], collection: str) -> dict[str, Any]:
    """Ingest; after each step, try whether the last long document of the collection is found by words already."""
    probe = [d for d in documents if d["collection"] == collection and len(d["content"]) > PROBE_CHARACTERS][-1]
    words = None
    steps: dict[str, float] = {}
    started = last = time.perf_counter()
    for step in system.ingest(documents):
        now = time.perf_counter()
        steps[step] = steps.get(step, 0.0) + now - last
        last = now
        if words is None and probe["id"] in system.words(probe["content"][:PROBE_CHARACTERS]):
            words = now - started
    return {
        "documents": len(documents),
        "ingest_s": time.perf_counter() - started,
        "embed_s": watch.seconds,
        "words_s": words,
        "steps": steps,
    }


def search(system: System, watch: Watch, queries: dict[str, str]) -> list[dict[str, Any]]:
    """Search every query once, after a few to warm up."""
    for text in list(queries.values())[:WARM_UP]:
        system.search(text)
    found = []
    for key, text in queries.items():
        watch.seconds = 0.0
        started = time.perf_counter()
        ids = system.search(text)
        total = time.perf_counter() - started
        found.append({"query": key, "total_ms": total * 1000, "embed_ms": watch.seconds * 1000, "ids": ids})
    return found


def load(adapter: Path) -> Callable[..., System]:
    """Return the adapter's class; loaded by path, so that no module here hides a package of the same name."""
    spec = importlib.util.spec_from_file_location(f"adapter_{adapter.stem}", adapter)
    if spec is None or spec.loader is None:
        raise ImportError(adapter.name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[..., System] = module.System
    return made


def memory(field: str) -> float:
    """Return a line of this process's status in MiB: VmRSS is resident now, VmHWM the most that ever was."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    result = measure(Path(sys.argv[1]), json.load(sys.stdin))
    sys.stdout.write("\n" + json.dumps(result) + "\n")
