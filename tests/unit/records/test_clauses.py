"""Clauses side by side, literally."""

from __future__ import annotations

import pytest

from app.records.clauses import clauses_of, key, side_by_side
from ingestion.readers.markdown import MarkdownReader

BEFORE = """# Supply Agreement

## 1. Fees
The fee is EUR 100.

## 2. Liability
Liability is limited.

## 3. Term
One year.

## 4. Notices
In writing.
"""
AFTER = """# Supply Agreement

## 1. Fees
The fee is EUR 120.

## 2. Data
Data stays here.

## 3. Liability
Liability is   limited.

## 4. Notices
In writing.
"""


def test_clauses_meet_by_their_headings_whatever_their_numbers() -> None:
    left, right = (MarkdownReader().read(text.encode(), "a.md") for text in (BEFORE, AFTER))
    pairs = side_by_side(
        left.text, clauses_of(left.text, left.sections), right.text, clauses_of(right.text, right.sections)
    )
    assert [
        (pair.left.heading if pair.left else None, pair.right.heading if pair.right else None, pair.same)
        for pair in pairs
    ] == [
        ("1. Fees", "1. Fees", False),
        (None, "2. Data", False),
        ("2. Liability", "3. Liability", True),
        ("3. Term", None, False),
        ("4. Notices", "4. Notices", True),
    ]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("2.1 Fees and Payment", "fees and payment"),
        ("Article 5 – Term", "term"),
        ("§ 3 Haftung", "haftung"),
        ("IV. Notices", "notices"),
        ("Civil liability", "civil liability"),
        ("7.", "7"),
        ("***", "***"),
    ],
)
def test_a_heading_is_its_words_or_its_number(heading: str, expected: str) -> None:
    assert key(heading) == expected
