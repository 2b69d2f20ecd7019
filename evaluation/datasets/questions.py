"""Reads questions with their answers: a folder of corpus.jsonl and questions.jsonl, or two BEIR folders.

corpus.jsonl has ``_id``, ``title``, ``text`` and, where it matters, ``subject``, ``effective_from`` and
``effective_to`` (ISO 8601, the last exclusive). questions.jsonl has ``_id`` and ``question`` and:

* ``answerable``: whether the corpus answers it (true when left out);
* ``ideal``: answers that a person would give, and ``gold``: the ids of the texts that hold them;
* ``must``: what a right answer says, all of it; an entry that is a list names alternatives, one of which will do;
* ``unacceptable``: what a right answer never says;
* ``subject`` and ``as_of``: whom it is asked about and for which day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from domain.errors import RequestError
from evaluation.datasets.beir import BeirDataset, read_beir
from evaluation.subject import JSON, CorpusText, Subject
from evaluation.suite import Progress

CORPUS: Final = "corpus.jsonl"
QUESTIONS: Final = "questions.jsonl"
_PURPOSE: Final = "treatment"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question with what is known about its answer; ``gold`` holds the keys of the texts that answer it."""

    id: str
    text: str
    gold: frozenset[str] = frozenset()
    ideal: tuple[str, ...] = ()
    answerable: bool = True
    must: tuple[tuple[str, ...], ...] = ()
    unacceptable: tuple[str, ...] = ()
    subject: str | None = None
    as_of: str | None = None

    def body(self, collection: str) -> JSON:
        """Return the question as it is put to a subject."""
        body: JSON = {"question": self.text, "collections": [collection], "purpose": _PURPOSE}
        if self.subject:
            body["subjects"] = [self.subject]
        if self.as_of:
            body["as_of"] = self.as_of
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDataset:
    """A corpus and the questions put to it, by id."""

    name: str
    corpus: tuple[CorpusText, ...]
    questions: Mapping[str, AskedQuestion]

    def load(self, subject: Subject, progress: Progress) -> dict[str, CorpusText]:
        """Make the corpus searchable in a collection of the dataset's name; return each text by its document id."""
        progress("ingesting", 0, len(self.corpus))
        documents = subject.load(self.corpus, self.name)
        progress("ingesting", len(self.corpus), len(self.corpus))
        return {documents[text.key]: text for text in self.corpus if text.key in documents}


def read_questions(folder: Path) -> QuestionDataset:
    """Return the dataset of a folder.

    Raises RequestError ``request.dataset_invalid`` with the file and line at fault.
    """
    corpus = {row["_id"]: _corpus_text(row, place) for place, row in rows(folder, CORPUS)}
    questions = {row["_id"]: _question(row, place, corpus) for place, row in rows(folder, QUESTIONS)}
    return QuestionDataset(name=folder.name, corpus=tuple(corpus.values()), questions=questions)


def read_foreign_questions(file: Path) -> QuestionDataset:
    """Return the questions of one BEIR folder, which are answerable, and of another, which its corpus does not answer.

    ``file`` is JSON: ``{"corpus": "bioasq", "foreign_questions": "obliqa", "questions": 150}``; the folders are
    relative to it, and ``questions`` is how many of each are taken, evenly spread (all when left out). Raises
    RequestError ``request.dataset_invalid``.
    """
    own, foreign, count = _pair(file)
    if own.name == foreign.name:
        raise invalid(file.name, "names one set twice")
    answerable = [
        AskedQuestion(id=f"{own.name}/{key}", text=own.queries[key], gold=relevant(own, key))
        for key in spread(list(own.queries), count)
    ]
    unanswerable = [
        AskedQuestion(id=f"{foreign.name}/{key}", text=foreign.queries[key], answerable=False)
        for key in spread(list(foreign.queries), count)
    ]
    return QuestionDataset(
        name=f"{own.name}+{foreign.name}",
        corpus=beir_corpus(own),
        questions={question.id: question for question in (*answerable, *unanswerable)},
    )


def beir_corpus(data: BeirDataset) -> tuple[CorpusText, ...]:
    """Return the corpus of a BEIR folder as texts to load."""
    return tuple(CorpusText(key=entry.id, title=entry.title, text=entry.text) for entry in data.corpus)


def relevant(data: BeirDataset, query: str) -> frozenset[str]:
    """Return the documents judged to answer a question. Raises RequestError when there is none."""
    gold = frozenset(document for document, score in data.qrels[query].items() if score > 0)
    if not gold:
        raise invalid("qrels", f"have nothing relevant for {query}")
    return gold


def rows(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("file:line", row) of a JSONL file whose rows have an ``_id`` of their own.

    Raises RequestError ``request.dataset_invalid`` with the line at fault, or when there is no row.
    """
    try:
        lines = (folder / name).read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise invalid(name, "cannot be read") from error
    except UnicodeDecodeError:
        raise invalid(name, "is not UTF-8") from None
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place = f"{name}:{number}"
            row = _row(line, place)
            if row["_id"] in seen:
                raise invalid(place, "repeats an _id")
            seen.add(row["_id"])
            yield place, row
    if not seen:
        raise invalid(name, "is empty")


def strings(row: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    """Return a field that is a list of texts, or one text; none when the field is left out."""
    value = row.get(name) or []
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) and item.strip() for item in listed):
        raise invalid(place, f"has a field {name} that is no list of texts")
    return tuple(listed)


def spread(items: list[T], count: int | None) -> list[T]:
    """Return so many of the items, evenly spread; all when there are no more."""
    if count is None or count >= len(items):
        return items
    return [items[number * len(items) // count] for number in range(count)]


def invalid(place: str, fault: str) -> RequestError:
    """Return the error of a dataset at fault."""
    return RequestError("request.dataset_invalid", f"{place} {fault}")


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        raise invalid(place, "is not JSON") from None
    if not isinstance(row, dict) or not isinstance(row.get("_id"), str) or not row["_id"]:
        raise invalid(place, "has no _id")
    return row


def _corpus_text(row: Mapping[str, Any], place: str) -> CorpusText:
    starts, ends = _day(row, "effective_from", place), _day(row, "effective_to", place)
    if starts and ends and ends < starts:
        raise invalid(place, "ends before it begins")
    return CorpusText(
        key=row["_id"],
        text=_text(row, "text", place),
        title=_optional(row, "title", place) or "",
        subject=_optional(row, "subject", place),
        effective_from=starts,
        effective_to=ends,
    )


def _question(row: Mapping[str, Any], place: str, corpus: Mapping[str, CorpusText]) -> AskedQuestion:
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise invalid(place, "has a field answerable that is not true or false")
    question = AskedQuestion(
        id=row["_id"],
        text=_text(row, "question", place),
        gold=frozenset(strings(row, "gold", place)),
        ideal=strings(row, "ideal", place),
        answerable=answerable,
        must=_alternatives(row, place),
        unacceptable=strings(row, "unacceptable", place),
        subject=_optional(row, "subject", place),
        as_of=_day(row, "as_of", place),
    )
    if not question.gold <= corpus.keys():
        raise invalid(place, f"has gold that is not in {CORPUS}")
    if answerable and not (question.gold and question.ideal):
        raise invalid(place, "is answerable but has no ideal or no gold")
    if not answerable and (question.gold or question.ideal or question.must):
        raise invalid(place, "is not answerable but has ideal, gold or must")
    return question


def _alternatives(row: Mapping[str, Any], place: str) -> tuple[tuple[str, ...], ...]:
    listed = row.get("must") or []
    if not isinstance(listed, list) or not all(listed):
        raise invalid(place, "has a field must that is no list")
    return tuple(strings({"must": item}, "must", place) for item in listed)


def _text(row: Mapping[str, Any], name: str, place: str) -> str:
    value = _optional(row, name, place)
    if not value or not value.strip():
        raise invalid(place, f"has no {name}")
    return value


def _optional(row: Mapping[str, Any], name: str, place: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(place, f"has a field {name} that is no text")
    return value


def _day(row: Mapping[str, Any], name: str, place: str) -> str | None:
    value = _optional(row, name, place)
    try:
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError:
        raise invalid(place, f"has a field {name} that is no date") from None


def _pair(file: Path) -> tuple[BeirDataset, BeirDataset, int | None]:
    try:
        named = json.loads(file.read_text(encoding="utf-8"))
        own, foreign, count = named["corpus"], named["foreign_questions"], named.get("questions")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise invalid(file.name, "does not name corpus and foreign_questions in JSON") from error
    if not isinstance(own, str) or not isinstance(foreign, str):
        raise invalid(file.name, "does not name corpus and foreign_questions in JSON")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        raise invalid(file.name, "has a field questions that is no whole number above zero")
    return read_beir(file.parent / own), read_beir(file.parent / foreign), count
