"""In force: whether an answer is from the version that was in force on the day asked about.

The suite goes by its own dates and texts. A quote counts for a version when it stands in that version's text and in no
other version of the same document; words that versions share count for every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from domain.errors import ConsiliumError
from evaluation.datasets.questions import invalid, rows
from evaluation.means import means
from evaluation.report import Case, Curve, Figure
from evaluation.subject import JSON, CorpusText, Subject
from evaluation.suite import Progress, Suite, Work
from evaluation.suites.answers import outcome, quoted_passages, quotes

_DOCUMENTS: Final = "documents.jsonl"
_QUESTIONS: Final = "questions.jsonl"
_LOWER: Final = ("not_in_force_quoted", "not_in_force_found")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A question with its day and the version that answers it; ``expected`` is empty when none was in force."""

    text: str
    as_of: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _InForce:
    """Versions by key, and questions about them."""

    name: str
    versions: Mapping[str, CorpusText]
    questions: Mapping[str, _Question]

    @property
    def keys(self) -> Sequence[str]:
        return list(self.questions)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        progress("ingesting", 0, len(self.versions))
        subject.load(self.versions.values(), self.name)
        progress("ingesting", len(self.versions), len(self.versions))

    def measure(self, key: str, subject: Subject) -> Case:
        question = self.questions[key]
        scope: JSON = {"collections": [self.name], "as_of": question.as_of, "purpose": "legal_advice"}
        tags = {"expected": "a version" if question.expected else "none in force"}
        try:
            answer = subject.ask({"question": question.text, **scope})
            found = subject.search({"query": question.text, **scope})["results"]
        except ConsiliumError as error:
            return Case(id=key, scores=self._failed(question), tags={**tags, "outcome": error.code})
        quoted = [quote["text"] for quote in quotes(answer)]
        scores = {
            "not_in_force_quoted": float(any(self._is_foreign(text, question.as_of) for text in quoted)),
            "not_in_force_found": float(any(self._is_foreign(hit["text"], question.as_of) for hit in found)),
        }
        if question.expected:
            right = any(_holds(self.versions[question.expected].text, text) for text in quoted)
            scores |= {"answered": float(bool(quoted)), "right_version": float(right)}
        else:
            scores["refused_when_none"] = float(not quoted)
        return Case(id=key, scores=scores, tags={**tags, "outcome": outcome(answer)}, passages=quoted_passages(answer))

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        return means(cases, seed, lower_is_better=lambda name: name in _LOWER), ()

    def _is_foreign(self, text: str, as_of: str) -> bool:
        """Say whether ``text`` stands in versions, and in none of those in force on the day."""
        holding = [version for version in self.versions.values() if _holds(version.text, text)]
        return bool(holding) and not any(_in_force(version, as_of) for version in holding)

    @staticmethod
    def _failed(question: _Question) -> dict[str, float]:
        if question.expected:
            return {"answered": 0.0, "right_version": 0.0}
        return {"refused_when_none": 0.0}


def _holds(whole: str, part: str) -> bool:
    return " ".join(part.split()) in " ".join(whole.split())


def _in_force(version: CorpusText, as_of: str) -> bool:
    return (version.effective_from or "") <= as_of < (version.effective_to or "9999-12-31")


def _read(folder: Path) -> Work:
    versions = {row["_id"]: _version(row, place) for place, row in rows(folder, _DOCUMENTS)}
    questions = {row["_id"]: _question(row, place, versions) for place, row in rows(folder, _QUESTIONS)}
    return _InForce(name=folder.name, versions=versions, questions=questions)


def _version(row: Mapping[str, Any], place: str) -> CorpusText:
    return CorpusText(
        key=row["_id"],
        title=_text(row, "title", place),
        text=_text(row, "text", place),
        document=_text(row, "document", place),
        effective_from=_day(row, "effective_from", place),
        effective_to=_day(row, "effective_to", place),
    )


def _question(row: Mapping[str, Any], place: str, versions: Mapping[str, CorpusText]) -> _Question:
    as_of, expected = _day(row, "as_of", place), row.get("expected") or ""
    if as_of is None:
        raise invalid(place, "has no as_of")
    if expected and expected not in versions:
        raise invalid(place, "expects a version that is not in documents.jsonl")
    if expected and not _in_force(versions[expected], as_of):
        raise invalid(place, "expects a version that was not in force on that day")
    return _Question(text=_text(row, "question", place), as_of=as_of, expected=expected)


def _text(row: Mapping[str, Any], name: str, place: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise invalid(place, f"has no {name}")
    return value


def _day(row: Mapping[str, Any], name: str, place: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise invalid(place, f"has an {name} that is no date") from None


SUITE: Final = Suite(
    name="in-force",
    summary="Which version answers: questions about a day, and the version that was in force on it.",
    formats="a folder of documents.jsonl (versions with their dates) and questions.jsonl (as_of, expected version)",
    main=("right_version", "not_in_force_quoted", "refused_when_none"),
    read=_read,
)
