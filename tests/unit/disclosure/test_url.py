from __future__ import annotations

import pytest

from policies.disclosure.recognisers.url import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/jo?visit=2.", ["https://example.org/jo?visit=2"]),
        ("(www.example.org)", ["www.example.org"]),
        ("visit clinic.example.com/jo today", ["clinic.example.com/jo"]),
        ("e.g. this and i.e. that, vs.no space", []),
        ("jo@example.org", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
