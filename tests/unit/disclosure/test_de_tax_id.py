from __future__ import annotations

import pytest

from policies.disclosure.recognisers.de_tax_id import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Steuer-ID: 36 574 261 809", ["36 574 261 809"]),
        ("IdNr. 36574261809", ["36574261809"]),
        ("Steuer-ID: 36 574 261 808", []),
        ("36574261809 alone", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
