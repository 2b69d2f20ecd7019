from __future__ import annotations

import pytest

from policies.disclosure.recognisers.age_over_89 import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a 94-year-old woman", ["94"]),
        ("aged 101", ["101"]),
        ("she turned 90", ["90"]),
        ("92 y/o, 92yo", ["92", "92"]),
        ("ninety-two years old", ["ninety-two"]),
        ("in her nineties", ["nineties"]),
        ("a 89-year-old man", []),
        ("94 mg, 94%", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
