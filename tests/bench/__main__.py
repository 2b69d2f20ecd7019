"""``make bench``: every suite on every public set and the other benchmarks, two at a time; then the page.

``python -m tests.bench NAME …`` measures only those named, one after the other. Vectors of passages are kept in
``bench/vectors.db``, so that a set that several suites read is embedded once, and a second run costs minutes; delete
the file to start anew. What times the encoder or ingestion does not use it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from evaluation.registry import SUITES
from tests.bench.record import FOLDER, record
from tests.data import ROOT, shared_data

# suite, name of the report, dataset below the shared data ("" for the sample that is shipped), most cases (0 for all)
MEASUREMENTS: Final = (
    ("retrieval", "obliqa", "obliqa", 0),
    ("retrieval", "bioasq", "bioasq", 0),
    ("retrieval", "medquad", "medquad", 0),
    ("retrieval", "legalbenchrag", "legalbenchrag", 0),
    ("answers", "bioasq", "bioasq", 500),
    ("abstention", "bioasq+obliqa", "bioasq+obliqa.json", 0),
    ("grounding", "medhallu", "medhallu/labelled.csv", 0),
    ("grounding", "nli4ct", "nli4ct", 0),
    ("grounding", "legalbenchrag", "legalbenchrag", 0),
    ("privacy", "presidio-research", "presidio-research/synth_dataset_v2.json", 0),
    ("privacy", "fhir-synthea-r4", "records/fhir-synthea-r4", 0),
    ("privacy", "ccda-examples", "records/ccda-examples", 0),
    ("injection", "bipia", "bipia", 0),
    ("in-force", "sample", "", 0),
    ("walls", "sample", "", 0),
)
MODULES: Final = ("ablation", "scale", "speed", "articles", "patients")
# These take times that count, so each is alone on the machine; of the others two run at one time, the longest first.
TIMED: Final = ("scale", "speed")
FIRST: Final = (
    "retrieval-medquad", "retrieval-obliqa", "retrieval-bioasq", "retrieval-legalbenchrag", "ablation", "patients",
    "privacy-fhir-synthea-r4",
)  # fmt: skip
# Only when they are named: whole folders of files twice, half an hour; hundreds of kills of a working process.
LONG: Final = (
    "everything", "load", "api_fuzz", "kill_nine", "access_walls", "reports", "web", "web_list", "web_pdf",
)  # fmt: skip
_PAIRED: Final = "bioasq+obliqa.json"


def commands() -> dict[str, list[str]]:
    """Return each benchmark's command by name."""
    found = {}
    for suite, name, dataset, limit in MEASUREMENTS:
        report = FOLDER / f"{suite}-{name}.json"
        page = report.with_suffix(".html")
        command = [sys.executable, "-m", "app.cli.main", "evaluate", suite, "--json", str(report), "--html", str(page)]
        command += ["--dataset", str(_dataset(dataset))] if dataset else []
        found[report.stem] = command + (["--limit", str(limit)] if limit else [])
    return found | {name: [sys.executable, "-m", f"tests.bench.{name}"] for name in (*MODULES, *LONG)}


def main(chosen: list[str]) -> int:
    """Run all benchmarks, or those named, and write the page. Returns how many failed."""
    FOLDER.mkdir(exist_ok=True)
    _write_pair()
    known = commands()
    chosen = [name if name in known else name.replace("-", "_") for name in chosen]
    if wrong := set(chosen) - known.keys():
        sys.stderr.write(f"no benchmark called {', '.join(sorted(wrong))}; there are {', '.join(known)}\n")
        return 64
    if chosen:
        ended = {name: _run(known[name], name) for name in chosen}
    else:
        started = time.monotonic()
        ended = _all(known)
        seconds = {name: took for name, (_, took) in ended.items()}
        record("durations", {**seconds, "all": round(time.monotonic() - started)})
    subprocess.run([sys.executable, "-m", "tests.bench.document"], check=True, cwd=ROOT)
    return sum(status != 0 for status, _ in ended.values())


def _all(known: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Run what times nothing two at a time, the longest first, and then each of the others alone."""
    quiet = [name for name in known if name not in (*TIMED, *LONG)]
    quiet.sort(key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    with ThreadPoolExecutor(2) as pool:
        begun = {name: pool.submit(_run, known[name], name, FOLDER / f"{name}.log") for name in quiet}
    return {name: one.result() for name, one in begun.items()} | {name: _run(known[name], name) for name in TIMED}


def _run(command: Sequence[str], name: str, log: Path | None = None) -> tuple[int, int]:
    """Return the exit status of a benchmark and its seconds. With a ``log`` it writes there, and has one core."""
    _say(f"{name}: begun" + (f", see {log.relative_to(ROOT)}" if log else ""))
    environment = _environment(name) | ({"OMP_NUM_THREADS": "1"} if log else {})
    started = time.monotonic()
    with log.open("w", encoding="utf-8") if log else nullcontext() as out:
        status = subprocess.run(command, check=False, cwd=ROOT, env=environment, stdout=out, stderr=out).returncode
    took = round(time.monotonic() - started)
    _say(f"{name}: exit status {status}, {took} s")
    if status and log:
        sys.stdout.write("".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-20:]))
    return status, took


def _say(text: str) -> None:
    sys.stdout.write(f"== {text}\n")
    sys.stdout.flush()


def _environment(name: str) -> dict[str, str]:
    """Return the environment of a benchmark; what times the product embeds everything itself."""
    kept = {} if name in (*MODULES, *LONG) else {"CONSILIUM_VECTORS": str(FOLDER / "vectors.db")}
    return {**os.environ, **kept}


def _dataset(name: str) -> Path:
    return FOLDER / name if name == _PAIRED else shared_data(name)


def _write_pair() -> None:
    """Write whose questions its own corpus answers, and whose it does not."""
    pair = {"corpus": str(shared_data("bioasq")), "foreign_questions": str(shared_data("obliqa")), "questions": 300}
    (FOLDER / _PAIRED).write_text(json.dumps(pair), encoding="utf-8")


assert {suite for suite, *_ in MEASUREMENTS} == SUITES.keys(), "a suite that nothing measures"

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
