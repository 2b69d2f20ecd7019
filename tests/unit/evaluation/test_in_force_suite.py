"""Repealed and future versions are seen when they answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON, CorpusText
from evaluation.suites.in_force import SUITE
from tests.unit.evaluation.scripted import ScriptedSubject

FEE, LEVY = {"document": "fee", "title": "Fees"}, {"document": "levy", "title": "Levy"}
DOCUMENTS: list[JSON] = [
    {"_id": "fee-1", **FEE, "text": "The fee is 35 crowns.", "effective_to": "2024-01-01"},
    {"_id": "fee-2", **FEE, "text": "The fee is 50 crowns.", "effective_from": "2024-01-01"},
    {"_id": "levy", **LEVY, "text": "The levy is 2 crowns.", "effective_from": "2026-01-01"},
]
QUESTIONS: list[JSON] = [
    {"_id": "before", "question": "What is the fee?", "as_of": "2023-12-31", "expected": "fee-1"},
    {"_id": "after", "question": "What is the fee?", "as_of": "2024-01-01", "expected": "fee-2"},
    {"_id": "none", "question": "What is the levy?", "as_of": "2025-12-31", "expected": None},
]


def dataset(folder: Path, questions: list[JSON] | None = None, documents: list[JSON] | None = None) -> Path:
    for name, rows in (("documents", documents or DOCUMENTS), ("questions", questions or QUESTIONS)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


class Lawyer(ScriptedSubject):
    """Quotes the version in force on the day."""

    def versions(self, body: JSON) -> list[CorpusText]:
        day = body["as_of"]
        asked: str = body.get("question") or body["query"]
        alike = [text for text in self.loaded if text.title.lower()[:3] in asked]
        return [text for text in alike if self.chosen(text, day)]

    def chosen(self, text: CorpusText, day: str) -> bool:
        return (text.effective_from or "") <= day < (text.effective_to or "9")

    def ask(self, body: JSON) -> JSON:
        claims = [{"quotes": [{"text": text.text, "passage_id": text.key}]} for text in self.versions(body)]
        return {"claims": claims, "refusal": {"code": "refusal.no_evidence"}}

    def search(self, body: JSON) -> JSON:
        return {"results": [{"text": text.text} for text in self.versions(body)]}


class Forgetful(Lawyer):
    """Takes every version for law."""

    def chosen(self, text: CorpusText, day: str) -> bool:
        return True


class Silent(Lawyer):
    """Always refuses."""

    def chosen(self, text: CorpusText, day: str) -> bool:
        return False


class Outdated(Lawyer):
    """Quotes what is no longer, or not yet, in force."""

    def chosen(self, text: CorpusText, day: str) -> bool:
        return not super().chosen(text, day)


@pytest.mark.parametrize(
    ("subject", "right", "stale", "refused"),
    [
        (Lawyer(), 1.0, 0.0, 1.0),
        (Forgetful(), 1.0, 1.0, 0.0),
        (Silent(), 0.0, 0.0, 1.0),
        (Outdated(), 0.0, 1.0, 0.0),
    ],
)
def test_versions_not_in_force_are_seen(
    tmp_path: Path, subject: Lawyer, right: float, stale: float, refused: float
) -> None:
    report = evaluate(SUITE, dataset(tmp_path), subject)
    assert report.figure("right_version").value == right
    assert report.figure("not_in_force_quoted").value == stale
    assert report.figure("not_in_force_found").value == stale
    assert report.figure("refused_when_none").value == refused


def measured(subject: Lawyer, folder: Path) -> Report:
    return evaluate(SUITE, folder, subject)


def test_the_dates_reach_the_subject_and_words_of_no_version_count_for_nothing(tmp_path: Path) -> None:
    class Inventive(Lawyer):
        def ask(self, body: JSON) -> JSON:
            return {"claims": [{"quotes": [{"text": "The fee is 99 crowns.", "passage_id": "p"}]}]}

    subject = Inventive()
    report = measured(subject, dataset(tmp_path))
    assert [text.effective_from for text in subject.loaded] == [None, "2024-01-01", "2026-01-01"]
    assert report.figure("right_version").value == 0.0
    assert report.figure("not_in_force_quoted").value == 0.0
    assert report.figure("refused_when_none").value == 0.0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"as_of": None}, "questions.jsonl:1 has no as_of"),
        ({"as_of": "2023"}, "questions.jsonl:1 has an as_of that is no date"),
        ({"expected": "fee-9"}, "questions.jsonl:1 expects a version that is not in documents.jsonl"),
        ({"expected": "fee-2"}, "questions.jsonl:1 expects a version that was not in force on that day"),
        ({"question": " "}, "questions.jsonl:1 has no question"),
    ],
)
def test_a_dataset_at_fault_is_named(tmp_path: Path, change: JSON, fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        measured(Lawyer(), dataset(tmp_path, [{**QUESTIONS[0], **change}]))
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", fault)
