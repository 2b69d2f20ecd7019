"""Patterns that need a digit are passed over where there is none, and only those."""

from __future__ import annotations

import json
import re

import pytest
import regex

from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.digits import needs_digit
from policies.disclosure.registry import RECOGNISERS
from tests.data import ROOT, shared_data

FORMS = [form.pattern for recogniser in RECOGNISERS for form in recogniser.forms]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\d{3}-\d{4}", True),
        (r"[0-9]+", True),
        (r"(?:MRN|file) ?7", True),
        (r"(?i)\b(?:a\d|b[0-3])\b", True),
        (r"x(?=\w*\d)\w+", True),
        (r"(?<=\d)th", True),
        (r"\d*", False),
        (r"\d?[A-Z]", False),
        (r"a\d|b", False),
        (r"[\dA-Z]{17}", False),
        (r"(?!\d)[a-z]+", False),
        (r"[^0-9]", False),
        (r"(?<!\d)x", False),
        (r"(unclosed", False),
    ],
)
def test_only_what_is_certain_needs_a_digit(pattern: str, *, expected: bool) -> None:
    assert needs_digit(pattern) is expected


def test_most_forms_need_a_digit_and_names_do_not() -> None:
    assert sum(map(needs_digit, FORMS)) > len(FORMS) / 2
    person = next(recogniser for recogniser in RECOGNISERS if recogniser.name == "person")
    assert not any(needs_digit(form.pattern) for form in person.forms)


def test_no_form_that_needs_a_digit_matches_a_text_without_one() -> None:
    text = re.sub(r"\d", "x", (ROOT / "README.md").read_text() + (ROOT / "docs/architecture.md").read_text())
    assert [form for form in FORMS if needs_digit(form) and regex.search(form, text)] == []


def test_labels_of_public_records_lose_nothing_by_being_searched_together() -> None:
    rows = json.loads((shared_data("presidio-research") / "synth_dataset_v2.json").read_text(encoding="utf-8"))
    texts = list(dict.fromkeys(row["full_text"] for row in rows[:300]))
    deidentifier = PresidioDeidentifier()
    together = deidentifier.find_each(texts, ())
    for text, found in zip(texts, together, strict=True):
        hidden = {place for finding in found for place in range(finding.start, finding.end)}
        alone = {place for finding in deidentifier.find(text, ()) for place in range(finding.start, finding.end)}
        assert alone <= hidden
