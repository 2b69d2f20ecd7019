from __future__ import annotations

import pytest

from policies.disclosure.recognisers.vin import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VIN 1M8GDM9AXKP042788", ["1M8GDM9AXKP042788"]),
        ("1m8gdm9axkp042788", ["1m8gdm9axkp042788"]),
        ("1M8GDM9AXKP042789", []),
        ("11111111111111111", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
