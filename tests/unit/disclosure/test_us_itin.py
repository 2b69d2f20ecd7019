from __future__ import annotations

import pytest

from policies.disclosure.recognisers.us_itin import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ITIN 912-70-1234", ["912-70-1234"]),
        ("tax form 912-70-1234", ["912-70-1234"]),
        ("912-49-1234 is no ITIN", []),
        ("219-09-9998", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
