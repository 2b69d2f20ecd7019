"""A kill -9 at every named step of durable work loses nothing, doubles nothing, and is made good by the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.ports.steps import ERASURE, INGESTION, REEMBEDDING
from tests.killing import killing

# One kind of database each, as a round takes a minute; `python -m tests.bench kill-nine` kills on both, and at random.
SQLITE = ["sqlite"]
POSTGRES = [pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", SQLITE)
def test_a_kill_at_each_named_step_loses_nothing(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    database = request.getfixturevalue("postgres").new_database() if kind == "postgres" else None
    with killing(tmp_path / "home", database) as store:
        for step in (*INGESTION, *ERASURE):
            assert store.start(step=step).status == -9, step
        assert store.start().status == 0
        store.assert_whole()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", POSTGRES)
def test_a_kill_at_each_step_of_a_change_of_encoders_is_made_good(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    database = request.getfixturevalue("postgres").new_database() if kind == "postgres" else None
    with killing(tmp_path / "home", database) as store:
        assert store.start().status == 0
        for step in REEMBEDDING:
            store.change_encoder()
            assert store.start(step=step).status == -9, step
            store.assert_whole()
        assert len(list((tmp_path / "home").glob("index*"))) == 1
