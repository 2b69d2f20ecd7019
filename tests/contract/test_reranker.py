"""What every Reranker answers; a tuned one and the fake."""

from __future__ import annotations

import pytest

from domain.ports.reranker import Reranker
from tests.fakes.reranker import FakeReranker
from tests.tuned import Tuned

QUESTION = "within how many hours must a breach be notified"
ANSWER = "a breach must be notified within 72 hours"


@pytest.fixture(params=["tuned", "fake"])
def reranker(request: pytest.FixtureRequest, tuned: Tuned) -> Reranker:
    return tuned.reranker if request.param == "tuned" else FakeReranker()


def test_a_text_that_answers_scores_above_one_that_does_not(reranker: Reranker) -> None:
    answer, other, again = reranker.score(QUESTION, [ANSWER, "tablets are taken with water", ANSWER])
    assert answer > other
    assert again == pytest.approx(answer, abs=1e-4)


def test_scores_come_in_the_order_of_the_texts_whatever_stands_beside_them(reranker: Reranker) -> None:
    texts = ["tablets are taken with water", ANSWER, "", "ünïcödé 漢字 \x00", "word " * 2000]
    together = reranker.score(QUESTION, texts)
    for text, score in zip(texts, together, strict=True):
        assert reranker.score(QUESTION, [text]) == pytest.approx([score], abs=1e-3)


def test_an_empty_question_and_no_texts_are_allowed(reranker: Reranker) -> None:
    assert len(reranker.score("", [ANSWER])) == 1
    assert reranker.score(QUESTION, []) == []


def test_the_name_tells_the_weights(tuned: Tuned) -> None:
    assert tuned.reranker.name == f"{tuned.folder.name}@{tuned.digest[:12]}"
