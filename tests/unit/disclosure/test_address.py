from __future__ import annotations

import pytest

from policies.disclosure.recognisers.address import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at 214 Jaskolski Vale Suite 28", ["214 Jaskolski Vale Suite 28"]),
        ("12 Main St., then", ["12 Main St."]),
        ("1600 N Elm Ave", ["1600 N Elm Ave"]),
        ("lives at 123 main street", ["123 main street"]),
        ("P.O. Box 1234", ["P.O. Box 1234"]),
        ("Hauptstraße 12a", ["Hauptstraße 12a"]),
        ("100 mg Drive carefully", []),
        ("address 5 key questions", []),
        ("5 day course", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
