from __future__ import annotations

import pytest

from policies.disclosure.recognisers.account_number import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Account #: 77-20931", ["77-20931"]),
        ("guarantor number G20931", ["G20931"]),
        ("take into account 3 factors", []),
        ("on account of pain", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
