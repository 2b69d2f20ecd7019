from __future__ import annotations

import pytest

from policies.disclosure.recognisers.zip_code import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Springfield, IL 62704", ["62704"]),
        ("Ohio 44101-1234", ["44101-1234"]),
        ("zip code: 62704", ["62704"]),
        ("SW1A 1AA", ["SW1A 1AA"]),
        ("K1A 0B1", ["K1A 0B1"]),
        ("PLZ 10115", ["10115"]),
        ("platelets 62704", []),
        ("vitamin B12 5 mg", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
