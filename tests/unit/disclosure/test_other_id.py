from __future__ import annotations

import pytest

from policies.disclosure.recognisers.other_id import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Accession number: S22-10482", ["S22-10482"]),
        ("patient ID 99-1203", ["99-1203"]),
        ("0c6b1f3d-edb2-422b-a0af-a262fb90ed07", ["0c6b1f3d-edb2-422b-a0af-a262fb90ed07"]),
        ("the patient is 45", []),
        ("visit 3 of 4", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
