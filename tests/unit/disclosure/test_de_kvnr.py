from __future__ import annotations

import pytest

from policies.disclosure.recognisers.de_kvnr import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KVNR: A123456780", ["A123456780"]),
        ("Versichertennummer A123456780", ["A123456780"]),
        ("KVNR: A123456781", []),
        ("code A123456780", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
