"""Keeps what a benchmark measured in ``bench/``, from where :mod:`tests.bench.document` writes docs/benchmarks.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from evaluation.run import machine
from tests.data import ROOT

FOLDER: Final = ROOT / "bench"


def record(name: str, figures: Mapping[str, float | str]) -> Path:
    """Print the figures and write them to ``bench/NAME.json``."""
    for key, value in figures.items():
        sys.stdout.write(f"{key}: {shown(value)}\n")
    return _write(name, {"figures": dict(figures)})


def record_table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Print a table and write it to ``bench/NAME.json``."""
    for row in rows:
        sys.stdout.write(" | ".join(row) + "\n")
    return _write(name, {"columns": list(columns), "rows": [list(row) for row in rows]})


def _write(name: str, what: Mapping[str, object]) -> Path:
    FOLDER.mkdir(exist_ok=True)
    body = {**what, "machine": machine(), "measured": datetime.now(UTC).date().isoformat()}
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return path


def shown(value: float | str) -> str:
    """Return a figure as people read it."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
