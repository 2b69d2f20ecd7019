from __future__ import annotations

import pytest

from policies.disclosure.recognisers.location import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Springfield, IL 62704", ["Springfield"]),
        ("from Mashpee, Massachusetts", ["Mashpee"]),
        ("she lives in Springfield with", ["Springfield"]),
        ("Cook County", ["Cook"]),
        ("lives in Massachusetts", ["Massachusetts"]),
        ("IL-6, IL-1 and ME", []),
        ("lives in pain", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
