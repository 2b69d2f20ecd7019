"""Grounding: whether claims that their evidence supports are accepted, and no others.

A claim is accepted when the verdict is "supported". ``precision`` and ``recall`` are those of acceptance,
``false_support`` is the share of claims without support that were accepted all the same: the figure that harms. The
score of a verdict is read as the probability of support: ``auroc`` is the Mann-Whitney statistic of it,
``calibration_error`` the expected calibration error in ten bins (Naeini et al., 2015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Final

import numpy as np

from domain.errors import ConsiliumError
from evaluation.datasets.claims import LABELS, LabelledClaim, read_claims
from evaluation.means import means
from evaluation.report import Case, Curve, Figure
from evaluation.subject import Subject
from evaluation.suite import Progress, Suite, Work

_SUPPORTED, _CONTRADICTED, _ = LABELS
_BINS: Final = 10
_PROBABILITY: Final = "probability"
_FALSE: Final = "false_support"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claims:
    """Every claim, checked against its own evidence and nothing else."""

    name: str
    claims: Mapping[str, LabelledClaim]

    @property
    def keys(self) -> Sequence[str]:
        return list(self.claims)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        """Nothing is ingested."""

    def measure(self, key: str, subject: Subject) -> Case:
        claim = self.claims[key]
        try:
            result = subject.verify(claim.text, claim.evidence)
        except ConsiliumError as error:
            return Case(
                id=key, scores=_scores(claim.label, "", 0.0), tags={"label": claim.label, "verdict": error.code}
            )
        verdict, score = str(result["verdict"]), float(result["score"])
        tags = {"label": claim.label, "verdict": verdict, "decided by": _check(str(result["reason"]))}
        # a score says how sure the verdict is; what was not accepted is the less probable the surer it is
        probability = 0.5 + score / 2 if verdict == _SUPPORTED else 0.5 - score / 2
        return Case(id=key, scores=_scores(claim.label, verdict, probability), tags=tags)

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        plain = [replace(case, scores={k: v for k, v in case.scores.items() if k != _PROBABILITY}) for case in cases]
        figures = {figure.name: figure for figure in means(plain, seed, lower_is_better=lambda name: name == _FALSE)}
        precision, recall = (figures[name].value if name in figures else 0.0 for name in ("precision", "recall"))
        both = precision + recall
        probabilities = np.array([case.scores[_PROBABILITY] for case in cases])
        supported = np.array([case.tags["label"] == _SUPPORTED for case in cases])
        bins = calibration(probabilities, supported)
        error = sum(abs(x - y) * n for x, y, n in bins) / len(cases)
        extra = (
            Figure(name="f1", value=2 * precision * recall / both if both else 0.0, count=len(cases)),
            Figure(name="auroc", value=auroc(probabilities, supported), count=len(cases)),
            Figure(name="calibration_error", value=error, count=len(cases), higher_is_better=False),
        )
        curve = Curve(
            name="calibration",
            x_label="score",
            y_label="share supported",
            points=tuple((x, y) for x, y, _ in bins),
            diagonal=True,
        )
        return (*figures.values(), *extra), (curve,)


def auroc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Return the share of pairs of a positive and another in which the positive scores higher; ties count half."""
    high, low = scores[positive][:, None], scores[~positive][None, :]
    if not high.size or not low.size:
        return 0.0
    return float(((high > low) + 0.5 * (high == low)).mean())


def calibration(scores: np.ndarray, positive: np.ndarray) -> list[tuple[float, float, int]]:
    """Return (mean score, share positive, count) of each of ten bins that is not empty."""
    places = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    found = []
    for place in range(_BINS):
        own = places == place
        if own.any():
            found.append((fmean(scores[own]), fmean(positive[own]), int(own.sum())))
    return found


def _scores(label: str, verdict: str, probability: float) -> dict[str, float]:
    accepted = verdict == _SUPPORTED
    scores = {_PROBABILITY: probability, "right": float(accepted == (label == _SUPPORTED))}
    if accepted:
        scores["precision"] = float(label == _SUPPORTED)
    scores["recall" if label == _SUPPORTED else _FALSE] = float(accepted)
    if label == _CONTRADICTED:
        scores["contradiction_recall"] = float(verdict == _CONTRADICTED)
    return scores


def _check(reason: str) -> str:
    """Return which check decided: the reason without the words of the texts that it quotes."""
    return " ".join(reason.split("“", maxsplit=1)[0].split("(", maxsplit=1)[0].split()[:6])


def _read(path: Path) -> Work:
    return _Claims(name=path.stem, claims=read_claims(path))


SUITE: Final = Suite(
    name="grounding",
    summary="Which claims are accepted: labelled claims with their evidence; what is accepted without support harms.",
    formats="a JSONL of claim, evidence and label; MedHallu's CSV; or an NLI4CT folder",
    main=(_FALSE, "precision", "recall", "auroc"),
    read=_read,
)
