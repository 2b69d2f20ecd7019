"""Bar 2: ``consilium ingest`` over law, records, contracts and faults, twice: codes, time and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.bench.record import record
from tests.data import shared_data

FOLDERS = ("law", "records", "legalbenchrag/corpus", "faults")


def tree_mib(pid: int) -> float:
    """Return the resident memory of a process and its children in MiB."""
    total = 0.0
    for process in (pid, *children(pid)):
        try:
            status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
    return total


def children(pid: int) -> list[int]:
    """Return the processes below one."""
    try:
        direct = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except OSError:
        return []
    return direct + [below for child in direct for below in children(child)]


def ingest(home: str) -> tuple[dict[str, Any], float, float]:
    """Run the command once; return its JSON, seconds and peak MiB of the whole process tree."""
    paths = [str(shared_data(folder)) for folder in FOLDERS]
    command = [sys.executable, "-m", "app.cli.main", "ingest", *paths, "--home", home, "--json"]
    started, peak, done = time.monotonic(), 0.0, threading.Event()
    with tempfile.TemporaryFile("w+") as out, subprocess.Popen(command, stdout=out) as process:

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.5):
                peak = max(peak, tree_mib(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        process.wait()
        done.set()
        watcher.join()
        out.seek(0)
        return json.loads(out.read()), time.monotonic() - started, peak


def kind(path: str) -> str:
    """Return which of the sets a file is of."""
    return next(
        name for name in ("law", "fhir-synthea", "fhir-us-core", "ccda", "legalbenchrag", "faults") if name in path
    )


def main() -> int:
    """Ingest twice and print the table."""
    with tempfile.TemporaryDirectory() as home:
        first, seconds, peak = ingest(home)
        second, again, _ = ingest(home)
        leftover = [p for p in Path(home).rglob("*") if p.name.startswith("tmp")]
    table: dict[str, Counter[str]] = {}
    for outcome in first["files"]:
        table.setdefault(kind(outcome["path"]), Counter())[outcome.get("code") or outcome["status"]] += 1
    figures: dict[str, float | str] = {
        f"{name}: {status}": count for name, counts in table.items() for status, count in counts.most_common()
    }
    figures |= {
        "passages": sum(outcome.get("passages", 0) for outcome in first["files"]),
        "first run, s": round(seconds, 1),
        "second run, s": round(again, 1),
        "second run over first": round(again / seconds, 4),
        "peak memory of the whole process tree, MiB": round(peak),
    }
    statuses = Counter(outcome["status"] for outcome in second["files"])
    figures |= {f"second run: {status}": count for status, count in statuses.most_common()}
    record("everything", figures | {"leftover files": len(leftover)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
