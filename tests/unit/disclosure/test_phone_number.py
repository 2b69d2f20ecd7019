from __future__ import annotations

import pytest

from policies.disclosure.recognisers.phone_number import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call (617) 555-0142 ext. 9 now", ["(617) 555-0142 ext. 9"]),
        ("555-430-1166", ["555-430-1166"]),
        ("fax 617.555.0142", ["617.555.0142"]),
        ("+44 20 7946 0958 is London", ["+44 20 7946 0958"]),
        ("Tel: 030 901820", ["030 901820"]),
        ("mobile 6175550142", ["6175550142"]),
        ("ring 0049 30 901820 please", ["0049 30 901820"]),
        ("BP 120/80, HR 72, 250 500 750 mg", []),
        ("2020-06-20 14:11", []),
        ("Phone on 2020-06-20", []),
        ("6175550142 alone", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
