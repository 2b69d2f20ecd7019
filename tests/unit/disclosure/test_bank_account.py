from __future__ import annotations

import pytest

from policies.disclosure.recognisers.bank_account import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bank account number: 000123456789", ["000123456789"]),
        ("routing no. 021000021", ["021000021"]),
        ("routing no. 021000022", []),
        ("savings account 12345678", ["12345678"]),
        ("a deposit of 10 to 88112233 was made", ["88112233"]),
        ("platelets 150000", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
