from __future__ import annotations

import pytest

from policies.disclosure.recognisers.medical_record_number import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MRN: 00482917", ["00482917"]),
        ("MRN00482917", ["00482917"]),
        ("medical record number is AB-48291", ["AB-48291"]),
        ("his MRN at our hospital: 4829170", ["4829170"]),
        ("the record shows 12 visits", []),
        ("a chart review", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
