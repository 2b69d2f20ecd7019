"""Refusals of the extractive drafter on public questions: measured, not shown."""

from __future__ import annotations

import json
import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.answering.extractive import ExtractiveDrafter
from app.answering.vocabulary import vocabulary
from tests.data import shared_data
from tests.unit.answering.cases import evidence, passage, question

QUESTIONS = 150


@dataclass(frozen=True, slots=True)
class Set:
    """A public set: a sample of its questions with their own passages, all its passages, and where each term stands."""

    asked: list[tuple[str, list[str]]]
    passages: list[str]
    places: dict[str, list[int]]

    def nearest(self, text: str) -> list[str]:
        """Return the ten passages that share most of the question's rare terms: what retrieval would bring."""
        scores = Counter[int]()
        for term in vocabulary().terms(text):
            places = self.places.get(term, [])
            for place in places:
                scores[place] += round(1000 * math.log(len(self.passages) / len(places)))
        return [self.passages[place] for place, _ in scores.most_common(10)]


def texts_by_id(path: Path) -> dict[str, str]:
    return {row["_id"]: row["text"] for row in map(json.loads, path.read_text(encoding="utf-8").split("\n")[:-1])}


def load(name: str) -> Set:
    folder = shared_data(name)
    chance = random.Random(3)
    corpus, asked = texts_by_id(folder / "corpus.jsonl"), texts_by_id(folder / "queries.jsonl")
    own: dict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels" / "dev.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        key, document, _ = line.split("\t")
        if corpus.get(document, "").strip():
            own[key].append(corpus[document])
    passages = sorted({text[:2000] for text in corpus.values() if text.strip()})
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(passages):
        for term in vocabulary().terms(text):
            places[term].append(place)
    keys = chance.sample(sorted(own), QUESTIONS)
    return Set(asked=[(asked[key], own[key]) for key in keys], passages=passages, places=places)


def answered(text: str, passages: list[str]) -> bool:
    shown = evidence(*(passage(item, id=str(number)) for number, item in enumerate(passages)))
    return bool(list(ExtractiveDrafter().draft(question(text), shown, 0)))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "foreign"), [("obliqa", "bioasq"), ("bioasq", "obliqa")])
def test_questions_are_answered_from_their_own_texts_and_not_from_foreign_ones(name: str, foreign: str) -> None:
    own, other = load(name), load(foreign)
    refused_own = sum(not answered(text, [*own.nearest(text)[:9], passages[0]]) for text, passages in own.asked)
    refused_foreign = sum(not answered(text, other.nearest(text)) for text, _ in own.asked)
    assert refused_own / QUESTIONS <= 0.06
    assert refused_foreign / QUESTIONS >= 0.94
