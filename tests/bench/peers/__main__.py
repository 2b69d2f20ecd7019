"""``python -m tests.bench.peers``: measure every system and write docs/benchmarks.md; ``make peers`` installs first."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.datasets.beir import read_beir
from retrieval.embedder import bundled_folder
from tests.bench.peers.measured import Measured
from tests.bench.peers.running import Entrant, Task, chosen, run, task_of
from tests.bench.peers.writing import block, write
from tests.data import ROOT


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write them where asked."""
    options = _parser().parse_args(arguments)
    dataset = read_beir(options.dataset)
    task = task_of(
        dataset,
        documents=options.documents,
        queries=options.queries,
        encoder=bundled_folder(),
        threads=options.threads,
    )
    measured = [
        Measured.of(entrant.name, _result(entrant, task, options), dataset.qrels) for entrant in chosen(options.systems)
    ]
    facts = {
        "dataset": dataset.name,
        "documents": f"{len(task.documents):,} with the copies",
        "questions": f"{len(task.queries):,}",
        "threads": str(task.threads),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    if options.write:
        write(options.write, measured, facts)
    sys.stdout.write(block(measured, facts) + "\n")
    return 0


def _result(entrant: Entrant, task: Task, options: argparse.Namespace) -> dict[str, Any]:
    """Measure a system, or take what the same task found before when resuming."""
    folder: Path = options.cache / "results" / task.digest
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{entrant.adapter}.json"
    if options.resume and kept.exists():
        result: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return result
    sys.stderr.write(f"{entrant.name}…\n")
    started = time.monotonic()
    result = run(entrant, task, options.cache.resolve(), folder / f"{entrant.adapter}.log")
    kept.write_text(json.dumps(result), encoding="utf-8")
    sys.stderr.write(f"{entrant.name}: {time.monotonic() - started:.0f} s\n")
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    data = Path(os.environ.get("CONSILIUM_DATA", ROOT.parent / "shared" / "data"))
    parser.add_argument("--dataset", type=Path, default=data / "obliqa", help="a BEIR folder")
    parser.add_argument("--documents", type=int, help="take only the first so many documents")
    parser.add_argument("--queries", type=int, default=300, help="how many questions are asked")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="threads that each system may use")
    parser.add_argument("--systems", nargs="*", default=[], help="adapters to run; all by default")
    parser.add_argument("--cache", type=Path, default=ROOT / ".peers", help="folder of the virtual environments")
    parser.add_argument("--resume", action="store_true", help="keep what the same task already measured")
    parser.add_argument("--write", type=Path, help="folder of benchmarks.md, to write into")
    return parser


if __name__ == "__main__":
    sys.exit(main())
