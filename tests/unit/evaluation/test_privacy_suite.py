"""What is left of personal data, what else is lost, and what a chart leaks are seen."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from domain.errors import PolicyUnavailableError
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON
from evaluation.suites.privacy import SUITE
from tests.unit.evaluation.scripted import ScriptedSubject

TEXTS: list[JSON] = [
    {
        "_id": "a",
        "text": "Dr. Ida Marlow rang 202-555-0143 twice.",
        "spans": [{"start": 4, "end": 14, "type": "PERSON"}, {"start": 20, "end": 32, "type": "PHONE_NUMBER"}],
    },
    {"_id": "b", "text": "Tell Brenna today.", "spans": [{"start": 5, "end": 11, "type": "PERSON"}]},
    {"_id": "c", "text": "The dose is 5 mg.", "spans": []},
]
CAREFUL = {
    "a": ("Dr. [PERSON] rang [PHONE_NUMBER] twice.", {"PERSON": 1, "PHONE_NUMBER": 1}),
    "b": ("Tell [PERSON] today.", {"PERSON": 1}),
    "c": ("The dose is 5 mg.", {}),
}


class Redactor(ScriptedSubject):
    """Redacts each text as it is told."""

    def __init__(self, told: dict[str, tuple[str, dict[str, int]]]) -> None:
        super().__init__()
        self.told = {str(row["text"]): told[row["_id"]] for row in TEXTS}
        self.purposes: set[str] = set()

    def redact(self, body: JSON) -> JSON:
        self.purposes.add(body["purpose"])
        text, counts = self.told[body["text"]]
        return {"text": text, "redactions": counts}


def measured(subject: ScriptedSubject, folder: Path) -> Report:
    file = folder / "pii.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in TEXTS))
    return evaluate(SUITE, file, subject)


def values(report: Report, *names: str) -> list[float]:
    return [report.figure(name).value for name in names]


def test_a_careful_redactor_scores_full(tmp_path: Path) -> None:
    subject = Redactor(CAREFUL)
    report = measured(subject, tmp_path)
    names = ("direct_recall", "words_kept", "overlap.f2.all", "strict.f2.all", "strict.f2.PERSON", "strict.f2.claimed")
    assert values(report, *names) == [1.0] * 6
    assert subject.purposes == {"research"}
    assert [case.tags["outcome"] for case in report.cases] == ["redacted", "redacted", "left as it was"]
    assert (report.figure("direct_recall").low, report.figure("direct_recall").high) == (1.0, 1.0)


def test_a_name_that_is_left_is_seen_and_a_bare_name_is_not_claimed(tmp_path: Path) -> None:
    report = measured(Redactor({**CAREFUL, "b": ("Tell Brenna today.", {})}), tmp_path)
    assert values(report, "direct_recall", "overlap.recall.PERSON") == [pytest.approx(2 / 3), 0.5]
    assert values(report, "overlap.recall.PHONE_NUMBER", "overlap.recall.claimed") == [1.0, 1.0]
    assert report.figure("overlap.f2.PERSON").value == pytest.approx(5 * 0.5 / (4 + 0.5))
    assert report.cases[1].scores["direct_recall"] == 0.0


def test_half_a_name_overlaps_but_is_neither_strict_nor_hidden(tmp_path: Path) -> None:
    report = measured(
        Redactor({**CAREFUL, "a": ("Dr. [PERSON] Marlow rang [PHONE_NUMBER] twice.", CAREFUL["a"][1])}), tmp_path
    )
    assert values(report, "overlap.recall.PERSON", "strict.recall.PERSON") == [1.0, 0.5]
    assert report.figure("direct_recall").value == pytest.approx(2 / 3)


def test_a_wrong_name_of_the_kind_hides_and_is_not_strict(tmp_path: Path) -> None:
    report = measured(Redactor({**CAREFUL, "b": ("Tell [LOCATION] today.", {"LOCATION": 1})}), tmp_path)
    assert values(report, "direct_recall", "overlap.recall.PERSON", "overlap.precision.LOCATION") == [1.0, 1.0, 1.0]
    assert values(report, "strict.recall.PERSON", "strict.precision.LOCATION") == [0.5, 0.0]


def test_taking_out_everything_hides_all_and_keeps_no_word(tmp_path: Path) -> None:
    report = measured(Redactor(dict.fromkeys("abc", ("[PERSON]", {"PERSON": 1}))), tmp_path)
    assert values(report, "direct_recall", "words_kept", "strict.f2.all") == [1.0, 0.0, 0.0]
    assert report.figure("overlap.precision.all").value == pytest.approx(2 / 3)


def test_leaving_everything_hides_nothing(tmp_path: Path) -> None:
    report = measured(Redactor({row["_id"]: (row["text"], {}) for row in TEXTS}), tmp_path)
    assert values(report, "direct_recall", "words_kept", "overlap.f2.all") == [0.0, 1.0, 0.0]
    assert "overlap.precision.all" not in {figure.name for figure in report.figures}


def test_words_that_are_not_the_texts_own_count_as_not_redacted(tmp_path: Path) -> None:
    report = measured(Redactor({**CAREFUL, "b": ("Inform [PERSON] today.", {"PERSON": 1})}), tmp_path)
    assert values(report, "reworded", "overlap.recall.PERSON") == [1, 0.5]
    assert report.cases[1].tags["outcome"] == "reworded"


class Broken(ScriptedSubject):
    """Its detector is gone."""

    def redact(self, body: JSON) -> JSON:
        raise PolicyUnavailableError("policy.detector_unavailable")


def test_a_text_that_is_withheld_is_neither_found_nor_kept(tmp_path: Path) -> None:
    report = measured(Broken(), tmp_path)
    assert values(report, "direct_recall", "words_kept") == [0.0, 0.0]
    assert {case.tags["outcome"] for case in report.cases} == {"policy.detector_unavailable"}


PATIENT: JSON = {
    "resourceType": "Patient",
    "id": "p-1",
    "name": [{"family": "Thackeray", "given": ["Corin"]}],
    "birthDate": "1958-11-02",
}
Leak = Callable[[str], JSON]


class Chart(ScriptedSubject):
    """Shows one passage to those who name the patient; a ``leak`` is what it shows of the name beside it."""

    def __init__(self, leak: Leak | None = None) -> None:
        super().__init__()
        self.leak = leak
        self.bodies: list[JSON] = []

    def ingest(self, paths: Sequence[Path], options: JSON) -> Sequence[JSON]:
        return [{"path": str(path), "status": "indexed"} for path in paths]

    def search(self, body: JSON) -> JSON:
        self.bodies.append(body)
        shown = {"text": "[PERSON] takes tamorel.", **(self.leak("Corin Thackeray") if self.leak else {})}
        return {"results": [shown]}

    def ask(self, body: JSON) -> JSON:
        self.bodies.append(body)
        return {"claims": []}


def leaking(subject: Chart, folder: Path) -> Report:
    (folder / "charts").mkdir()
    (folder / "charts" / "a.json").write_text(json.dumps(PATIENT))
    (folder / "charts" / "b.json").write_text(json.dumps({"resourceType": "Organization"}))
    return evaluate(SUITE, folder / "charts", subject)


def test_a_chart_that_keeps_its_patient_leaks_nothing(tmp_path: Path) -> None:
    subject = Chart()
    report = leaking(subject, tmp_path)
    # a name, its two parts and a day of birth
    assert values(report, "identities_leaked", "identities_known", "results", "files_without_patient") == [0, 4, 2, 1]
    assert report.cases[0].tags == {"outcome": "kept", "leaked": "nothing"}
    assert {(tuple(body["subjects"]), body["purpose"]) for body in subject.bodies} == {(("p-1",), "research")}


@pytest.mark.parametrize(
    ("leak", "count"),
    [
        (lambda name: {"title": name}, 3),
        (lambda name: {"path": f"/{name.replace(' ', '_')}.json"}, 3),
        (lambda name: {"cursor": base64.b64encode(name.encode()).decode()}, 3),
        (lambda name: {"id": name[::-1].lower()}, 1),
    ],
)
def test_a_name_that_a_chart_leaks_is_counted_and_not_shown(tmp_path: Path, leak: Leak, count: int) -> None:
    report = leaking(Chart(leak), tmp_path)
    assert report.figure("identities_leaked").value == count
    assert report.figure("identities_leaked").higher_is_better is False
    assert report.cases[0].tags["outcome"] == "leaked"
    assert "thackeray" not in json.dumps(report.to_json()).lower()


class Closed(Chart):
    """Its detector is gone."""

    def search(self, body: JSON) -> JSON:
        raise PolicyUnavailableError("policy.detector_unavailable")


def test_a_chart_that_shows_nothing_leaks_nothing_and_still_looks_bad(tmp_path: Path) -> None:
    report = leaking(Closed(), tmp_path)
    assert values(report, "identities_leaked", "results") == [0, 0]
    assert report.cases[0].tags["outcome"] == "policy.detector_unavailable"
