from __future__ import annotations

import pytest

from policies.disclosure.recognisers.dea_number import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DEA AB1234563", ["AB1234563"]),
        ("DEA AB1234564", []),
        ("antibody LY2951742", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
