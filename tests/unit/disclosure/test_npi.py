from __future__ import annotations

import pytest

from policies.disclosure.recognisers.npi import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NPI: 1234567893", ["1234567893"]),
        ("provider 1234567893", ["1234567893"]),
        ("NPI: 1234567894", []),
        ("1234567893 alone", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
