from __future__ import annotations

import pytest

from policies.disclosure.recognisers.device_id import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pacemaker serial number: PJN-720914K", ["PJN-720914K"]),
        (
            "UDI (01)00844588003288(17)141120(10)7654321D(21)10987654d321",
            ["(01)00844588003288(17)141120(10)7654321D(21)10987654d321"],
        ),
        ("IMEI: 490154203237518", ["490154203237518"]),
        ("implant, lot A213B1", ["A213B1"]),
        ("a serial 5-fluorouracil regimen", []),
        ("a lot of 5000 people", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
