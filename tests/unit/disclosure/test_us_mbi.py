from __future__ import annotations

import pytest

from policies.disclosure.recognisers.us_mbi import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MBI 1EG4-TE5-MK73", ["1EG4-TE5-MK73"]),
        ("1EG4TE5MK73", ["1EG4TE5MK73"]),
        ("1SG4-TE5-MK73", []),
        ("0EG4-TE5-MK73", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
