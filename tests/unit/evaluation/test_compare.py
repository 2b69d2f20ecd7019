"""Comparing two runs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from domain.errors import RequestError
from evaluation.compare import Change, Comparison, compare
from evaluation.report import Figure, Report
from tests.unit.evaluation.reports import ORIGIN, report

FOUND = Figure(name="found", value=0.5, count=20)
LEAKED = Figure(name="leaked", value=0.5, count=20, higher_is_better=False)


def runs(old: float, new: float, *figures: Figure, score: str = "found") -> tuple[Report, Report]:
    """Return two reports of twenty cases; in the second each score moved from ``old`` towards ``new``."""
    first = report({f"q{number}": {score: old} for number in range(20)}, *figures)
    second = report({f"q{number}": {score: new + number / 1000} for number in range(20)}, *figures)
    return first, second


def test_a_difference_is_the_mean_over_the_cases_of_both_with_its_interval() -> None:
    first = report({f"q{number}": {"found": 0.5, "old": 1.0} for number in range(12)}, FOUND)
    second = report({f"q{number}": {"found": 0.5 + number / 100, "new": 1.0} for number in range(2, 30)}, FOUND)
    (found,) = compare(first, second).differences
    assert (found.name, found.count, found.first) == ("found", 10, 0.5)
    assert found.difference == pytest.approx(0.065)
    assert found.second == pytest.approx(0.565)
    assert 0.04 < found.low < 0.05
    assert 0.08 < found.high < 0.09
    assert found.verdict == "better"


def test_equal_runs_differ_by_exactly_nothing() -> None:
    first, _ = runs(0.5, 0.7, FOUND)
    (found,) = compare(first, first).differences
    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)
    assert (found.verdict, found.worse, found.better) == ("no clear difference", (), ())


def test_a_planted_loss_is_called_worse_and_its_cases_are_named_the_largest_first() -> None:
    scores = {f"q{number}": {"found": 1.0} for number in range(40)}
    after = scores | {f"q{number}": {"found": number / 100} for number in range(15)} | {"q30": {"found": 1.5}}
    (found,) = compare(report(scores, FOUND), report(after, FOUND)).differences
    assert found.verdict == "worse"
    assert found.worse[:2] == (Change(id="q0", first=1.0, second=0.0), Change(id="q1", first=1.0, second=0.01))
    assert len(found.worse) == 10
    assert found.better == (Change(id="q30", first=1.0, second=1.5),)


@pytest.mark.parametrize(
    ("score", "figures", "old", "new", "verdict"),
    [
        ("found", (FOUND,), 0.5, 0.6, "better"),
        ("found", (FOUND,), 0.5, 0.3, "worse"),
        ("leaked", (LEAKED,), 0.5, 0.6, "worse"),
        ("leaked", (LEAKED,), 0.5, 0.3, "better"),
        ("hybrid.ms", (), 20.0, 30.0, "worse"),
        ("ms", (), 20.0, 10.0, "better"),
        ("words", (), 20.0, 30.0, "higher"),
        ("words", (), 20.0, 10.0, "lower"),
    ],
)
def test_the_verdict_knows_which_direction_is_better(
    score: str, figures: tuple[Figure, ...], old: float, new: float, verdict: str
) -> None:
    (own,) = compare(*runs(old, new, *figures, score=score)).differences
    assert own.verdict == verdict
    changed = own.better if verdict in {"better", "higher"} else own.worse
    assert len(changed) == 10


def test_few_cases_allow_no_verdict() -> None:
    first = report({f"q{number}": {"found": 0.0} for number in range(9)}, FOUND)
    second = report({f"q{number}": {"found": 1.0} for number in range(9)}, FOUND)
    (found,) = compare(first, second).differences
    assert found.verdict == "too few cases"


def test_the_seed_repeats_the_comparison() -> None:
    first, second = runs(0.5, 0.6, FOUND)
    assert compare(first, second, seed=4) == compare(first, second, seed=4)
    assert compare(first, second, seed=4) != compare(first, second, seed=5)


def test_runs_of_other_suites_or_datasets_are_not_compared() -> None:
    first, second = runs(0.5, 0.6, FOUND)
    with pytest.raises(RequestError, match="different suites: retrieval, walls") as suites:
        compare(first, replace(second, suite="walls"))
    with pytest.raises(RequestError, match="different datasets") as datasets:
        compare(first, replace(second, origin=replace(ORIGIN, dataset_digest="e" * 64)))
    assert {suites.value.code, datasets.value.code} == {"request.invalid"}


@pytest.mark.parametrize("other", [{"other": {"found": 1.0}}, {"q1": {"lost": 1.0}}, {}])
def test_runs_without_a_common_score_are_not_compared(other: dict[str, dict[str, float]]) -> None:
    first, _ = runs(0.5, 0.6, FOUND)
    with pytest.raises(RequestError, match="without a case that has a score in both"):
        compare(first, report(other, FOUND))


def test_the_rows_are_what_a_person_reads_below_the_headings() -> None:
    comparison = compare(*runs(0.5, 0.6, FOUND))
    assert Comparison.headings == ("score", "first", "second", "difference", "95 % interval", "cases", "verdict")
    (row,) = comparison.rows()
    assert row[:4] == ("found", "0.5000", "0.6095", "+0.1095")
    assert row[4].startswith("+0.10")
    assert row[5:] == ("20", "better")


def test_a_comparison_is_plain_json() -> None:
    plain = json.loads(json.dumps(compare(*runs(0.5, 0.6, FOUND)).to_json()))
    assert plain["suite"] == "retrieval"
    assert plain["first"]["product"] == "1.2.3"
    assert plain["differences"][0]["better"][0] == {"id": "q19", "first": 0.5, "second": 0.619}
