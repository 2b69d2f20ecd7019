from __future__ import annotations

import pytest

from policies.disclosure.recognisers.credit_card import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("card 4111 1111 1111 1111 used", ["4111 1111 1111 1111"]),
        ("5555555555554444", ["5555555555554444"]),
        ("amex 3782-822463-10005", ["3782-822463-10005"]),
        ("4111 1111 1111 1112", []),
        ("0000000000000000", []),
        ("SNOMED 4111111111111111111111", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
