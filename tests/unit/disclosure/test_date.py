from __future__ import annotations

import pytest

from policies.disclosure.recognisers.date import RECOGNISER
from tests.unit.disclosure.tables import values_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on 2014-03-03 and 03/04/2014", ["2014-03-03", "03/04/2014"]),
        ("2014-03-03T10:15:00-05:00", ["2014-03-03T10:15:00-05:00"]),
        ("March 3rd, 2014", ["March 3rd, 2014"]),
        ("3 Mar 2014, then March 2014", ["3 Mar 2014", "March 2014"]),
        ("am 3. März 2014 und vom 03.03.14", ["3. März 2014", "03.03.14"]),
        ("seen on 3/14", ["3/14"]),
        ("HL7 201403031015", ["201403031015"]),
        ("in 2014", []),
        ("BP 120/80, 5/325 mg, Rule 4.14.61, 1.5", []),
        ("may have 10 mg", []),
    ],
)
def test_it_finds_these_and_no_others(text: str, found: list[str]) -> None:
    assert values_found(RECOGNISER, text) == found
