"""Measures one system; runs in that system's own virtual environment, so nothing of ours is imported here.

Started as ``python -P child.py ADAPTER.py`` with a JSON job on standard input; the last line it prints is JSON. The
adapter's class ``System`` opens in its constructor, ingests step by step, and searches. Linux only (``/proc``).

A job that names a ``memory`` asks only what is found: vectors come from ``remembering.py`` and nothing is timed.
"""

from __future__ import annotations

import functools
import gc
import importlib.metadata
import importlib.util
import json
import re
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

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        """Cut a file with the system's own splitter; yield each piece, and where it begins if the splitter says."""

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


def found(adapter: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Return what the system finds for each question; timings would be meaningless with vectors from a memory."""
    module(Path(__file__).with_name("remembering.py")).remember(Path(job["memory"]))
    system = load(adapter)(encoder=job["encoder"], folder=job["folder"], collection=job["collection"], k=job["k"])
    lines = Path(job["documents"]).read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    if job["cut"]:
        documents = [piece for document in documents for piece in pieces(system, document)]
    for _ in system.ingest(documents):
        pass
    return {
        "documents": len(documents),
        "characters": sum(len(document["content"]) for document in documents),
        "found": {key: system.search(text) for key, text in job["queries"].items()},
        "versions": {name: importlib.metadata.version(name) for name in system.packages},
    }


def pieces(system: System, document: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the pieces of a file as documents; their ids are ``start:end:file`` in characters of the file."""
    text, path = document["content"], document["id"]
    after = 0
    for content, said in system.cut(text, path):
        start, end = place(text, content, said, after)
        after = end if said is None else start
        yield {**document, "id": f"{start}:{end}:{path}", "title": "", "content": content, "path": path}


def place(text: str, content: str, said: int | None, after: int) -> tuple[int, int]:
    """Return where a piece lies in its text. Raises LookupError when it is nowhere, white space apart."""
    if said is not None and text[said : said + len(content)] == content:
        return said, said + len(content)
    # The first place with any white space: a piece that was cleaned may be as it is further on, where it is not meant.
    match = re.compile(r"\s+".join(map(re.escape, content.split()))).search(text, after)
    if match is None:
        raise LookupError(after)
    return match.span()


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
    searches = []
    for key, text in queries.items():
        watch.seconds = 0.0
        started = time.perf_counter()
        ids = system.search(text)
        total = time.perf_counter() - started
        searches.append({"query": key, "total_ms": total * 1000, "embed_ms": watch.seconds * 1000, "ids": ids})
    return searches


def load(adapter: Path) -> Callable[..., System]:
    """Return the adapter's class."""
    made: Callable[..., System] = module(adapter).System
    return made


def module(path: Path) -> Any:
    """Return a module loaded by path, so that no file here hides a package of the same name."""
    spec = importlib.util.spec_from_file_location(f"loaded_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path.name)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def memory(field: str) -> float:
    """Return a line of this process's status in MiB: VmRSS is resident now, VmHWM the most that ever was."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    given = json.load(sys.stdin)
    result = (found if given.get("memory") else measure)(Path(sys.argv[1]), given)
    sys.stdout.write("\n" + json.dumps(result) + "\n")
