from __future__ import annotations

import pytest

from domain.answers import Finding
from policies.disclosure.kinds import KINDS
from policies.disclosure.redaction import redact

TEXT = "Jane Doe rang 555-010-9921 and 555-010-9922."


def finding(words: str, kind: str) -> Finding:
    start = TEXT.index(words)
    return Finding(start=start, end=start + len(words), kind=kind, score=1.0, recogniser="x")


FOUND = [
    finding("Jane Doe", "PERSON"),
    finding("555-010-9921", "PHONE_NUMBER"),
    finding("555-010-9922", "PHONE_NUMBER"),
]


def test_findings_of_the_kinds_asked_for_are_replaced_and_counted() -> None:
    redacted = redact(TEXT, FOUND, {"PHONE_NUMBER"})
    assert redacted.text == "Jane Doe rang [PHONE_NUMBER] and [PHONE_NUMBER]."
    assert redacted.counts == {"PHONE_NUMBER": 2}


def test_every_kind_leaves_nothing() -> None:
    assert redact(TEXT, FOUND, KINDS).text == "[PERSON] rang [PHONE_NUMBER] and [PHONE_NUMBER]."


def test_no_kind_leaves_the_text_alone() -> None:
    redacted = redact(TEXT, FOUND, frozenset())
    assert (redacted.text, redacted.counts) == (TEXT, {})


def test_a_kind_that_nobody_declared_is_replaced_all_the_same() -> None:
    assert redact(TEXT, [finding("Jane Doe", "STRANGE")], frozenset()).text.startswith("[STRANGE] rang")


@pytest.mark.parametrize("findings", [[FOUND[1], FOUND[0]], [FOUND[0], FOUND[0]]])
def test_findings_out_of_order_or_overlapping_are_a_mistake(findings: list[Finding]) -> None:
    with pytest.raises(ValueError, match=r"overlap or leave the text at 0\.\.8"):
        redact(TEXT, findings, KINDS)
