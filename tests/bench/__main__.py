"""``make bench``: every suite on every public set and the other benchmarks, one after the other; then the page.

``python -m tests.bench NAME …`` measures only those named. Vectors of passages are kept in ``bench/vectors.db``, so
that a set that several suites read is embedded once, and a second run costs minutes; delete the file to start anew.
What times the encoder or ingestion does not use it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
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
    names = chosen or [name for name in known if name not in LONG]
    seconds: dict[str, float | str] = {}
    failed = 0
    for number, name in enumerate(names, start=1):
        started = time.monotonic()
        sys.stdout.write(f"== {name} ({number} of {len(names)})\n")
        sys.stdout.flush()
        status = subprocess.run(known[name], check=False, cwd=ROOT, env=_environment(name)).returncode
        failed += status != 0
        seconds[name] = round(time.monotonic() - started)
        sys.stdout.write(f"== {name}: exit status {status}, {seconds[name]} s\n")
    if not chosen:
        record("durations", {**seconds, "all": sum(float(value) for value in seconds.values())})
    subprocess.run([sys.executable, "-m", "tests.bench.document"], check=True, cwd=ROOT)
    return failed


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
