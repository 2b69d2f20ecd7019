"""Facts are read in whatever notation they are written."""

from __future__ import annotations

import pytest

from policies.grounding.facts import Kind, extract


def same(*texts: str) -> bool:
    return len({tuple((fact.kind, fact.key) for fact in extract(text)) for text in texts}) == 1


@pytest.mark.parametrize(
    "texts",
    [
        ("10 mg", "10mg", "10 milligrams", "ten mg", "0.01 g", "10-mg"),
        ("5 mcg", "5 µg", "5 μg", "5 micrograms"),
        ("1,000 mL", "1000 mL", "1 L", "1 000 ml"),
        ("20 000 000 EUR", "EUR 20,000,000", "€20 million"),
        ("at least 10 days", "no less than ten days", "≥ 10 days", "10 days or more"),
        ("within 72 hours", "no later than 72 hours", "not more than 72 h", "up to seventy-two hours"),
        ("twice daily", "two times a day", "2 times per day", "b.i.d.", "BID", "2x a day"),
        ("every 8 hours", "q8h", "8-hourly"),
        ("per year", "yearly", "annually", "each year"),
        ("4 March 2019", "March 4, 2019", "2019-03-04", "4th of March 2019", "4 MARCH 2019"),
        ("25/04/2019", "04/25/2019", "25 April 2019"),
        ("Article 17(1)(b)", "Art. 17(1)(b)", "article 17 (1)(b)"),
        ("§ 164.512(b)", "section 164.512(b)", "Sec. 164.512(b)"),
        ("10-20 mg", "10 to 20 mg", "10–20 mg", "between 10 and 20 mg"),
        ("thirty (30) days", "30 days"),
        ("third", "3rd"),
        ("10⁹/L", "10^9/L"),
        ("５０ mg", "50 mg", "5\u200b0 mg"),
        ("120/80 mmHg", "120/80 mm Hg"),
    ],
    ids=lambda texts: texts[0],
)
def test_one_fact_in_many_notations(texts: tuple[str, ...]) -> None:
    assert extract(texts[0])
    assert same(*texts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 mg", "10 g"), ("10 mg", "10 mL"), ("1.5 mg", "15 mg"), ("10^9/L", "109/L"), ("5½ mg", "51/2 mg"),
        ("72 hours", "72 days"), ("24 hours", "1 day"), ("at least 5 mg", "more than 5 mg"), ("5 mg", "about 5 mg"),
        ("120/80 mmHg", "80/120 mmHg"), ("03/04/2019", "3 April 2019"), ("Article 17", "Article 18"),
        ("Article 17", "Section 17"), ("45 CFR 164.512(b)", "45 CFR 164.512(e)"), ("twice daily", "twice weekly"),
        ("every 8 hours", "every 6 hours"), ("-5 °C", "5 °C"), ("MRN 00123", "MRN 123"), ("5 EUR", "5 USD"),
    ],
)  # fmt: skip
def test_two_facts_are_not_one(one: str, other: str) -> None:
    assert not same(one, other)


def test_every_kind_is_told_from_the_others() -> None:
    text = "On 4 March 2019 Dr Brown gave HER2 5 mg twice daily under Article 6, the third."
    assert [(fact.kind, fact.text) for fact in extract(text)] == [
        (Kind.DATE, "4 March 2019"),
        (Kind.WORD, "Dr"),
        (Kind.WORD, "Brown"),
        (Kind.CODE, "HER2"),
        (Kind.NUMBER, "5 mg"),
        (Kind.FREQUENCY, "twice daily"),
        (Kind.CITATION, "Article 6"),
        (Kind.ORDINAL, "third"),
    ]
