from __future__ import annotations

import pytest

from policies.disclosure.recognisers.health_plan_id import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Member ID: XQP-993-20418", ["XQP-993-20418"]),
        ("policy number 8821-443", ["8821-443"]),
        ("Medicaid no. 11223344Z", ["11223344Z"]),
        ("a plan to review", []),
        ("group 2 of 3", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
