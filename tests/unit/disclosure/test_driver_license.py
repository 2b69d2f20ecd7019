from __future__ import annotations

import pytest

from policies.disclosure.recognisers.driver_license import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Driver's license S99931344", ["S99931344"]),
        ("driving licence no: MORGA753116SM9", ["MORGA753116SM9"]),
        ("DL #: 5130634", ["5130634"]),
        ("a license to practise", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
