from __future__ import annotations

import pytest

from policies.disclosure.recognisers.passport import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Passport no. X31949511", ["X31949511"]),
        ("Reisepass: C01X00T47", ["C01X00T47"]),
        ("passport to health", []),
        ("X31949511", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
