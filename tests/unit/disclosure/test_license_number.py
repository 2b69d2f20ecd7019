from __future__ import annotations

import pytest

from policies.disclosure.recognisers.license_number import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("State medical license no. MD-48213", ["MD-48213"]),
        ("certificate number: 77-A12", ["77-A12"]),
        ("bar no. 204871", ["204871"]),
        ("certificate of 2 kinds", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
