"""Grounding: whether claims that their evidence supports are accepted, and no others.

A claim is accepted when the verdict is "supported". ``precision``, ``recall`` and ``f1`` are those of acceptance,
``false_support`` is the share of claims without support that were accepted all the same: the figure that harms. The
score of a verdict is read as the probability of support, as the product's verifier gives it: ``auroc`` is the
Mann-Whitney statistic of it, computed here with numpy, ``calibration_error`` the expected calibration error in ten bins
(Naeini et al., 2015). A verifier that fails accepts nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from domain.errors import ConsiliumError
from evaluation.datasets.claims import LABELS, LabelledClaim, read_claims
from evaluation.means import means
from evaluation.ratios import Rows, ratio_intervals
from evaluation.report import Case, Curve, Figure
from evaluation.subject import Subject
from evaluation.suite import Progress, Suite, Work

_SUPPORTED, _CONTRADICTED, _ = LABELS
_BINS: Final = 10
_PROBABILITY: Final = "probability"
_FALSE: Final = "false_support"
_RATIOS: Final = ("precision", "f1", "auroc", "calibration_error")
_LOWER: Final = (_FALSE, "calibration_error")
_QUOTED: Final = re.compile(r"[\"“”„‟'‘’‹›«»`(\[{<:]")
_MOST_WORDS: Final = 6

Scores = NDArray[Any]


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
            tags = {"label": claim.label, "verdict": error.code}
            return Case(id=key, scores=_scores(claim.label, "", 0.0), tags=tags)
        verdict, score = str(result["verdict"]), min(1.0, max(0.0, float(result["score"])))
        tags = {
            "label": claim.label,
            "verdict": verdict,
            "decided by": check_of(str(result["reason"])),
            "checker": str(result["checker"]),
        }
        return Case(id=key, scores=_scores(claim.label, verdict, score), tags=tags)

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        plain = [replace(case, scores={k: v for k, v in case.scores.items() if k != _PROBABILITY}) for case in cases]
        rows = np.array([_row(case) for case in cases])
        figures = (*means(plain, seed, lower_is_better=_LOWER.__contains__), *_ratio_figures(rows, seed))
        labels = [case.tags["label"] for case in cases]
        counts = [
            Figure(name=f"claims_{label}", value=labels.count(label), count=len(cases), higher_is_better=None)
            for label in LABELS
        ]
        return (*figures, *counts), _curves(rows[:, 2], rows[:, 0] > 0)


def auroc(scores: Scores, positive: Scores) -> float:
    """Return the share of pairs of a positive and another in which the positive scores higher; ties count half.

    NaN where all are positive or none is.
    """
    high, low = scores[positive], np.sort(scores[~positive])
    if not high.size or not low.size:
        return math.nan
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / low.size)


def roc(scores: Scores, positive: Scores) -> list[tuple[float, float]]:
    """Return (false positive rate, true positive rate) at every threshold, from (0, 0) to (1, 1)."""
    order = np.argsort(-scores, kind="stable")
    lasts = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    right = np.cumsum(positive[order])[lasts] / max(1, int(positive.sum()))
    wrong = np.cumsum(~positive[order])[lasts] / max(1, int((~positive).sum()))
    return [(0.0, 0.0), *zip(wrong.tolist(), right.tolist(), strict=True)]


def calibration(scores: Scores, positive: Scores) -> list[tuple[float, float, int]]:
    """Return (mean score, share positive, count) of each of ten bins that is not empty."""
    places = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    found = []
    for place in range(_BINS):
        own = places == place
        if own.any():
            found.append((fmean(scores[own]), fmean(positive[own]), int(own.sum())))
    return found


def check_of(reason: str) -> str:
    """Return which check decided: the first words of the reason, without those of the texts that it quotes."""
    return " ".join(_QUOTED.split(reason, maxsplit=1)[0].split()[:_MOST_WORDS])


def _scores(label: str, verdict: str, probability: float) -> dict[str, float]:
    accepted = verdict == _SUPPORTED
    scores = {
        "recall" if label == _SUPPORTED else _FALSE: float(accepted),
        "right": float(accepted == (label == _SUPPORTED)),
        _PROBABILITY: probability,
    }
    if label == _CONTRADICTED:
        scores["contradiction_recall"] = float(verdict == _CONTRADICTED)
    return scores


def _row(case: Case) -> tuple[float, float, float]:
    """Return whether a claim is supported, whether it was accepted, and its score."""
    supported = case.tags["label"] == _SUPPORTED
    return float(supported), float(case.tags["verdict"] == _SUPPORTED), case.scores[_PROBABILITY]


def _ratios(rows: Rows) -> tuple[float, ...]:
    supported, accepted, scores = rows.T
    both, either = float((supported * accepted).sum()), float(supported.sum() + accepted.sum())
    own = _error(scores, supported)
    return (
        both / float(accepted.sum()) if accepted.any() else math.nan,
        2 * both / either if either else math.nan,
        auroc(scores, supported > 0),
        own,
    )


def _error(scores: Scores, supported: Scores) -> float:
    """Return the expected calibration error, from sums by bin: the bootstrap calls it thousands of times."""
    places = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(places, scores - supported, _BINS)
    return float(np.abs(gaps).sum() / len(scores))


def _ratio_figures(rows: Rows, seed: int) -> list[Figure]:
    counts = (int(rows[:, 1].sum()), len(rows), len(rows), len(rows))
    ends = ratio_intervals(rows, _ratios, seed)
    return [
        Figure(name=name, value=value, count=count, low=low, high=high, higher_is_better=name not in _LOWER)
        for name, value, count, (low, high) in zip(
            _RATIOS, _ratios(rows), counts, [own or (None, None) for own in ends], strict=True
        )
        if not math.isnan(value)
    ]


def _curves(scores: Scores, supported: Scores) -> tuple[Curve, ...]:
    reliability = tuple((x, y) for x, y, _ in calibration(scores, supported))
    return (
        Curve(name="calibration", x_label="score", y_label="share supported", points=reliability, diagonal=True),
        Curve(
            name="roc",
            x_label="share of claims without support above the threshold",
            y_label="share of supported claims above it",
            points=tuple(roc(scores, supported)),
            diagonal=True,
        ),
    )


def _read(path: Path) -> Work:
    return _Claims(name=path.stem, claims=read_claims(path))


SUITE: Final = Suite(
    name="grounding",
    summary="Which claims are accepted: labelled claims with their evidence; what is accepted without support harms.",
    formats="a JSONL of claim, evidence and label; MedHallu's CSV; an NLI4CT folder; LegalBench-RAG's NDAs",
    main=(_FALSE, "precision", "recall", "f1", "auroc"),
    read=_read,
)
