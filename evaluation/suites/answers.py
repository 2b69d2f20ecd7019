"""Answers: whether they are right, short, cited from the evidence that holds them, and verbatim where they quote.

Scores of a question that the corpus answers; a refusal and an error score zero where nothing else is said:

* ``correct``: the answer says none of the question's ``unacceptable`` and all of its ``must``; for a question without
  ``must``, it has at least half of the content words of an ideal answer.
* ``citation_precision``: the share of its quotes whose document is gold; zero without quotes, absent without an answer.
* ``citation_recall``: the share of the gold documents that it quotes, of at most :data:`ENOUGH`: no answer needs more.
* ``verbatim``: the share of its quotes that stand in the text that was loaded, whatever the answerer says of them.
* ``correct_and_cited``: correct, at least half of its quotes gold, and all of them verbatim.
* ``concision``: the share of its content words that an ideal answer has; ``content_recall`` the share of the ideal's
  that it has; ``answer_f1`` their harmonic mean. Copying a whole passage has much recall and little concision.
* ``rouge_l``, ``rouge_2_recall``: as evaluation/overlap.py has them, the best of the ideal answers.
* ``refused``: whether it was refused.

A question that the corpus does not answer has ``refused_unanswerable`` alone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.errors import ConsiliumError
from evaluation.datasets.bioasq import read_bioasq
from evaluation.datasets.questions import QUESTIONS, AskedQuestion, QuestionDataset, read_questions
from evaluation.means import means, percentile
from evaluation.overlap import content_overlap, is_verbatim, rouge_2_recall, rouge_l, says
from evaluation.report import Case, Curve, Figure
from evaluation.subject import JSON, CorpusText, Subject
from evaluation.suite import Progress, Suite, Work

ENOUGH: Final = 5
_ENOUGH_RECALL: Final = 0.5
_ENOUGH_GOLD: Final = 0.5
_MS: Final = "ms"
_NOTHING: Final = dict.fromkeys(
    ("correct_and_cited", "answer_f1", "correct", "content_recall", "rouge_l", "rouge_2_recall", "citation_recall"), 0.0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
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
        started = time.perf_counter()
        try:
            answer = subject.ask(question.body(self.name))
        except ConsiliumError as error:
            scores = {**_NOTHING, "refused": 0.0} if question.answerable else {"refused_unanswerable": 0.0}
            return Case(id=key, scores=scores, tags={"outcome": error.code})
        elapsed = (time.perf_counter() - started) * 1000
        refused = not answer["claims"]
        if not question.answerable:
            scores = {"refused_unanswerable": float(refused)}
        elif refused:
            scores = {**_NOTHING, "refused": 1.0}
        else:
            scores = {**_scores(answer, question, self.documents), "refused": 0.0}
        return Case(
            id=key, scores={**scores, _MS: elapsed}, tags={"outcome": outcome(answer)}, passages=quoted_passages(answer)
        )

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        plain = [
            Case(id=case.id, scores={name: value for name, value in case.scores.items() if name != _MS})
            for case in cases
        ]
        times = [case.scores[_MS] for case in cases if _MS in case.scores]
        latency = [
            Figure(
                name=f"p{percent}_ms",
                value=percentile(times, percent),
                count=len(times),
                unit=_MS,
                higher_is_better=False,
            )
            for percent in (50, 95)
        ]
        return (*means(plain, seed, lower_is_better=lambda name: name == "refused"), *latency), ()


def quotes(answer: JSON) -> list[JSON]:
    """Return the quotes of all claims of an answer."""
    return [quote for claim in answer["claims"] for quote in claim["quotes"]]


def quoted_passages(answer: JSON) -> tuple[str, ...]:
    """Return the ids of the passages that an answer quotes, each once."""
    return tuple(dict.fromkeys(str(quote["passage_id"]) for quote in quotes(answer)))


def outcome(answer: JSON) -> str:
    """Return "answered" or the code of the refusal."""
    return "answered" if answer["claims"] else str(answer["refusal"]["code"])


def is_correct(said: str, question: AskedQuestion) -> bool:
    """Say whether an answer is right, as far as words tell; the module says how."""
    if any(says(said, phrase) for phrase in question.unacceptable):
        return False
    if question.must:
        return all(any(says(said, phrase) for phrase in alternatives) for alternatives in question.must)
    return content_overlap(said, question.ideal).recall >= _ENOUGH_RECALL


def _scores(answer: JSON, question: AskedQuestion, documents: Mapping[str, CorpusText]) -> dict[str, float]:
    said = " ".join(claim["text"] for claim in answer["claims"])
    cited = quotes(answer)
    sources = [documents.get(quote["document_id"]) for quote in cited]
    golden = [source.key for source in sources if source and source.key in question.gold]
    standing = [
        source is not None and is_verbatim(quote["text"], f"{source.title}\n{source.text}")
        for quote, source in zip(cited, sources, strict=True)
    ]
    precision = len(golden) / len(cited) if cited else 0.0
    correct = is_correct(said, question)
    overlap = content_overlap(said, question.ideal)
    return {
        "correct_and_cited": float(correct and bool(cited) and precision >= _ENOUGH_GOLD and all(standing)),
        "answer_f1": overlap.f1,
        "correct": float(correct),
        "concision": overlap.precision,
        "content_recall": overlap.recall,
        "rouge_l": rouge_l(said, question.ideal),
        "rouge_2_recall": rouge_2_recall(said, question.ideal),
        "citation_precision": precision,
        "citation_recall": min(1.0, len(set(golden)) / min(ENOUGH, len(question.gold))),
        "verbatim": sum(standing) / len(cited) if cited else 0.0,
    }


def _read(path: Path) -> Work:
    return _Answers(data=read_questions(path) if (path / QUESTIONS).is_file() else read_bioasq(path))


SUITE: Final = Suite(
    name="answers",
    summary="What is answered: right, short, quoted from the evidence that holds it, verbatim.",
    formats="a folder of corpus.jsonl and questions.jsonl, or BioASQ as a BEIR folder with ideal answers",
    main=("correct_and_cited", "answer_f1", "correct", "citation_precision", "verbatim", "refused"),
    read=_read,
)
