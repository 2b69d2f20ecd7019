from __future__ import annotations

import pytest

from policies.disclosure.recognisers.mac_address import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MAC 00:1B:44:11:3A:B7", ["00:1B:44:11:3A:B7"]),
        ("00-1b-44-11-3a-b7", ["00-1b-44-11-3a-b7"]),
        ("001b.4411.3ab7", ["001b.4411.3ab7"]),
        ("10-20-30-40-50-60", []),
        ("12:30:45", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
