from __future__ import annotations

import pytest

from policies.disclosure.recognisers.birth_date import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DOB: 11/28/1944", ["11/28/1944"]),
        ("born on November 28, 1944", ["November 28, 1944"]),
        ("Date of birth (mm/dd/yyyy): 11-28-1944", ["11-28-1944"]),
        ("geboren am 28.11.1944", ["28.11.1944"]),
        ("born in 1944", []),
        ("seen 11/28/1944", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
