"""Turns accepted feedback into cases of the evaluation suites, in the formats that those read.

A case holds text, so it is written anew from what is kept each time it is asked for, for somebody who may read it, and
is kept nowhere: what was erased is in no case from then on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.answering.presentation import JSON
from app.reviewing.answers import ToldAnswer
from app.reviewing.service import ReviewService
from domain.callers import Caller
from domain.conversations import BESIDE, RIGHT, SUPPORTED, Feedback, Resolution
from domain.questions import Question

ANSWERS: Final = "answers"
GROUNDING: Final = "grounding"
SUITES: Final = (ANSWERS, GROUNDING)
_NOT_YOURS: Final = "not_readable"
_NO_WORDS: Final = "words_not_kept"
_NO_CLAIM: Final = "no_claim"
_NO_IDEAL: Final = "nothing_right"
_SUBJECTS: Final = "several_subjects"


@dataclass(slots=True)
class _Case:
    """A question with what reviewers accepted of its answer."""

    asker: Question
    told: ToldAnswer
    ideal: list[str] = field(default_factory=list)
    gold: list[str] = field(default_factory=list)
    unacceptable: list[str] = field(default_factory=list)


def cases(reviews: ReviewService, caller: Caller, tenant: str, suite: str) -> JSON:
    """Return the files of a suite's dataset, how many cases they hold, and how many were left out for which reason.

    Raises AccessError for somebody who may export nothing.
    """
    left: Counter[str] = Counter()
    accepted = list(reviews.accepted(caller, tenant))
    left[_NOT_YOURS] = sum(told is None for _, _, told in accepted)
    readable = [(feedback, resolution, told) for feedback, resolution, told in accepted if told]
    write = _grounding if suite == GROUNDING else _answers
    files, count = write(reviews, caller, readable, left)
    reviews.audit.append("feedback_exported", {"suite": suite, "cases": count, "actor": caller.id, "tenant": tenant})
    return {"suite": suite, "cases": count, "left_out": dict(sorted((+left).items())), "files": files}


Readable = list[tuple[Feedback, Resolution, ToldAnswer]]


def _grounding(
    reviews: ReviewService, caller: Caller, accepted: Readable, left: Counter[str]
) -> tuple[dict[str, str], int]:
    """Return claims with their quotes and the label that a reviewer gave them."""
    rows = []
    for feedback, resolution, told in accepted:
        asker = told.asked_by(caller)
        if feedback.claim is None or feedback.claim >= len(told.claims) or resolution.finding == BESIDE:
            left[_NO_CLAIM] += 1
            continue
        claim, quotes = reviews.claim(told.claims[feedback.claim], asker)
        evidence = reviews.better(feedback, asker) or quotes
        if not claim.text or not evidence:
            left[_NO_WORDS] += 1
            continue
        text, *shown = _texts(reviews, asker, [claim.text, *(quote.text for quote in evidence)])
        rows.append({"_id": feedback.id, "claim": text, "evidence": shown, "label": resolution.finding})
    return {"claims.jsonl": _lines(rows)}, len(rows)


def _answers(
    reviews: ReviewService, caller: Caller, accepted: Readable, left: Counter[str]
) -> tuple[dict[str, str], int]:
    """Return questions with what a right answer says, and the passages that were read for them as their corpus."""
    found: dict[str, _Case] = {}
    for feedback, resolution, told in accepted:
        case = found.setdefault(feedback.answer_id, _Case(asker=told.asked_by(caller), told=told))
        _learn(reviews, case, feedback, resolution)
    subjects = {name: f"subject-{n}" for n, name in enumerate(_subjects(found.values()), start=1)}
    corpus: dict[str, JSON] = {}
    questions = []
    for key, case in found.items():
        if not case.ideal or not case.gold:
            left[_NO_IDEAL] += 1
        elif len(case.told.scope.subjects) > 1:
            left[_SUBJECTS] += 1
        else:
            questions.append(_question(reviews, key, case, subjects))
            for passage_id in dict.fromkeys((*case.told.passages, *case.gold)):
                if passage_id not in corpus and (text := _corpus_text(reviews, passage_id, case.asker, subjects)):
                    corpus[passage_id] = text
    files = {"corpus.jsonl": _lines(corpus.values()), "questions.jsonl": _lines(questions)}
    return files, len(questions)


def _learn(reviews: ReviewService, case: _Case, feedback: Feedback, resolution: Resolution) -> None:
    """Add what one accepted feedback says of an answer to the case."""
    if feedback.claim is None:
        meant = list(case.told.claims) if feedback.verdict == RIGHT else []
    else:
        meant = [case.told.claims[feedback.claim]] if feedback.claim < len(case.told.claims) else []
    right = feedback.claim is None or resolution.finding == SUPPORTED
    better = reviews.better(feedback, case.asker)
    for told in meant:
        claim, quotes = reviews.claim(told, case.asker)
        if claim.text:
            (case.ideal if right else case.unacceptable).append(claim.text)
        if right:
            case.gold += [quote.passage.id for quote in better or quotes]
    case.ideal += [quote.text for quote in better]


def _question(reviews: ReviewService, key: str, case: _Case, subjects: dict[str, str]) -> JSON:
    ideal, unacceptable = list(dict.fromkeys(case.ideal)), list(dict.fromkeys(case.unacceptable))
    text, *shown = _texts(reviews, case.asker, [case.told.question, *ideal, *unacceptable])
    scope = case.told.scope
    row: JSON = {
        "_id": key,
        "question": text,
        "answerable": True,
        "ideal": shown[: len(ideal)],
        "gold": list(dict.fromkeys(case.gold)),
        "unacceptable": [one for one in shown[len(ideal) :] if one not in shown[: len(ideal)]],
        "as_of": scope.as_of.isoformat(),
    }
    return row | ({"subject": subjects[scope.subjects[0]]} if scope.subjects else {})


def _corpus_text(reviews: ReviewService, passage_id: str, asker: Question, subjects: dict[str, str]) -> JSON | None:
    passage = reviews.library.readable([passage_id], asker).get(passage_id)
    if passage is None or not passage.text.strip():
        return None
    title, text = _texts(reviews, asker, [" > ".join((passage.title, *passage.section)), passage.text])
    row: JSON = {"_id": passage_id, "title": title, "text": text}
    about = [subjects[name] for name in passage.labels.subjects if name in subjects]
    dates: dict[str, Any] = {
        "effective_from": passage.in_force.effective_from, "effective_to": passage.in_force.effective_to
    }  # fmt: skip
    row |= {name: day.isoformat() for name, day in dates.items() if day}
    return row | ({"subject": about[0]} if about else {})


def _subjects(found: Iterable[_Case]) -> list[str]:
    """Return the subjects of cases: their names are of patients and matters, and no case needs them."""
    return list(dict.fromkeys(name for case in found for name in case.told.scope.subjects))


def _texts(reviews: ReviewService, asker: Question, texts: list[str]) -> list[str]:
    return reviews.presenter.texts(texts, reviews.library.retriever.resolve(asker))


def _lines(rows: Iterable[JSON]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
