"""Finds the shared public data, which is never part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """Return a folder or file of the shared data, or skip the test by name."""
    base = Path(os.environ.get("CONSILIUM_DATA", ROOT.parent / "shared" / "data"))
    path = base / name
    if not path.exists():
        pytest.skip(f"shared data not here: {name} (set CONSILIUM_DATA)")
    return path
