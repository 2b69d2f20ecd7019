"""Gates."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.gates import GateResult, Gates, check, read_gates
from evaluation.registry import SUITES
from evaluation.report import Figure
from tests.data import ROOT
from tests.unit.evaluation.reports import report


def gates(folder: Path, text: str) -> Gates:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_gates(path)


def test_a_gate_holds_each_limit_of_each_figure(tmp_path: Path) -> None:
    own = gates(
        tmp_path,
        '[retrieval.small]\nfound = { at_least = 0.5, at_most = 0.9 }\n"p.50_ms" = { at_most = 20 }\n'
        "[walls.small]\nleaks = { at_most = 0 }\n",
    )
    measured = report({}, Figure(name="found", value=0.5, count=3), Figure(name="p.50_ms", value=20.1, count=3))
    assert check(measured, own) == (
        GateResult(figure="found", limit="at least 0.5", value=0.5, passed=True),
        GateResult(figure="found", limit="at most 0.9", value=0.5, passed=True),
        GateResult(figure="p.50_ms", limit="at most 20", value=20.1, passed=False),
    )


@pytest.mark.parametrize(
    ("value", "limits", "passed"),
    [
        (0.66, "at_least = 0.66", True),
        (0.6599, "at_least = 0.66", False),
        (0.0, "at_most = 0", True),
        (0.001, "at_most = 0", False),
        (math.nan, "at_least = 0", False),
        (math.nan, "at_most = 1", False),
    ],
)
def test_a_limit_is_kept_or_it_is_not(tmp_path: Path, value: float, limits: str, passed: bool) -> None:  # noqa: FBT001 - a table's column
    own = gates(tmp_path, f'[retrieval."*"]\nfound = {{ {limits} }}\n')
    (result,) = check(report({}, Figure(name="found", value=value, count=3)), own)
    assert result.passed is passed


def test_a_figure_that_the_report_lacks_fails(tmp_path: Path) -> None:
    own = gates(tmp_path, '[retrieval."*"]\nfuond = { at_most = 1 }\n')
    (result,) = check(report({}, Figure(name="found", value=0.5, count=3)), own)
    assert result == GateResult(figure="fuond", limit="at most 1", value=None, passed=False)


def test_a_line_for_the_dataset_replaces_that_for_any(tmp_path: Path) -> None:
    own = gates(
        tmp_path,
        '[retrieval.small]\nfound = { at_least = 0.4 }\n[retrieval."*"]\nfound = { at_least = 0.6 }\n'
        "mrr = { at_least = 0.2 }\n",
    )
    measured = report({}, Figure(name="found", value=0.5, count=3), Figure(name="mrr", value=0.5, count=3))
    assert [(result.figure, result.limit) for result in check(measured, own)] == [
        ("found", "at least 0.4"),
        ("mrr", "at least 0.2"),
    ]


@pytest.mark.parametrize("table", ["", "[retrieval.other]\nx = { at_most = 1 }", '[walls."*"]\nx = { at_most = 1 }'])
def test_a_report_that_no_gate_is_for_is_an_error_and_no_pass(tmp_path: Path, table: str) -> None:
    with pytest.raises(RequestError, match=r"mine\.toml has no gate for retrieval on small") as raised:
        check(report({}, Figure(name="x", value=0.5, count=3)), gates(tmp_path, table))
    assert raised.value.code == "request.invalid"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("retrieval = 1", "mine.toml: retrieval is not a table"),
        ("[retrieval]\nsmall = 1", "mine.toml: retrieval.small is not a table"),
        ("[retrieval.small]\nfound = 0.5", "mine.toml: retrieval.small.found is not a table"),
        ("[retrieval.small]\nfound = {}", "mine.toml: retrieval.small.found has no limit"),
        (
            "[retrieval.small]\nfound = { least = 1 }",
            "mine.toml: retrieval.small.found.least is none of at_least, at_most",
        ),
        (
            "[retrieval.small]\nhybrid.ndcg = { at_least = 1 }",
            "mine.toml: retrieval.small.hybrid.ndcg is none of at_least, at_most",
        ),
        ("[retrieval.small]\nx = { at_least = '1' }", "mine.toml: retrieval.small.x.at_least is not a number"),
        ("[retrieval.small]\nx = { at_least = true }", "mine.toml: retrieval.small.x.at_least is not a number"),
        ("[retrieval.small]\nx = { at_least = nan }", "mine.toml: retrieval.small.x.at_least is not a number"),
        ("[retrieval.small]\nx = { at_most = inf }", "mine.toml: retrieval.small.x.at_most is not a number"),
        ("[retrieval", "mine.toml is not TOML"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_by_name_and_key(tmp_path: Path, text: str, detail: str) -> None:
    with pytest.raises(RequestError) as raised:
        gates(tmp_path, text)
    assert (raised.value.code, raised.value.detail) == ("request.dataset_invalid", detail)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.toml cannot be read"):
        read_gates(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9")
    with pytest.raises(RequestError, match=r"latin\.toml cannot be read"):
        read_gates(tmp_path / "latin.toml")


def test_the_gates_that_come_along_are_for_suites_that_there_are_and_let_nothing_through_a_wall() -> None:
    own = read_gates(ROOT / "policies" / "packs" / "gates" / "general.toml")
    suites = {gate.suite for gate in own.gates}
    assert {"retrieval", "answers", "abstention"} <= suites <= set(SUITES)
    leaks = [gate.at_most for gate in own.gates if gate.figure == "canaries_leaked"]
    assert leaks == [0]
