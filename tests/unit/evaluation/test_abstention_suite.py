"""Measuring abstention."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import RequestError, ServiceError
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON
from evaluation.suites.abstention import SUITE, risk_coverage
from tests.unit.evaluation.answerers import (
    QUESTIONS,
    Careful,
    Copier,
    Inventor,
    Refuser,
    Scripted,
    answer,
    write_set,
)

FIRST, SECOND, THIRD, STORED, BUILT = (row["question"] for row in QUESTIONS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "small")


def values(report: Report) -> dict[str, float]:
    return {figure.name: figure.value for figure in report.figures}


def test_a_careful_answerer_is_seen_to_be_good(folder: Path) -> None:
    report = evaluate(SUITE, folder, Careful())
    assert values(report) == {
        "answered_answerable": 1.0,
        "coverage": 0.6,
        "selective_risk": 0.0,
        "refused_unanswerable": 1.0,
        "wrong_answer_rate": 0.0,
        "risk_coverage_area": pytest.approx((0 + 0 + 0 + 1 / 4 + 2 / 5) / 5),
    }
    (curve,) = report.curves
    assert curve.points == ((0.2, 0.0), (0.4, 0.0), (0.6, 0.0), (0.8, 0.25), (1.0, 0.4))
    assert report.main == ("refused_unanswerable", "answered_answerable", "selective_risk", "risk_coverage_area")


def test_copying_the_top_passage_does_not_win(folder: Path) -> None:
    found = values(evaluate(SUITE, folder, Copier()))
    assert (found["refused_unanswerable"], found["wrong_answer_rate"], found["answered_answerable"]) == (0.0, 1.0, 1.0)
    assert found["selective_risk"] == 0.4
    assert found["risk_coverage_area"] == pytest.approx(0.4)


def test_refusing_everything_does_not_win(folder: Path) -> None:
    found = values(evaluate(SUITE, folder, Refuser()))
    assert (found["refused_unanswerable"], found["answered_answerable"], found["coverage"]) == (1.0, 0.0, 0.0)
    assert found["risk_coverage_area"] == 1.0
    assert "selective_risk" not in found


def test_inventing_does_not_win(folder: Path) -> None:
    found = values(evaluate(SUITE, folder, Inventor()))
    assert (found["refused_unanswerable"], found["wrong_answer_rate"]) == (0.0, 1.0)
    # it names the text that answers the first of five questions
    assert found["selective_risk"] == 0.8
    assert found["risk_coverage_area"] == pytest.approx(0.8)


def test_answers_are_taken_in_the_order_of_their_confidence(folder: Path) -> None:
    wrong = answer("x", ("fee", "x"), score=0.2)
    told = {FIRST: answer("x", ("dose", "x"), score=0.9), SECOND: wrong, STORED: answer("x", ("dose", "x"), score=0.5)}
    (curve,) = evaluate(SUITE, folder, Scripted(told)).curves
    assert [risk for _, risk in curve.points] == [0.0, 1 / 2, 2 / 3, 3 / 4, 4 / 5]


def test_the_best_claim_is_the_confidence_and_one_gold_quote_is_enough(folder: Path) -> None:
    told = answer("x", ("fee", "x"), score=0.3)
    told["claims"] += answer("y", ("dose", "y"), score=0.8)["claims"]
    scores = evaluate(SUITE, folder, Scripted({FIRST: told})).cases[0].scores
    assert (scores["confidence"], scores["selective_risk"]) == (0.8, 0.0)


def test_answers_of_equal_confidence_share_their_risk() -> None:
    assert risk_coverage([(0.5, 1.0), (0.5, 0.0), (0.9, 0.0)], 4) == (
        (0.25, 0.0),
        (0.5, 0.25),
        (0.75, 1 / 3),
        (1.0, 0.5),
    )
    assert risk_coverage([(0.5, 0.0), (0.5, 1.0)], 2) == risk_coverage([(0.5, 1.0), (0.5, 0.0)], 2)


def test_figures_know_what_is_better(folder: Path) -> None:
    report = evaluate(SUITE, folder, Copier())
    better = {figure.name: figure.higher_is_better for figure in report.figures}
    assert better == {
        "answered_answerable": True,
        "coverage": None,
        "selective_risk": False,
        "refused_unanswerable": True,
        "wrong_answer_rate": False,
        "risk_coverage_area": False,
    }


class Broken(Careful):
    """Fails at two questions."""

    def ask(self, body: JSON) -> JSON:
        if body["question"] in {FIRST, BUILT}:
            raise ServiceError("service.drafter_deadline")
        return super().ask(body)


def test_an_error_is_neither_an_answer_nor_a_refusal(folder: Path) -> None:
    report = evaluate(SUITE, folder, Broken())
    assert report.cases[0].tags == {"answerable": "yes", "outcome": "service.drafter_deadline"}
    assert report.cases[4].scores == {"refused_unanswerable": 0.0, "wrong_answer_rate": 0.0, "coverage": 0.0}
    found = values(report)
    assert found["answered_answerable"] == pytest.approx(2 / 3)
    assert found["refused_unanswerable"] == 0.5


def test_cases_say_which_questions_had_an_answer_and_hold_no_text(folder: Path) -> None:
    report = evaluate(SUITE, folder, Careful())
    assert [case.tags["answerable"] for case in report.cases] == ["yes", "yes", "yes", "no", "no"]
    assert report.cases[2].passages == ("p-fee",)
    assert "berth" not in str(report.to_json())


def test_a_set_of_one_kind_of_questions_is_refused(tmp_path: Path) -> None:
    for number, questions in enumerate((QUESTIONS[:3], QUESTIONS[3:])):
        folder = write_set(tmp_path / f"half-{number}", questions=questions)
        with pytest.raises(RequestError, match=rf"half-{number} has no answerable or no unanswerable question"):
            evaluate(SUITE, folder, Careful())
