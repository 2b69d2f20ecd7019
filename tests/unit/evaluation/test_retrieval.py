"""Measuring retrieval."""

from __future__ import annotations

import json
import math

import pytest

from evaluation.beir import BeirDataset, BeirDocument
from evaluation.retrieval import percentile, run

DATASET = BeirDataset(
    name="small",
    corpus=tuple(BeirDocument(id=f"d{number}", title="", text="") for number in range(5)),
    queries={"q1": "one", "q2": "two", "q3": "three", "q4": "four"},
    qrels={"q1": {"d0": 1}, "q2": {"d0": 1, "d1": 1}, "q3": {"d4": 1}, "q4": {"d3": 1, "d0": 0}},
)
FOUND = {
    "one": ["d0", "d1"],
    "two": ["d2", "d1", "d0"],
    "three": [],
    "four": ["d0", "d3"],
}


class Scripted:
    """Finds what it is told, with one score for all, so that only the order counts."""

    def __init__(self) -> None:
        self.loaded = 0
        self.modes: list[str] = []

    def load(self, dataset: BeirDataset) -> None:
        self.loaded += len(dataset.corpus)

    def search(self, query: str, k: int, mode: str) -> list[tuple[str, float]]:
        self.modes.append(mode)
        return [(document, 1.0) for document in FOUND[query]][:k]


def test_the_measures_are_those_that_a_person_works_out() -> None:
    report = run(DATASET, Scripted(), ["words"])
    (mode,) = report.modes
    second, third = 1 / math.log2(3), 1 / math.log2(4)
    assert dict(mode.measures) == pytest.approx(
        {
            "ndcg@10": (1 + (second + third) / (1 + second) + 0 + second) / 4,
            "recall@10": (1 + 1 + 0 + 1) / 4,
            "recall@100": (1 + 1 + 0 + 1) / 4,
            "mrr@10": (1 + 1 / 2 + 0 + 1 / 2) / 4,
            "map": (1 + (1 / 2 + 2 / 3) / 2 + 0 + 1 / 2) / 4,
            "precision@1": 1 / 4,
        }
    )


def test_every_mode_asks_every_question_and_reports_its_progress() -> None:
    system, calls = Scripted(), list[tuple[str, int, int]]()
    report = run(DATASET, system, progress=lambda mode, done, all_: calls.append((mode, done, all_)))
    assert system.loaded == 5
    assert system.modes == ["hybrid"] * 4 + ["words"] * 4 + ["dense"] * 4
    assert calls[0] == ("hybrid", 1, 4)
    assert calls[-1] == ("dense", 4, 4)
    assert (report.dataset, report.documents, report.judged_queries) == ("small", 5, 4)


def test_each_question_is_kept_even_when_it_finds_nothing() -> None:
    (mode,) = run(DATASET, Scripted(), ["words"]).modes
    assert [query.query_id for query in mode.queries] == ["q1", "q2", "q3", "q4"]
    assert mode.queries[1].found == ("d2", "d1", "d0")
    assert mode.queries[2].measures["ndcg@10"] == 0.0
    assert mode.queries[0].milliseconds >= 0
    assert mode.p95_ms >= mode.p50_ms


class Silent(Scripted):
    """Finds nothing at all."""

    def search(self, query: str, k: int, mode: str) -> list[tuple[str, float]]:
        return []


def test_a_system_that_finds_nothing_scores_nothing() -> None:
    (mode,) = run(DATASET, Silent(), ["words"]).modes
    assert set(mode.measures.values()) == {0.0}


def test_a_report_is_plain_json() -> None:
    report = run(DATASET, Scripted(), ["words"])
    plain = json.loads(json.dumps(report.to_json()))
    assert plain["modes"][0]["queries"][0]["found"] == ["d0", "d1"]
    assert "queries" not in report.to_json(per_query=False)["modes"][0]
    assert report.to_json(per_query=False)["modes"][0]["measures"]["precision@1"] == 0.25


@pytest.mark.parametrize(("percent", "value"), [(50, 5.0), (95, 10.0), (90, 9.0), (1, 1.0), (100, 10.0)])
def test_a_percentile_is_a_value_that_was_measured(percent: int, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], percent) == value


def test_no_values_have_no_percentile() -> None:
    assert percentile([], 50) == 0.0
