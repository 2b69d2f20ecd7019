"""A kill -9 at every named step of durable work loses nothing, doubles nothing, and is made good by the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.ports.steps import ERASURE, INGESTION
from tests.killing import killing

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", DATABASES)
def test_a_kill_at_each_named_step_loses_nothing(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    database = request.getfixturevalue("postgres").new_database() if kind == "postgres" else None
    with killing(tmp_path / "home", database) as store:
        for step in (*INGESTION, *ERASURE):
            assert store.start(step=step).status == -9, step
        assert store.start().status == 0
        store.assert_whole()
