"""No benchmark fails before it has begun: some are run once in weeks."""

from __future__ import annotations

import importlib

import pytest

from tests.bench.__main__ import LONG, MODULES, commands


@pytest.mark.parametrize("name", [*MODULES, *LONG, "rerank_trial", "document"])
def test_a_benchmark_can_be_imported(name: str) -> None:
    assert callable(importlib.import_module(f"tests.bench.{name}").main)


def test_a_benchmark_has_a_command_by_its_name() -> None:
    assert commands().keys() >= {"retrieval-medquad", "walls-sample", *MODULES, *LONG}
