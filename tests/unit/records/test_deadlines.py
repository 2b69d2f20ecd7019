"""Days and deadlines of a text, literally."""

from __future__ import annotations

from datetime import date

import pytest

from app.records.dates import dates_in, moved
from app.records.deadlines import chronology, deadlines

DAYS = [
    ("Signed on 1 March 2025.", ["2025-03-01"]),
    ("Signed on March 1st, 2025 at noon.", ["2025-03-01"]),
    ("Signed the 3rd day of May, 2024.", ["2024-05-03"]),
    ("Recorded 2025-03-01; seen 2025-03-02.", ["2025-03-01", "2025-03-02"]),
    ("Unterzeichnet am 1. März 2025 und am 02.04.2025.", ["2025-03-01", "2025-04-02"]),
    ("本协议于2025年3月1日生效。", ["2025-03-01"]),
    ("On 03/04/2025 they met.", []),  # March or April
    ("In March 2025 they met.", []),  # no day
    ("On 31 February 2025 they met.", []),
    ("File 2025-03-01-77, version 1.02.2025.3", []),
    ("Regulation (EU) 2016/679", []),
]

RULES = [
    # text, [(rule, due, why it is not computed)]
    ("The Buyer shall pay no later than 2 October 2025.", [("no later than 2 October 2025", "2025-10-02", "")]),
    ("Payment is due on 5 May 2025.", [("due on 5 May 2025", "2025-05-05", "")]),
    ("The tenant must leave by 30 June 2025.", [("by 30 June 2025", "2025-06-30", "")]),
    ("The letter was written by 30 June 2025.", []),  # nobody has to do anything
    ("The parties met on 5 May 2025.", []),
    (
        "The Seller shall deliver within 30 days of 1 March 2025.",
        [("within 30 days of 1 March 2025", "2025-03-31", "")],
    ),
    (
        "Objections must be filed within two (2) months after 31 December 2024.",
        [("within two (2) months after 31 December 2024", "2025-02-28", "")],
    ),
    (
        "A claim must be made at least 10 days before 5 March 2025.",
        [("at least 10 days before 5 March 2025", "2025-02-23", "")],
    ),
    (
        "The Customer shall pay within 30 days of receipt of the invoice.",
        [("within 30 days of receipt of the invoice", None, "base_not_stated")],
    ),
    (
        "The Customer shall pay within thirty (20) days of 1 March 2025.",
        [("within thirty (20) days of 1 March 2025", None, "numbers_disagree")],
    ),
    (
        "The Customer shall pay within 5 business days of 1 March 2025.",
        [("within 5 business days of 1 March 2025", None, "business_days")],
    ),
    (
        "The Customer shall pay within 30 days of the hearing of 1 March 2025.",
        [("within 30 days of the hearing of 1 March 2025", None, "base_not_stated")],
    ),
    (
        "Either party may terminate with 60 days' written notice.",
        [("60 days' written notice", None, "base_not_stated")],
    ),
    (
        "The words “within 30 days of receipt” are replaced by “within 45 days of receipt”.",
        [("within 45 days of receipt", None, "base_not_stated")],
    ),
    (
        "“Effective Date” means 1 March 2025.\nThe Supplier shall report within 10 days after the Effective Date.",
        [("within 10 days after the Effective Date", "2025-03-11", "")],
    ),
    (
        "This lease begins on 1 March 2025 (the “Start Date”).\nRent must be paid within 1 week of the Start Date.",
        [("within 1 week of the Start Date", "2025-03-08", "")],
    ),
    (
        "“End Date” means 1 May 2025.\n“End Date” means 2 May 2025.\nKeys must be back within 1 day of the End Date.",
        [("within 1 day of the End Date", None, "base_not_stated")],
    ),
    ("The share was held for 30 days of leave.", []),  # a number and no duty
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_only_days_that_mean_one_day_are_read(text: str, expected: list[str]) -> None:
    assert [one.day.isoformat() for one in dates_in(text)] == expected


@pytest.mark.parametrize(("text", "expected"), RULES)
def test_a_deadline_is_its_rule_and_a_day_only_where_the_text_states_one(
    text: str, expected: list[tuple[str, str | None, str]]
) -> None:
    found = [
        (text[one.rule_start : one.rule_end], one.due.isoformat() if one.due else None, one.reason)
        for one in deadlines(text)
    ]
    assert found == expected


def test_a_deadline_that_was_counted_shows_where_its_base_stands() -> None:
    text = "“Effective Date” means 1 March 2025.\nThe Supplier shall report within 10 days after the Effective Date."
    (found,) = deadlines(text)
    assert text[found.base_start : found.base_end] == "1 March 2025"
    assert text[found.start : found.end] == "The Supplier shall report within 10 days after the Effective Date."


def test_each_day_of_a_sentence_is_an_event_with_its_whole_sentence() -> None:
    text = "The lease ran from 1 May 2023 to 30 April 2024. It was not renewed."
    found = chronology(text)
    assert [(one.day.isoformat(), text[one.start : one.end]) for one in found] == [
        ("2023-05-01", "The lease ran from 1 May 2023 to 30 April 2024."),
        ("2024-04-30", "The lease ran from 1 May 2023 to 30 April 2024."),
    ]


@pytest.mark.parametrize(
    ("day", "count", "unit", "expected"),
    [
        ("2025-01-31", 1, "month", "2025-02-28"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2025-03-31", -1, "month", "2025-02-28"),
        ("2025-12-15", 1, "month", "2026-01-15"),
        ("2025-01-01", 2, "week", "2025-01-15"),
        ("9999-12-31", 1, "day", None),
    ],
)
def test_months_end_where_they_are_too_short(day: str, count: int, unit: str, expected: str | None) -> None:
    found = moved(date.fromisoformat(day), count, unit)
    assert (found.isoformat() if found else None) == expected
