from __future__ import annotations

import pytest

from policies.disclosure.recognisers.us_ssn import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SSN 219-09-9998 on file", ["219-09-9998"]),
        ("ssn: 219099998", ["219099998"]),
        ("social security number is 219 09 9998.", ["219 09 9998"]),
        ("SSN 000-12-3456, 666-12-3456 and 987-65-4321", []),
        ("order 219099998 shipped", []),
        ("LOINC 2190-9", []),
        ("219‑09‑9998 with odd dashes", ["219‑09‑9998"]),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
