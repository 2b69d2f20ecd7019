"""Measuring retrieval."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.datasets.spans import SpanQuery, read_spans
from evaluation.means import percentile
from evaluation.run import evaluate
from evaluation.subject import JSON
from evaluation.suites.retrieval import SUITE, covered, judged, overlap
from tests.unit.evaluation.scripted import ScriptedSubject

FOUND = {"one": ["d0", "d1"], "two": ["d2", "d1", "d0"], "three": [], "four": ["d0", "d3"]}
QRELS = "q1\td0\t1\nq2\td0\t1\nq2\td1\t1\nq3\td4\t1\nq4\td3\t1\nq4\td0\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "small"
    (place / "qrels").mkdir(parents=True)
    corpus = [{"_id": f"d{number}", "title": "", "text": f"text {number}"} for number in range(5)]
    queries = [{"_id": f"q{number}", "text": text} for number, text in enumerate(FOUND, start=1)]
    (place / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (place / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (place / "qrels" / "dev.tsv").write_text(QRELS)
    return place


class Ranker(ScriptedSubject):
    """Finds what it is told, with one score for all, so that only the order counts."""

    def __init__(self, found: dict[str, list[str]] | None = None) -> None:
        super().__init__()
        self.found = FOUND if found is None else found
        self.modes: list[str] = []

    def rank(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, float, str]]:
        assert collection == "small"
        self.modes.append(mode)
        return [(key, 1.0, f"p-{key}") for key in self.found.get(query, [])][:k]


def test_the_measures_are_those_that_a_person_works_out(folder: Path) -> None:
    report = evaluate(SUITE, folder, Ranker())
    second, third = 1 / math.log2(3), 1 / math.log2(4)
    expected = {
        "ndcg@10": (1 + (second + third) / (1 + second) + 0 + second) / 4,
        "recall@10": (1 + 1 + 0 + 1) / 4,
        "recall@100": (1 + 1 + 0 + 1) / 4,
        "mrr@10": (1 + 1 / 2 + 0 + 1 / 2) / 4,
        "map": (1 + (1 / 2 + 2 / 3) / 2 + 0 + 1 / 2) / 4,
        "precision@1": 1 / 4,
    }
    for name, value in expected.items():
        figure = report.figure(f"words.{name}")
        assert figure.value == pytest.approx(value, abs=1e-6)
        assert figure.count == 4
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
    assert report.main[:2] == ("hybrid.ndcg@10", "hybrid.recall@10")


def test_every_question_is_asked_in_every_mode_and_kept(folder: Path) -> None:
    subject, seen = Ranker(), list[tuple[str, int, int]]()
    report = evaluate(SUITE, folder, subject, progress=lambda *step: seen.append(step))
    assert [text.key for text in subject.loaded] == ["d0", "d1", "d2", "d3", "d4"]
    assert subject.modes == ["hybrid", "words", "dense"] * 4
    assert seen == [("ingesting", 0, 5), ("ingesting", 5, 5), *(("measuring", n, 4) for n in (1, 2, 3, 4))]
    assert [case.id for case in report.cases] == ["q1", "q2", "q3", "q4"]
    assert report.cases[1].passages == ("p-d2", "p-d1", "p-d0")
    assert report.cases[2].scores["hybrid.ndcg@10"] == 0.0


def test_a_system_that_finds_nothing_scores_nothing(folder: Path) -> None:
    report = evaluate(SUITE, folder, Ranker({}))
    assert {figure.value for figure in report.figures if not figure.unit} == {0.0}


def test_documents_of_equal_score_count_in_the_order_given() -> None:
    assert judged({"a": 1}, ["z", "a"])["precision@1"] == 0.0
    assert judged({"a": 1}, ["a", "z"])["precision@1"] == 1.0


def span_set(folder: Path, spans: list[list[int]], *, file: str = "nda/one.txt") -> Path:
    place = folder / "legal"
    (place / "corpus" / "nda").mkdir(parents=True)
    (place / "benchmarks").mkdir()
    (place / "corpus" / "nda" / "one.txt").write_text("a" * 100)
    tests = [{"query": "What?", "snippets": [{"file_path": file, "span": span} for span in spans]}]
    (place / "benchmarks" / "nda.json").write_text(json.dumps({"tests": tests}))
    return place


class Finder(ScriptedSubject):
    """Finds three passages, the second of which holds the answer."""

    def ingest(self, paths: Sequence[Path], options: JSON) -> Sequence[JSON]:
        self.files = [(path, options) for path in paths]
        return []

    def spans(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, int, int, str]]:
        file = str(self.files[0][0])
        return [(file, 50, 60, "p1"), (file, 10, 30, "p2"), (file, 0, 10, "p3")][:k]


def test_characters_are_counted_at_every_depth(tmp_path: Path) -> None:
    report = evaluate(SUITE, span_set(tmp_path, [[20, 40]]), Finder())
    assert report.figure("hybrid.char_recall@1").value == 0.0
    assert report.figure("hybrid.char_recall@2").value == 0.5
    assert report.figure("hybrid.char_precision@2").value == pytest.approx(10 / 30)
    assert report.figure("hybrid.char_precision@64").value == pytest.approx(10 / 40)
    assert report.figure("hybrid.char_recall@4000c").value == 0.5
    assert report.cases[0].tags == {"benchmark": "nda"}
    assert next(curve.name for curve in report.curves) == "hybrid: characters"


def test_each_of_several_benchmarks_has_figures_of_its_own(tmp_path: Path) -> None:
    place = span_set(tmp_path, [[10, 30]])
    other = [{"query": "Who?", "snippets": [{"file_path": "nda/one.txt", "span": [60, 90]}]}]
    (place / "benchmarks" / "privacy.json").write_text(json.dumps({"tests": other}))
    report = evaluate(SUITE, place, Finder())
    assert report.figure("hybrid.char_recall@8").value == 0.5
    assert report.figure("nda.hybrid.char_recall@8").value == 1.0
    assert report.figure("privacy.hybrid.char_recall@8").value == 0.0
    assert report.figure("privacy.hybrid.char_recall@8").count == 1
    single = evaluate(SUITE, place / "benchmarks" / "nda.json", Finder())
    assert not [figure.name for figure in single.figures if figure.name.startswith("nda.")]


def test_a_wrong_span_is_seen() -> None:
    query = SpanQuery(id="q", text="What?", spans=(("f", 20, 40),))
    assert overlap(query, [("f", 20, 40)]) == (1.0, 1.0)
    assert overlap(query, [("g", 20, 40)]) == (0.0, 0.0)
    assert overlap(query, [("f", 40, 60)]) == (0.0, 0.0)
    assert overlap(query, [("f", 0, 40), ("f", 0, 40)]) == (0.5, 1.0)


def test_short_and_long_spans_get_the_same_number_of_characters() -> None:
    query = SpanQuery(id="q", text="What?", spans=(("f", 1_000, 2_000),))
    long = covered(query, [("f", 0, 3_000), ("g", 0, 9_000)])
    short = covered(query, [("f", number * 100, number * 100 + 100) for number in range(5, 60)])
    assert (long["char_recall@1"], short["char_recall@1"]) == (1.0, 0.0)
    assert (long["char_recall@2000c"], short["char_recall@2000c"]) == (1.0, 1.0)


def test_a_span_is_cut_where_the_characters_end() -> None:
    query = SpanQuery(id="q", text="What?", spans=(("f", 3_000, 5_000),))
    scores = covered(query, [("g", 0, 1_500), ("g", 0, 1_500), ("f", 2_500, 5_000)])
    assert (scores["char_recall@2000c"], scores["char_recall@4000c"], scores["char_recall@8000c"]) == (0.0, 0.25, 1.0)


@pytest.mark.parametrize(
    ("spans", "file", "fault"),
    [
        ([[20, 101]], "nda/one.txt", "nda.json: test 0 has a span outside nda/one.txt"),
        ([[20]], "nda/one.txt", "nda.json: test 0 has no query or no snippets with spans"),
        ([], "nda/one.txt", "nda.json: test 0 has no snippets"),
        ([[0, 1]], "nda/two.txt", "nda.json: test 0 names a file that cannot be read"),
        ([[0, 1]], "../benchmarks/nda.json", "nda.json: test 0 names a file outside corpus/"),
    ],
)
def test_a_set_at_fault_is_named(tmp_path: Path, spans: list[list[int]], file: str, fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_spans(span_set(tmp_path, spans, file=file))
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", fault)


@pytest.mark.parametrize(("percent", "value"), [(50, 5.0), (95, 10.0), (90, 9.0), (1, 1.0), (100, 10.0)])
def test_a_percentile_is_a_value_that_was_measured(percent: int, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], percent) == value


def test_no_values_have_no_percentile() -> None:
    assert percentile([], 50) == 0.0
