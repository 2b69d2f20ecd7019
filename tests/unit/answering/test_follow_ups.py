"""What a question takes over from the one before it."""

from __future__ import annotations

import pytest

from app.answering.follow_ups import follow_up
from app.answering.vocabulary import vocabulary

BEFORE = "What is the dose of amoxicillin for otitis media in children?"


@pytest.mark.parametrize("question", ["And in adults?", "What about pregnancy?", "How long?", "Is it safe?"])
def test_a_question_with_few_terms_of_its_own_takes_over_those_of_the_previous_one(question: str) -> None:
    asked, decision = follow_up(question, BEFORE, vocabulary())
    assert asked.startswith(f"{question} ")
    assert "amoxicillin" in asked
    assert "otitis" in asked
    assert decision is not None
    assert (decision.policy, decision.decision) == ("follow-up", "widen")


@pytest.mark.parametrize(
    "question",
    ["Which antibiotics treat Lyme disease in pregnant women?", "How long may a controller keep health records?"],
)
def test_a_question_of_its_own_stays_as_it_is(question: str) -> None:
    assert follow_up(question, BEFORE, vocabulary()) == (question, None)


def test_the_first_question_of_a_conversation_stays_as_it_is() -> None:
    assert follow_up("And in adults?", "", vocabulary()) == ("And in adults?", None)


def test_a_chain_of_follow_ups_keeps_the_topic() -> None:
    second, _ = follow_up("And in adults?", BEFORE, vocabulary())
    third, _ = follow_up("And in pregnancy?", second, vocabulary())
    assert "amoxicillin" in third


def test_what_would_grow_too_long_stays_as_it_is() -> None:
    assert follow_up("And in adults?", "amoxicillin " + "x" * 4000, vocabulary())[1] is None
