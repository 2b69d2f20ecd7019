"""``python -m tests.bench.peers``: measure every system and write docs/benchmarks.md; ``make peers`` installs first.

``--quality`` asks only what the peers find on every set, ``--timing`` only what they cost at the size of one. What the
other one left is put on the page with it. ``--known`` asks and times nothing: it writes what earlier runs left.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from evaluation.datasets.beir import read_beir
from retrieval.embedder import bundled_folder
from tests.bench.peers.measured import Measured
from tests.bench.peers.quality import SETS, Standing, kept, report_of, stood, trial_of
from tests.bench.peers.running import ENCODER, OWN, PEERS, Entrant, Task, chosen, run, task_of
from tests.bench.peers.writing import block, write
from tests.bench.record import FOLDER
from tests.data import ROOT

_ENCODER_EVERY: Final = 5  # documents


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write them where asked."""
    options = _parser().parse_args(arguments)
    standings = _standings(options)
    measured, facts = _measured(options)
    if options.write:
        write(options.write, standings, measured, facts)
    sys.stdout.write(block(standings, measured, facts) + "\n")
    return 0


def _standings(options: argparse.Namespace) -> list[Standing]:
    """Return what is found on every set; with ``--timing`` or ``--known`` only where that is known already."""
    systems = chosen(options.systems)
    peers = [entrant for entrant in systems if entrant in PEERS]
    found: list[Standing] = []
    for name in options.sets:
        folder = options.data / name
        trial = trial_of(folder, encoder=bundled_folder(), threads=options.threads, questions=options.questions)
        known = [peer for peer in peers if kept(peer, trial.task, FOLDER)]
        reported = report_of(trial, FOLDER).exists()
        if options.quality or not (options.timing or options.known) or (reported and known == peers):
            found += stood(folder, systems, trial=trial, cache=options.cache.resolve(), folder=FOLDER)
        elif options.known and reported and known:
            asked = [entrant for entrant in systems if entrant in known or entrant == OWN]
            found += stood(folder, asked, trial=trial, cache=options.cache.resolve(), folder=FOLDER)
    return found


def _measured(options: argparse.Namespace) -> tuple[list[Measured], dict[str, str]]:
    """Return what every system costs; with ``--quality`` only of those that were measured before."""
    dataset = read_beir(options.data / options.timed)
    task = task_of(
        dataset,
        documents=options.documents,
        queries=options.queries,
        encoder=bundled_folder(),
        threads=options.threads,
    )
    results = {entrant.name: _result(entrant, task, options) for entrant in chosen(options.systems)}
    facts = {
        "dataset": dataset.name,
        "documents": f"{len(task.documents):,} with the copies",
        "questions": f"{len(task.queries):,}",
        "threads": str(task.threads),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    return [Measured.of(name, result, dataset.qrels) for name, result in results.items() if result], facts


def _result(entrant: Entrant, task: Task, options: argparse.Namespace) -> dict[str, Any]:
    """Time a system, or take what the same task found before; nothing where neither is wanted."""
    file = FOLDER / "peers" / f"timing-{task.digest}-{entrant.adapter}.json"
    if (options.resume or options.quality or options.known) and file.exists():
        result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return result
    if options.quality or options.known:
        return {}
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"{entrant.name}…\n")
    started = time.monotonic()
    given = replace(task, documents=task.documents[::_ENCODER_EVERY]) if entrant == ENCODER else task
    result = run(entrant, given, options.cache.resolve(), file.with_suffix(".log"))
    file.write_text(json.dumps(result), encoding="utf-8")
    sys.stderr.write(f"{entrant.name}: {time.monotonic() - started:.0f} s\n")
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    data = Path(os.environ.get("CONSILIUM_DATA", ROOT.parent / "shared" / "data"))
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--quality", action="store_true", help="ask only what the peers find, on every set")
    only.add_argument("--timing", action="store_true", help="only time the systems")
    only.add_argument("--known", action="store_true", help="only write what earlier runs left")
    parser.add_argument("--data", type=Path, default=data, help="folder of the sets")
    parser.add_argument("--sets", nargs="*", default=SETS, help="sets to ask about")
    parser.add_argument("--questions", type=int, help="most questions of each part for what is found; 0 for all")
    parser.add_argument("--timed", default=SETS[0], help="the BEIR set that is timed")
    parser.add_argument("--documents", type=int, help="time only the first so many documents")
    parser.add_argument("--queries", type=int, default=300, help="how many questions are timed")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="threads that each system may use")
    parser.add_argument("--systems", nargs="*", default=[], help="adapters to run; all by default")
    parser.add_argument("--cache", type=Path, default=ROOT / ".peers", help="folder of the virtual environments")
    parser.add_argument("--resume", action="store_true", help="keep what the same task already timed")
    parser.add_argument("--write", type=Path, help="folder of benchmarks.md, to write into")
    return parser


if __name__ == "__main__":
    sys.exit(main())
