"""Claims that are accepted without support are seen."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from domain.errors import PolicyUnavailableError, RequestError
from evaluation.datasets.claims import read_claims
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON
from evaluation.suites.grounding import SUITE, auroc, calibration
from tests.unit.evaluation.scripted import ScriptedSubject

EVIDENCE = "The dose is 5 mg. The fee is 15 crowns."
CLAIMS: list[JSON] = [
    {"_id": "a", "claim": "The dose is 5 mg.", "evidence": EVIDENCE, "label": "supported"},
    {"_id": "b", "claim": "The fee is 15 crowns.", "evidence": [EVIDENCE], "label": "supported"},
    {"_id": "c", "claim": "The dose is 50 mg.", "evidence": [EVIDENCE], "label": "contradicted"},
    {"_id": "d", "claim": "The lamp is red.", "evidence": [EVIDENCE], "label": "unsupported"},
]


def dataset(folder: Path, claims: list[JSON] | None = None) -> Path:
    file = folder / "claims.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in (CLAIMS if claims is None else claims)))
    return file


class Careful(ScriptedSubject):
    """Accepts what stands in the evidence."""

    def verdict(self, claim: str, evidence: Sequence[str]) -> str:
        if claim in evidence[0]:
            return "supported"
        return "contradicted" if "50" in claim else "unsupported"

    def verify(self, claim: str, evidence: Sequence[str]) -> JSON:
        verdict = self.verdict(claim, evidence)
        reason = f"says “{claim}” where the quote says something else"
        return {"verdict": verdict, "score": 1.0 if verdict == "supported" else 0.5, "reason": reason, "checker": "x"}


class Credulous(Careful):
    """Supports everything."""

    def verdict(self, claim: str, evidence: Sequence[str]) -> str:
        return "supported"


class Stern(Careful):
    """Supports nothing."""

    def verdict(self, claim: str, evidence: Sequence[str]) -> str:
        return "unsupported"


def measured(subject: ScriptedSubject, folder: Path) -> Report:
    return evaluate(SUITE, dataset(folder), subject)


@pytest.mark.parametrize(
    ("subject", "false", "recall", "contradictions", "area"),
    [(Careful(), 0.0, 1.0, 1.0, 1.0), (Credulous(), 1.0, 1.0, 0.0, 0.5), (Stern(), 0.0, 0.0, 0.0, 0.5)],
)
def test_a_verifier_looks_as_it_is(
    tmp_path: Path, subject: Careful, false: float, recall: float, contradictions: float, area: float
) -> None:
    report = measured(subject, tmp_path)
    assert report.figure("false_support").value == false
    assert report.figure("false_support").higher_is_better is False
    assert report.figure("recall").value == recall
    assert report.figure("contradiction_recall").value == contradictions
    assert report.figure("auroc").value == area


def test_precision_and_f1_are_over_what_was_accepted(tmp_path: Path) -> None:
    report = measured(Credulous(), tmp_path)
    assert (report.figure("precision").value, report.figure("precision").count) == (0.5, 4)
    assert report.figure("f1").value == pytest.approx(2 / 3)
    assert measured(Stern(), tmp_path).figure("f1").value == 0.0


def test_a_case_says_which_check_decided_and_no_word_of_the_claim(tmp_path: Path) -> None:
    case = measured(Careful(), tmp_path).cases[2]
    assert case.tags == {"label": "contradicted", "verdict": "contradicted", "decided by": "says"}


class Broken(Careful):
    """Its verifier is gone."""

    def verify(self, claim: str, evidence: Sequence[str]) -> JSON:
        raise PolicyUnavailableError("policy.verifier_unavailable")


def test_a_verifier_that_fails_accepts_nothing(tmp_path: Path) -> None:
    report = measured(Broken(), tmp_path)
    assert report.figure("recall").value == 0.0
    assert report.cases[0].tags["verdict"] == "policy.verifier_unavailable"


def test_the_area_counts_ties_half_and_bins_hold_their_means() -> None:
    scores, positive = np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])
    assert auroc(scores, positive) == (1 + 1 + 0.5 + 1) / 4
    points = calibration(scores, positive)
    assert [x for x, _, _ in points] == pytest.approx([0.1, 0.4, 0.9])
    assert [(share, count) for _, share, count in points] == [(0.0, 1), (0.5, 2), (1.0, 1)]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"label": "true"}, "claims.jsonl:1 has a label that is none of supported, contradicted, unsupported"),
        ({"claim": []}, "claims.jsonl:1 has no claim or no evidence"),
        ({"evidence": []}, "claims.jsonl:1 has no claim or no evidence"),
        ({"evidence": 3}, "claims.jsonl:1 has a field evidence that is no list of texts"),
    ],
)
def test_a_claim_at_fault_is_named(tmp_path: Path, change: JSON, fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_claims(dataset(tmp_path, [{**CLAIMS[0], **change}, CLAIMS[2]]))
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", fault)


def test_a_set_of_one_label_measures_nothing(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        read_claims(dataset(tmp_path, CLAIMS[:2]))


def test_a_row_of_medhallu_is_two_claims(tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["question", "knowledge", "ground_truth", "least_similar_answer"])
        writer.writerow(["Q?", "{'contexts': ['One.', 'Two.']}", "It is one.", "It is nine."])
    true, invented = read_claims(file).values()
    assert (true.id, true.text, true.evidence, true.label) == ("1-true", "It is one.", ("One.", "Two."), "supported")
    assert (invented.text, invented.label) == ("It is nine.", "unsupported")
    file.write_text("question,knowledge,ground_truth,least_similar_answer\nQ?,[1],a,b\n")
    with pytest.raises(RequestError) as caught:
        read_claims(file)
    assert caught.value.detail == "labelled.csv: row 1 has knowledge without contexts"


def test_a_statement_of_nli4ct_is_checked_against_its_section(tmp_path: Path) -> None:
    (tmp_path / "trials").mkdir()
    (tmp_path / "trials" / "NCT1.json").write_text(json.dumps({"Results": ["Mean: 3", "N: 7"]}))
    row = {"Section_id": "Results", "Primary_id": "NCT1", "Statement": "The mean was 3.", "Label": "Entailment"}
    rows = {"x": row, "y": {**row, "Statement": "The mean was 4.", "Label": "Contradiction"}}
    (tmp_path / "dev.json").write_text(json.dumps(rows))
    found = read_claims(tmp_path)
    assert found["x"].evidence == ("Mean: 3\nN: 7",)
    assert [claim.label for claim in found.values()] == ["supported", "contradicted"]
    (tmp_path / "dev.json").write_text(json.dumps({"x": {**row, "Section_id": "Methods"}}))
    with pytest.raises(RequestError) as caught:
        read_claims(tmp_path)
    assert caught.value.detail == "dev.json: x is no statement about a section of a trial"
