"""Reading questions with their answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.datasets.bioasq import read_bioasq
from evaluation.datasets.questions import read_foreign_questions, read_questions
from evaluation.subject import JSON, CorpusText
from tests.data import ROOT, shared_data
from tests.unit.evaluation.answerers import CORPUS, QUESTIONS, write_set

SAMPLE = ROOT / "app" / "samples" / "evaluation" / "questions"


def write_beir(folder: Path, questions: list[JSON], judged: str = "q1\td1\t1\nq2\td2\t2\nq2\td1\t0\n") -> Path:
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": f"d{number}", "title": "T", "text": f"text {number}"} for number in (1, 2)]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, questions)))
    (folder / "qrels" / "dev.tsv").write_text(judged)
    return folder


def beir_questions() -> list[JSON]:
    return [
        {"_id": "q1", "text": "One?", "ideal_answer": "First."},
        {"_id": "q2", "text": "Two?", "ideal_answer": ["Second.", "The second."]},
        {"_id": "q3", "text": "Not judged?"},
    ]


def fault(folder: Path) -> tuple[str, str]:
    with pytest.raises(RequestError) as caught:
        read_questions(folder)
    return caught.value.code, caught.value.detail


def test_a_set_of_ours_is_read_whole(tmp_path: Path) -> None:
    corpus = [{**CORPUS[0], "subject": "patient-1", "effective_from": "2024-01-01", "effective_to": "2025-01-01"}]
    question = {**QUESTIONS[0], "must": ["5 mg", ["daily", "a day"]], "subject": "patient-1", "as_of": "2024-02-03"}
    data = read_questions(write_set(tmp_path / "small", corpus, [question, QUESTIONS[3]]))
    assert data.name == "small"
    (text,) = data.corpus
    assert (text.key, text.title, text.subject) == ("dose", "Tamorel", "patient-1")
    assert (text.effective_from, text.effective_to) == ("2024-01-01", "2025-01-01")
    asked, unanswerable = data.questions.values()
    assert (asked.gold, asked.ideal) == (frozenset({"dose"}), ("Tamorel is started at 5 mg once daily.",))
    assert (asked.must, asked.unacceptable) == ((("5 mg",), ("daily", "a day")), ("2.5 mg",))
    assert (asked.answerable, unanswerable.answerable) == (True, False)
    assert (asked.subject, asked.as_of, unanswerable.as_of) == ("patient-1", "2024-02-03", None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"_id": 7}, "questions.jsonl:1 has no _id"),
        ({"question": " "}, "questions.jsonl:1 has no question"),
        ({"gold": ["elsewhere"]}, "questions.jsonl:1 has gold that is not in corpus.jsonl"),
        ({"gold": []}, "questions.jsonl:1 is answerable but has no ideal or no gold"),
        ({"ideal": []}, "questions.jsonl:1 is answerable but has no ideal or no gold"),
        ({"ideal": [3]}, "questions.jsonl:1 has a field ideal that is no list of texts"),
        ({"ideal": {"a": "b"}}, "questions.jsonl:1 has a field ideal that is no list of texts"),
        ({"answerable": "yes"}, "questions.jsonl:1 has a field answerable that is not true or false"),
        ({"answerable": False}, "questions.jsonl:1 is not answerable but has ideal, gold or must"),
        ({"must": "5 mg"}, "questions.jsonl:1 has a field must that is no list"),
        ({"must": [[]]}, "questions.jsonl:1 has a field must that is no list"),
        ({"must": [5]}, "questions.jsonl:1 has a field must that is no list of texts"),
        ({"unacceptable": [""]}, "questions.jsonl:1 has a field unacceptable that is no list of texts"),
        ({"subject": 5}, "questions.jsonl:1 has a field subject that is no text"),
        ({"as_of": "yesterday"}, "questions.jsonl:1 has a field as_of that is no date"),
    ],
)
def test_a_question_at_fault_is_named_without_its_text(tmp_path: Path, changed: JSON, said: str) -> None:
    folder = write_set(tmp_path / "small", questions=[{**QUESTIONS[0], **changed}])
    assert fault(folder) == ("request.dataset_invalid", said)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": ""}, "corpus.jsonl:1 has no text"),
        ({"title": 5}, "corpus.jsonl:1 has a field title that is no text"),
        ({"effective_from": "2024-13-01"}, "corpus.jsonl:1 has a field effective_from that is no date"),
        ({"effective_from": "2025-01-01", "effective_to": "2024-01-01"}, "corpus.jsonl:1 ends before it begins"),
    ],
)
def test_a_text_at_fault_is_named(tmp_path: Path, changed: JSON, said: str) -> None:
    folder = write_set(tmp_path / "small", corpus=[{**CORPUS[0], **changed}])
    assert fault(folder) == ("request.dataset_invalid", said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"_id": "a", "text": "b"}\n{"_id":', "corpus.jsonl:2 is not JSON"),
        (b"\n[1]\n", "corpus.jsonl:2 has no _id"),
        (b'{"_id": "a", "text": "b"}\n{"_id": "a", "text": "c"}', "corpus.jsonl:2 repeats an _id"),
        (b"\xff", "corpus.jsonl is not UTF-8"),
        (b"\n", "corpus.jsonl is empty"),
    ],
)
def test_a_file_at_fault_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    folder = write_set(tmp_path / "small")
    (folder / "corpus.jsonl").write_bytes(content)
    assert fault(folder) == ("request.dataset_invalid", said)


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "small")
    rows = [json.dumps({**row, "text": f"{row['text']}\u2028more"}, ensure_ascii=False) for row in CORPUS]
    (folder / "corpus.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert read_questions(folder).corpus[0].text.endswith("\u2028more")


def test_bioasq_brings_ideal_answers_and_judged_evidence(tmp_path: Path) -> None:
    data = read_bioasq(write_beir(tmp_path / "bio", beir_questions()))
    assert data.corpus[0] == CorpusText(key="d1", title="T", text="text 1")
    assert list(data.questions) == ["q1", "q2"]
    assert data.questions["q1"].ideal == ("First.",)
    assert data.questions["q2"].ideal == ("Second.", "The second.")
    assert data.questions["q2"].gold == {"d2"}


def test_a_beir_folder_without_ideal_answers_or_evidence_is_refused(tmp_path: Path) -> None:
    bare = write_beir(tmp_path / "bare", [{"_id": "q1", "text": "One?"}], "q1\td1\t1\n")
    with pytest.raises(RequestError, match=r"queries\.jsonl:1 has no ideal_answer"):
        read_bioasq(bare)
    unjudged = write_beir(tmp_path / "unjudged", beir_questions(), "q1\td1\t0\n")
    with pytest.raises(RequestError, match="qrels have nothing relevant for q1"):
        read_bioasq(unjudged)


def test_questions_of_another_set_are_unanswerable(tmp_path: Path) -> None:
    write_beir(tmp_path / "own", beir_questions())
    write_beir(
        tmp_path / "other",
        [{"_id": f"q{n}", "text": f"{n}?"} for n in range(1, 5)],
        "".join(f"q{n}\td1\t1\n" for n in range(1, 5)),
    )
    file = tmp_path / "pair.json"
    file.write_text(json.dumps({"corpus": "own", "foreign_questions": "other", "questions": 2}))
    data = read_foreign_questions(file)
    assert data.name == "own+other"
    assert [text.key for text in data.corpus] == ["d1", "d2"]
    assert list(data.questions) == ["own/q1", "own/q2", "other/q1", "other/q3"]
    assert [question.answerable for question in data.questions.values()] == [True, True, False, False]
    assert (data.questions["own/q2"].gold, data.questions["other/q3"].gold) == (frozenset({"d2"}), frozenset())
    file.write_text(json.dumps({"corpus": "own", "foreign_questions": "other"}))
    assert len(read_foreign_questions(file).questions) == 6


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "pair.json does not name corpus and foreign_questions in JSON"),
        ("[]", "pair.json does not name corpus and foreign_questions in JSON"),
        ('{"corpus": "own"}', "pair.json does not name corpus and foreign_questions in JSON"),
        ('{"corpus": "own", "foreign_questions": 5}', "pair.json does not name corpus and foreign_questions in JSON"),
        (
            '{"corpus": "own", "foreign_questions": "own", "questions": 0}',
            "pair.json has a field questions that is no whole number above zero",
        ),
        ('{"corpus": "own", "foreign_questions": "own"}', "pair.json names one set twice"),
        ('{"corpus": "own", "foreign_questions": "none"}', "corpus.jsonl cannot be read"),
    ],
)
def test_a_pair_at_fault_is_named(tmp_path: Path, content: str, said: str) -> None:
    write_beir(tmp_path / "own", beir_questions())
    (tmp_path / "pair.json").write_text(content)
    with pytest.raises(RequestError) as caught:
        read_foreign_questions(tmp_path / "pair.json")
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", said)


def test_the_shipped_sample_is_sound() -> None:
    data = read_questions(SAMPLE)
    questions = list(data.questions.values())
    texts = {text.key: text.text for text in data.corpus}
    assert (len(data.corpus), len(questions), sum(not question.answerable for question in questions)) == (30, 30, 10)
    for question in questions:
        whole = " ".join(texts[key] for key in question.gold).lower()
        for alternatives in question.must:
            assert any(phrase.lower() in whole for phrase in alternatives), question.id
        assert not any(
            phrase.lower() in ideal.lower() for phrase in question.unacceptable for ideal in question.ideal
        ), question.id


def test_every_question_of_bioasq_has_an_ideal_answer() -> None:
    data = read_bioasq(shared_data("bioasq"))
    assert (len(data.questions), len(data.corpus)) == (1497, 13038)
    assert all(question.ideal and question.gold for question in data.questions.values())
