"""Measuring answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import RequestError, ServiceError
from evaluation.datasets.questions import AskedQuestion
from evaluation.overlap import Overlap, content_overlap, is_verbatim, rouge_2_recall, rouge_l, says
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON
from evaluation.suites.answers import SUITE, is_correct
from tests.unit.evaluation.answerers import (
    CORPUS,
    DOSE,
    QUESTIONS,
    Careful,
    Copier,
    Inventor,
    Refuser,
    Scripted,
    answer,
    write_set,
)

FIRST = "At what dose is tamorel started?"
RIGHT = "Tamorel is started at 5 mg once daily."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "small")


def values(report: Report) -> dict[str, float]:
    return {figure.name: figure.value for figure in report.figures if not figure.unit}


def test_a_careful_answerer_is_seen_to_be_good(folder: Path) -> None:
    found = values(evaluate(SUITE, folder, Careful()))
    assert found.pop("refused") == 0.0
    assert found == dict.fromkeys(
        [
            "correct_and_cited", "answer_f1", "correct", "concision", "content_recall", "rouge_l", "rouge_2_recall",
            "citation_precision", "citation_recall", "verbatim", "refused_unanswerable",
        ],
        1.0,
    )  # fmt: skip


def test_copying_the_top_passage_does_not_win(folder: Path) -> None:
    report = evaluate(SUITE, folder, Copier())
    found = values(report)
    assert (
        found["citation_precision"] == found["citation_recall"] == found["verbatim"] == found["content_recall"] == 1.0
    )
    # it says the dose for renal failure and the landlord's notice as well; the berth fee is all there is
    assert found["correct_and_cited"] == pytest.approx(1 / 3)
    # 6 of 18, 5 of 17 and 5 of 7 content words are those of the ideal answer
    assert found["concision"] == pytest.approx((6 / 18 + 5 / 17 + 5 / 7) / 3)
    assert found["answer_f1"] == pytest.approx((12 / 24 + 10 / 22 + 10 / 12) / 3)
    assert found["refused_unanswerable"] == 0.0
    assert report.main[:2] == ("correct_and_cited", "answer_f1")


def test_refusing_everything_does_not_win(folder: Path) -> None:
    found = values(evaluate(SUITE, folder, Refuser()))
    assert (found["correct_and_cited"], found["answer_f1"], found["refused"]) == (0.0, 0.0, 1.0)
    assert (found["content_recall"], found["citation_recall"], found["refused_unanswerable"]) == (0.0, 0.0, 1.0)
    assert not {"citation_precision", "verbatim", "concision"} & found.keys()


def test_inventing_does_not_win(folder: Path) -> None:
    found = values(evaluate(SUITE, folder, Inventor()))
    assert (found["correct_and_cited"], found["answer_f1"], found["verbatim"]) == (0.0, 0.0, 0.0)
    assert found["citation_precision"] == pytest.approx(1 / 6)
    assert found["refused_unanswerable"] == 0.0


@pytest.mark.parametrize(
    ("quotes", "precision", "verbatim", "cited"),
    [
        ([("dose", RIGHT)], 1.0, 1.0, 1.0),
        ([("dose", "Tamorel is  started\nat 5 mg")], 1.0, 1.0, 1.0),
        ([("dose", "Tamorel is started at 7 mg once daily.")], 1.0, 0.0, 0.0),
        ([("dose", RIGHT), ("dose", "at 5 mg twice daily")], 1.0, 0.5, 0.0),
        ([("dose", "5 mg. Tablets")], 1.0, 0.0, 0.0),
        ([("fee", RIGHT)], 0.0, 0.0, 0.0),
        ([("fee", "It is due on departure.")], 0.0, 1.0, 0.0),
        ([("dose", RIGHT), ("fee", "It is due on departure.")], 0.5, 1.0, 1.0),
        ([("nowhere", RIGHT)], 0.0, 0.0, 0.0),
        ([], 0.0, 0.0, 0.0),
    ],
)
def test_a_right_answer_must_rest_on_real_words_of_gold(
    folder: Path, quotes: list[tuple[str, str]], precision: float, verbatim: float, cited: float
) -> None:
    report = evaluate(SUITE, folder, Scripted({FIRST: answer(RIGHT, *quotes)}))
    scores = report.cases[0].scores
    assert scores["correct"] == 1.0
    assert (scores["citation_precision"], scores["verbatim"], scores["correct_and_cited"]) == (
        precision,
        verbatim,
        cited,
    )


def test_no_more_than_five_gold_documents_need_be_quoted(tmp_path: Path) -> None:
    corpus = [{"_id": f"t{number}", "text": RIGHT} for number in range(8)]
    question = {**QUESTIONS[0], "gold": [row["_id"] for row in corpus]}
    folder = write_set(tmp_path / "wide", corpus, [question])
    for quoted, recall in ((1, 0.2), (5, 1.0), (7, 1.0)):
        told = answer(RIGHT, *((f"t{number}", RIGHT) for number in range(quoted)))
        report = evaluate(SUITE, folder, Scripted({FIRST: told}))
        assert report.cases[0].scores["citation_recall"] == recall
    twice = answer(RIGHT, ("t0", RIGHT), ("t0", "once daily"))
    assert evaluate(SUITE, folder, Scripted({FIRST: twice})).cases[0].scores["citation_recall"] == 0.2


def test_questions_are_asked_about_their_subject_on_their_day(tmp_path: Path) -> None:
    corpus = [{**CORPUS[0], "subject": "patient-1", "effective_from": "2024-01-01"}]
    question = {**QUESTIONS[0], "subject": "patient-1", "as_of": "2024-02-03"}
    subject = Scripted({})
    evaluate(SUITE, write_set(tmp_path / "labelled", corpus, [question]), subject)
    expected = {
        "question": FIRST, "collections": ["labelled"], "purpose": "treatment", "subjects": ["patient-1"],
        "as_of": "2024-02-03",
    }  # fmt: skip
    assert subject.bodies == [expected]
    assert (subject.loaded[0].subject, subject.loaded[0].effective_from) == ("patient-1", "2024-01-01")


def test_cases_name_passages_and_outcomes_and_no_text(folder: Path) -> None:
    report = evaluate(SUITE, folder, Careful())
    assert [case.tags["outcome"] for case in report.cases] == ["answered"] * 3 + ["refusal.not_answered"] * 2
    assert [case.passages for case in report.cases] == [("p-dose",), ("p-notice",), ("p-fee",), (), ()]
    shown = str(report.to_json())
    assert "Tamorel" not in shown
    assert "tenant" not in shown


def test_latency_is_a_fact_and_no_mean(folder: Path) -> None:
    report = evaluate(SUITE, folder, Careful())
    for name in ("p50_ms", "p95_ms"):
        figure = report.figure(name)
        assert (figure.unit, figure.higher_is_better, figure.low, figure.count) == ("ms", False, None, 5)
    assert report.figure("refused").higher_is_better is False
    assert "ms" not in {figure.name for figure in report.figures}


class Broken(Careful):
    """Fails at two questions."""

    def ask(self, body: JSON) -> JSON:
        if body["question"] in {FIRST, "Who built the lighthouse?"}:
            raise ServiceError("service.drafter_deadline")
        return super().ask(body)


def test_an_error_is_neither_an_answer_nor_a_refusal(folder: Path) -> None:
    report = evaluate(SUITE, folder, Broken())
    assert report.cases[0].tags == report.cases[4].tags == {"outcome": "service.drafter_deadline"}
    assert report.cases[4].scores == {"refused_unanswerable": 0.0}
    assert (report.cases[0].scores["correct_and_cited"], report.cases[0].scores["refused"]) == (0.0, 0.0)
    assert report.figure("correct_and_cited").value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("It begins with 5 MG  once daily.", True),
        ("It begins with 5 mg.", False),
        ("5 mg once daily, in renal failure 2.5 mg.", False),
        ("15 mg once daily", False),
        ("2.5 mg once daily", False),
        ("5 mg once daily, in renal failure 12.5 mg", True),
    ],
)
def test_a_right_answer_says_what_it_must_and_nothing_unacceptable(said: str, *, right: bool) -> None:
    question = AskedQuestion(id="q", text="?", must=(("5 mg once daily",),), unacceptable=("2.5 mg",))
    assert is_correct(said, question) is right


def test_one_of_the_alternatives_will_do() -> None:
    question = AskedQuestion(id="q", text="?", must=(("left out", "skipped"), ("next dose",)))
    assert is_correct("It is skipped; take the next dose.", question)
    assert is_correct("It is left out until the next dose.", question)
    assert not is_correct("It is left out.", question)


def test_without_must_half_of_an_ideal_answers_content_words_make_it_right() -> None:
    question = AskedQuestion(
        id="q", text="?", ideal=("alpha beta gamma delta", "omega sigma rho"), unacceptable=("no",)
    )
    assert is_correct("the alpha and the beta", question)
    assert not is_correct("the alpha", question)
    assert is_correct("omega, sigma", question)
    assert not is_correct("no omega, sigma", question)


def test_rouge_is_that_of_its_paper() -> None:
    # Lin 2004, section 3.1
    reference = ["police killed the gunman"]
    assert rouge_l("police kill the gunman", reference) == 0.75
    assert rouge_l("the gunman kill police", reference) == 0.5
    assert rouge_2_recall("police kill the gunman", reference) == pytest.approx(1 / 3)
    # 3 words in common in order, 5 given, 4 wanted
    assert rouge_l("Police, they killed that gunman", reference) == pytest.approx(2 * 3 / (5 + 4))
    assert rouge_l("police", reference) == pytest.approx(2 / 5)


def test_rouge_takes_the_best_of_the_ideals_and_clips_what_repeats() -> None:
    assert rouge_2_recall("a b a b c", ["x y z", "a b c d"]) == pytest.approx(2 / 3)
    assert rouge_2_recall("a b", ["a b a b"]) == pytest.approx(1 / 3)
    assert rouge_l("a b c", ["x y", "a b c"]) == 1.0
    assert rouge_l("a a", ["a"]) == pytest.approx(2 / 3)
    assert (rouge_l("", ["a"]), rouge_l("a", []), rouge_2_recall("a b", ["a"])) == (0.0, 0.0, 0.0)


def test_content_words_are_stems_without_function_words_and_with_negations() -> None:
    # given: dose, not, exceed, 2.5, mg; wanted: never, dose, over, 2.5, mg, daily
    found = content_overlap("The doses do not exceed 2.5 mg", ["Never dosed over 2.5 mg daily"])
    assert found == Overlap(precision=3 / 5, recall=3 / 6, f1=6 / 11)
    assert content_overlap("the of", ["dose"]) == Overlap(precision=0.0, recall=0.0, f1=0.0)
    assert content_overlap("dose dose dose", ["dose"]).precision == pytest.approx(1 / 3)
    for ideals in (["x y z", "dose mg"], ["dose mg", "x y z"]):
        assert content_overlap("dose", ideals) == Overlap(precision=1.0, recall=0.5, f1=2 / 3)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("started at 2.5 mg.", True),
        ("renal failure it  is\nstarted", True),
        ("5 mg.", False),
        ("In renal failure it is started at 2", False),
        ("al failure", False),
        ("renal fail", False),
        ("tamorel is started", False),
        ("", False),
        ("...", False),
    ],
)
def test_verbatim_words_are_never_cut(quote: str, *, stands: bool) -> None:
    assert is_verbatim(quote, DOSE) is stands


def test_what_is_said_is_found_in_any_case_and_accent() -> None:
    assert says("The MÉNIÈRE  disease", "meniere disease")
    assert not says("12.5 mg", "2.5 mg")


def test_a_folder_that_is_no_set_of_questions_is_named(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(RequestError, match=r"corpus\.jsonl cannot be read"):
        evaluate(SUITE, tmp_path / "none", Careful())
    folder = write_set(tmp_path / "half")
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(RequestError, match=r"corpus\.jsonl cannot be read"):
        evaluate(SUITE, folder, Careful())
