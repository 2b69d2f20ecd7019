"""``make bench``: every benchmark one after the other, then docs/benchmarks.md."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Final

from tests.bench.record import FOLDER
from tests.data import ROOT, shared_data

SETS: Final = ("obliqa", "bioasq", "medquad")
MODULES: Final = ("articles", "patients", "speed", "everything")


def commands() -> dict[str, list[str]]:
    """Return each benchmark's command by name."""
    evaluate = [sys.executable, "-m", "app.cli.main", "evaluate", "retrieval"]
    found = {}
    for name in SETS:
        report = FOLDER / f"retrieval-{name}.json"
        found[report.stem] = [*evaluate, "--dataset", str(shared_data(name)), "--json", str(report)]
    return found | {name: [sys.executable, "-m", f"tests.bench.{name}"] for name in MODULES}


def main(chosen: list[str]) -> int:
    """Run all benchmarks, or those named, and write the page. Returns how many failed."""
    FOLDER.mkdir(exist_ok=True)
    known = commands()
    if wrong := set(chosen) - known.keys():
        sys.stderr.write(f"no benchmark called {', '.join(sorted(wrong))}; there are {', '.join(known)}\n")
        return 64
    failed = 0
    for name in chosen or known:
        started = time.monotonic()
        sys.stdout.write(f"== {name}\n")
        sys.stdout.flush()
        status = subprocess.run(known[name], check=False, cwd=ROOT).returncode
        failed += status != 0
        sys.stdout.write(f"== {name}: exit status {status}, {time.monotonic() - started:.0f} s\n")
    subprocess.run([sys.executable, "-m", "tests.bench.document"], check=True, cwd=ROOT)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
