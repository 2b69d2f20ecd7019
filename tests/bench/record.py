"""Keeps what a benchmark measured in ``bench/``, from where :mod:`tests.bench.document` writes docs/benchmarks.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from evaluation.run import machine
from tests.data import ROOT

FOLDER: Final = ROOT / "bench"


def record(name: str, figures: Mapping[str, float | str]) -> Path:
    """Print the figures and write them to ``bench/NAME.json``."""
    FOLDER.mkdir(exist_ok=True)
    body = {
        "figures": dict(figures),
        "machine": machine(),
        "measured": datetime.now(UTC).date().isoformat(),
    }
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    for key, value in figures.items():
        sys.stdout.write(f"{key}: {shown(value)}\n")
    return path


def shown(value: float | str) -> str:
    """Return a figure as people read it."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
