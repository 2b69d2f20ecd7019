from __future__ import annotations

import pytest

from policies.disclosure.recognisers.uk_nhs import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NHS number 943 476 5919", ["943 476 5919"]),
        ("nhs no: 9434765919", ["9434765919"]),
        ("NHS number 943 476 5918", []),
        ("9434765919 alone", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
