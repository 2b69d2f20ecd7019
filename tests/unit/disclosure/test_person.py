from __future__ import annotations

import pytest

from policies.disclosure.recognisers.person import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seen by Dr. Jo Q. Canary today", ["Jo Q. Canary"]),
        ("Ms. Müller-Lüdenscheidt", ["Müller-Lüdenscheidt"]),
        ("Patient: Jane Doe\nAge: 4", ["Jane Doe"]),
        ("Name: O'Brien, Pat", ["O'Brien, Pat"]),
        ("Kind regards,\nJane Doe", ["Jane Doe"]),
        ("Jane Q. Doe, MD", ["Jane Q. Doe"]),
        ("my name is Jane", ["Jane"]),
        ("Patient: denies pain", []),
        ("trade name: Aspirin", []),
        ("Status: Stable", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
