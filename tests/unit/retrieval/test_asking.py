"""What a question asks, told from where it looks for it."""

from __future__ import annotations

import pytest

from retrieval.asking import asked_of

ASKED = [
    ("Consider the lease with Miller; may the tenant sublet?", "may the tenant sublet?"),
    ("Consider Experts, Inc.; Does the document allow copies?", "Does the document allow copies?"),
    ("the house rules: if I am late, what happens?", "if I am late, what happens?"),
    ("In the agreement between A and B, which court is competent?", "which court is competent?"),
    ("In the agreement between A, B and C, which court is competent?", "which court is competent?"),
    ("According to the guideline, how much\nis a usual dose?", "how much\nis a usual dose?"),
    ("  Under Article 6, is consent needed?", "is consent needed?"),
    # in one piece
    ("May the tenant sublet?", ""),
    ("Is it allowed in the lease with Miller, or is it not?", ""),
    ("She is 81, has gout and takes aspirin. Which drugs interact?", ""),
    ("For how many years is it kept, what is the term?", ""),
    ("What is asthma; what is COPD?", "what is COPD?"),
    ("In the lease with Miller", ""),
    ("In the lease with Miller, the tenant may sublet", ""),
    ("In 2020, or: may", "may"),
    ("", ""),
    (";", ""),
]


@pytest.mark.parametrize(("question", "asked"), ASKED)
def test_the_part_that_asks_is_told_from_the_rest(question: str, asked: str) -> None:
    assert asked_of(question) == asked


def test_a_long_question_without_an_end_costs_no_time() -> None:
    assert asked_of("in " + "a, " * 200_000) == ""
    assert asked_of("in the " * 200_000 + "; may we") == ""
