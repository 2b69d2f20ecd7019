from __future__ import annotations

import pytest

from policies.disclosure.recognisers.ip_address import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 198.51.100.23 at night", ["198.51.100.23"]),
        ("2001:db8::8a2e:370:7334 seen", ["2001:db8::8a2e:370:7334"]),
        ("::ffff:198.51.100.23", ["::ffff:198.51.100.23"]),
        ("at 12:30:45 and std::vector", []),
        ("Section 10.1.2.3 and version 1.2.3.4", []),
        ("256.1.1.1", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
