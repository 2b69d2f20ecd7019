from __future__ import annotations

import pytest

from app.answering.asked import Expected, Order, cites, mentions, read_question
from app.answering.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When was it stopped?", Expected.DATE),
        ("How long may it be kept?", Expected.DATE),
        ("How many visits were there?", Expected.NUMBER),
        ("What is the daily dose?", Expected.NUMBER),
        ("Who signed the deed?", Expected.NAME),
        ("What is a controller?", Expected.DEFINITION),
        ("Is it allowed?", Expected.ANY),
    ],
)
def test_the_form_of_the_answer_is_read_from_the_question(text: str, expected: Expected) -> None:
    assert read_question(text, vocabulary()).expected is expected


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("the latest result", Order.NEWEST),
        ("the most recent visit", Order.NEWEST),
        ("the earliest result", Order.OLDEST),
        ("the first visit", Order.OLDEST),
        ("the first-line treatment", Order.ANY),
        ("her last name", Order.ANY),
        ("the result", Order.ANY),
    ],
)
def test_the_order_is_read_from_the_question(text: str, order: Order) -> None:
    assert read_question(text, vocabulary()).order is order


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("What does Article 17(1) (b) say?", ("17(1)(b)",)),
        ("See § 12a and Rule 22.4.2(A).", ("12a", "22.4.2(a)")),
        ("45 CFR 164.512(b)(1)(i)", ("164.512(b)(1)(i)",)),
        ("Regulations 2017 and Regulation 2016/679", ()),
        ("What is article text?", ()),
    ],
)
def test_exact_citations_are_read_from_the_question(text: str, citations: tuple[str, ...]) -> None:
    assert read_question(text, vocabulary()).citations == citations


@pytest.mark.parametrize(
    ("heading", "number", "expected"),
    [
        ("Article 17", "17", True),
        ("Article 17(1)(b)", "17(1)", True),
        ("Article 170", "17", False),
        ("Article 1", "17", False),
        ("§ 164.512(b)", "164.512", True),
        ("Rule 3.2.4", "3.2", True),
        ("17 reasons", "17", False),
    ],
)
def test_a_heading_cites_its_own_number_and_those_above(heading: str, number: str, *, expected: bool) -> None:
    assert cites(heading, number) is expected


def test_a_text_mentions_a_number_whole() -> None:
    assert mentions("as Rule 22.4.2(b) says", "22.4.2(a)")
    assert not mentions("as Rule 122.4.25 says", "22.4.2(a)")
    assert not mentions("170 days", "17")


def test_names_and_numbers_weigh_more_than_words_and_weak_words_less() -> None:
    asked = "Which dose of Lisinopril does the treatment need for 40 of 1200 fevers in group B?"
    assert dict(vocabulary().weigh(asked)) == {
        "dose": 0.2,
        "lisinopril": 1.6,
        "treatment": 0.2,
        "need": 0.2,
        "40": 0.4,
        "1200": 1.6,
        "fever": 1.0,
        "group": 1.0,
        "b": 0.4,
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haemoglobin A1c", "HbA1c"),
        ("high blood pressure", "hypertension"),
        ("blood sugar", "glucose"),
        ("allergic", "Allergies"),
        ("heart attack", "myocardial infarction"),
        ("Ménière", "meniere"),
        ("drugs", "medication"),
    ],
)
def test_spellings_of_one_meaning_are_one_term(one: str, other: str) -> None:
    assert vocabulary().terms(one) == vocabulary().terms(other) != frozenset()
