from __future__ import annotations

import pytest

from app.answering.dates import asked_dates, dates_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 2019-03-04 (final)", ["2019-03-04"]),
        ("in 2019-03", ["2019-03"]),
        ("4 March 2019", ["2019-03-04"]),
        ("the 4th of March, 2019", ["2019-03-04"]),
        ("Mar. 4, 2019", ["2019-03-04"]),
        ("September 2019", ["2019-09"]),
        ("since 2019 and 1987", ["2019", "1987"]),
        ("Regulation (EU) 2016/679", []),
        ("LOINC 4548-4, 1234-2019, v1.2019", []),
        ("2019-03-04 and 2020", ["2019-03-04", "2020"]),
        ("may 5", []),
    ],
)
def test_dates_are_read_as_iso_prefixes(text: str, expected: list[str]) -> None:
    assert dates_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("What was it in 2019?", ["2019"], "What was it  ?"),
        ("What was it on 2019-03-04?", ["2019-03-04"], "What was it on  ?"),
        ("What does Regulation 2016/679 say?", [], "What does Regulation 2016/679 say?"),
        ("Is a ratio of 2000 allowed?", ["2000"], "Is a ratio   allowed?"),
        ("Does rule 2019 apply?", [], "Does rule 2019 apply?"),
    ],
)
def test_a_question_is_about_a_bare_year_only_after_a_word_of_time(text: str, expected: list[str], rest: str) -> None:
    assert asked_dates(text) == (expected, rest)
