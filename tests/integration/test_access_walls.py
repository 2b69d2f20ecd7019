"""A small version of ``python -m tests.bench access-walls``."""

from __future__ import annotations

from pathlib import Path

from tests.bench.access_walls import Size, measure
from tests.fakes.embedder import FakeEmbedder

SMALL = Size(tenants=2, subjects=12, notes=4, requests=90, compared=30, revoked=5)


def test_no_canary_passes_a_wall_and_what_is_allowed_is_found(tmp_path: Path) -> None:
    found = measure(SMALL, tmp_path, FakeEmbedder())
    assert found.leaks == []
    assert (found.revoked, found.after) == (5, 0)
    assert len(found.recall) >= 20
    assert sum(found.recall) / len(found.recall) >= 0.99
    assert {name.split(", ")[0] for name in found.outcomes} == {
        "search", "ask", "check", "list", "show", "export", "chat", "talk",
    }  # fmt: skip
    assert sum(count for name, count in found.outcomes.items() if name.endswith("answered")) > 30
    assert sum(count for name, count in found.outcomes.items() if name.endswith("403")) > 15
