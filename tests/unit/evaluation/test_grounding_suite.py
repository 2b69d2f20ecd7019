"""Claims that are accepted without support are seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from domain.errors import PolicyUnavailableError
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON
from evaluation.suites.grounding import SUITE, auroc, calibration, check_of, roc
from tests.unit.evaluation.scripted import ScriptedSubject

EVIDENCE = "The dose is 5 mg. The fee is 15 crowns."
CLAIMS: list[JSON] = [
    {"_id": "a", "claim": "The dose is 5 mg.", "evidence": EVIDENCE, "label": "supported"},
    {"_id": "b", "claim": "The fee is 15 crowns.", "evidence": [EVIDENCE], "label": "supported"},
    {"_id": "c", "claim": "The dose is 50 mg.", "evidence": [EVIDENCE], "label": "contradicted"},
    {"_id": "d", "claim": "The lamp is red.", "evidence": [EVIDENCE], "label": "unsupported"},
]


def dataset(folder: Path) -> Path:
    file = folder / "claims.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in CLAIMS))
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
    assert case.tags == {"label": "contradicted", "verdict": "contradicted", "decided by": "says", "checker": "x"}


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("the word “lamp” does not stand in the quotes", "the word"),
        ('leaves out "unless"', "leaves out"),
        ("sets a condition (unless) that", "sets a condition"),
        ("model says: the lamp is red", "model says"),
        ("every word and fact stands in the quotes", "every word and fact stands in"),
    ],
)
def test_of_a_reason_only_the_words_before_a_quotation_are_kept(reason: str, kept: str) -> None:
    assert check_of(reason) == kept


def test_what_is_no_mean_has_an_interval_of_whole_cases_too(tmp_path: Path) -> None:
    report = measured(Credulous(), tmp_path)
    precision, f1 = report.figure("precision"), report.figure("f1")
    assert (precision.low, precision.high) == (0.0, 1.0)
    assert f1.low == 0.0
    assert f1.high == 1.0
    assert "precision" not in {figure.name for figure in measured(Stern(), tmp_path).figures}


def test_the_score_of_a_verdict_is_the_probability_of_support(tmp_path: Path) -> None:
    report = measured(Careful(), tmp_path)
    # two claims at 1.0 that are supported, two at 0.5 that are not
    assert report.figure("calibration_error").value == 0.25
    assert [curve.points for curve in report.curves] == [
        ((0.5, 0.0), (1.0, 1.0)),
        ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0)),
    ]
    assert [report.figure(f"claims_{label}").value for label in ("supported", "contradicted", "unsupported")] == [
        2,
        1,
        1,
    ]


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
    assert np.isnan(auroc(scores, positive | True))
    assert roc(scores, positive) == [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]
    points = calibration(scores, positive)
    assert [x for x, _, _ in points] == pytest.approx([0.1, 0.4, 0.9])
    assert [(share, count) for _, share, count in points] == [(0.0, 1), (0.5, 2), (1.0, 1)]
