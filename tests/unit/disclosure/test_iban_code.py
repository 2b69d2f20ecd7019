from __future__ import annotations

import pytest

from policies.disclosure.recognisers.iban_code import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("to DE89 3704 0044 0532 0130 00 please", ["DE89 3704 0044 0532 0130 00"]),
        ("gb82west12345698765432", ["gb82west12345698765432"]),
        ("pay ES91 2100 0418 4502 0005 1332 USD", ["ES91 2100 0418 4502 0005 1332"]),
        ("DE88 3704 0044 0532 0130 00", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
