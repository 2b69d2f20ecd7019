from __future__ import annotations

import pytest

from policies.disclosure.recognisers.license_plate import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("License plate: 7ABC123", ["7ABC123"]),
        ("plate no. AB12 CDE", ["AB12 CDE"]),
        ("Kennzeichen: B-XY 123", ["B-XY 123"]),
        ("a plate of food", []),
        ("growth plate 2 cm", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
