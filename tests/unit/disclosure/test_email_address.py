from __future__ import annotations

import pytest

from policies.disclosure.recognisers.email_address import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to jo.canary+x@mail.example.org.", ["jo.canary+x@mail.example.org"]),
        ("mailto:JO@EXAMPLE.COM", ["JO@EXAMPLE.COM"]),
        ("jo [at] example [dot] org", ["jo [at] example [dot] org"]),
        ("jo%40example.org", ["jo%40example.org"]),
        ("josé@example.org", ["josé@example.org"]),
        ("3 @ 5 each, x@y", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
