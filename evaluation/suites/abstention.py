"""Abstention: whether what the corpus answers is answered, what it does not answer is refused, and at what risk.

The risk of an answer is 0 when one of its quotes is from a gold document, else 1; an answer to a question that the
corpus does not answer has risk 1. ``selective_risk`` is the mean risk of what was answered, ``coverage`` the share
of all questions that was answered. The curve (El-Yaniv and Wiener, "On the Foundations of Noise-free Selective
Classification", 2010) takes the answers in the order of their best claim's score: its points are the risk among the
first of them by the share that they are of all questions. Answers of equal score share their mean risk. A refused
question comes last, with risk 1: there is no answer to be had by lowering the bar. ``risk_coverage_area`` is the mean
risk over all points (Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", 2017), so that always
refusing has the area 1, and the least possible area is above zero where some questions have no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from pathlib import Path
from statistics import fmean
from typing import Final

from domain.errors import ConsiliumError
from evaluation.datasets.questions import QuestionDataset, invalid, read_foreign_questions, read_questions
from evaluation.means import means
from evaluation.report import Case, Curve, Figure
from evaluation.subject import CorpusText, Subject
from evaluation.suite import Progress, Suite, Work
from evaluation.suites.answers import outcome, quoted_passages, quotes

AREA: Final = "risk_coverage_area"
_CONFIDENCE: Final = "confidence"
_LOWER: Final = ("wrong_answer_rate", "selective_risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Abstention:
    """Every question, asked once; ``documents`` holds what was loaded by document id."""

    data: QuestionDataset
    documents: dict[str, CorpusText] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def keys(self) -> Sequence[str]:
        return list(self.data.questions)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        self.documents.update(self.data.load(subject, progress))

    def measure(self, key: str, subject: Subject) -> Case:
        question = self.data.questions[key]
        tags = {"answerable": "yes" if question.answerable else "no"}
        try:
            answer = subject.ask(question.body(self.name))
        except ConsiliumError as error:
            scores = _scores(answerable=question.answerable, answered=False, refused=False)
            return Case(id=key, scores=scores, tags={**tags, "outcome": error.code})
        answered = bool(answer["claims"])
        scores = _scores(answerable=question.answerable, answered=answered, refused=not answered)
        if answered:
            sources = [self.documents.get(quote["document_id"]) for quote in quotes(answer)]
            right = any(source is not None and source.key in question.gold for source in sources)
            scores["selective_risk"] = float(not right)
            scores[_CONFIDENCE] = max(float(claim["score"]) for claim in answer["claims"])
        return Case(id=key, scores=scores, tags={**tags, "outcome": outcome(answer)}, passages=quoted_passages(answer))

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        plain = [
            Case(id=case.id, scores={name: value for name, value in case.scores.items() if name != _CONFIDENCE})
            for case in cases
        ]
        figures = [
            replace(figure, higher_is_better=None) if figure.name == "coverage" else figure
            for figure in means(plain, seed, lower_is_better=lambda name: name in _LOWER)
        ]
        points = risk_coverage(
            [(case.scores[_CONFIDENCE], case.scores["selective_risk"]) for case in cases if _CONFIDENCE in case.scores],
            len(cases),
        )
        area = Figure(name=AREA, value=fmean(risk for _, risk in points), count=len(cases), higher_is_better=False)
        curve = Curve(name="risk and coverage", x_label="coverage", y_label="risk", points=points)
        return (*figures, area), (curve,)


def risk_coverage(answered: Sequence[tuple[float, float]], total: int) -> tuple[tuple[float, float], ...]:
    """Return (coverage, risk) after each of ``total`` questions; ``answered`` holds (confidence, risk) of answers."""
    risks: list[float] = []
    best_first = sorted(answered, key=lambda pair: -pair[0])
    for _, group in groupby(best_first, key=lambda pair: pair[0]):
        own = [risk for _, risk in group]
        risks += [fmean(own)] * len(own)
    risks += [1.0] * (total - len(risks))
    return tuple((number / total, whole / number) for number, whole in enumerate(accumulate(risks), start=1))


def _scores(*, answerable: bool, answered: bool, refused: bool) -> dict[str, float]:
    """Return the scores of a question; after an error it is neither answered nor refused."""
    if answerable:
        return {"answered_answerable": float(answered), "coverage": float(answered)}
    return {
        "refused_unanswerable": float(refused),
        "wrong_answer_rate": float(answered),
        "coverage": float(answered),
    }


def _read(path: Path) -> Work:
    data = read_foreign_questions(path) if path.is_file() else read_questions(path)
    if len({question.answerable for question in data.questions.values()}) == 1:
        raise invalid(path.name, "has no answerable or no unanswerable question")
    return _Abstention(data=data)


SUITE: Final = Suite(
    name="abstention",
    summary="What is refused: questions without an answer in the corpus, and the risk of the answers given.",
    formats="a folder of corpus.jsonl and questions.jsonl, or a JSON file naming a BEIR folder and foreign questions",
    main=("refused_unanswerable", "answered_answerable", "selective_risk", AREA),
    read=_read,
)
