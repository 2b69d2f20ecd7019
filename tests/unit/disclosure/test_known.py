from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain.identities import KnownIdentity
from policies.disclosure.known import find_known
from tests.data import shared_data

PHONES = ["555) 430-1166", "5554301166", "1.555.430.1166"]
ADDRESS = "214 Jaskolski Street Suite 28\nMashpee, Massachusetts 02649"


def known(kind: str, *values: str) -> list[KnownIdentity]:
    return [KnownIdentity(subject="p", kind=kind, value=value) for value in values]


def found(text: str, identities: list[KnownIdentity]) -> list[str]:
    return [text[finding.start : finding.end] for finding in find_known(text, identities)]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("Jane Quincy Doe", "Seen: Jane Quincy Doe.", ["Jane Quincy Doe"]),
        ("Jane Quincy Doe", "DOE, JANE", ["DOE, JANE"]),
        ("Jane Quincy Doe", "J. Doe, J. Q. Doe and JQ Doe", ["J. Doe, J. Q. Doe", "JQ Doe"]),
        ("Jane Doe", "Jane X. Doe", ["Jane X. Doe"]),
        ("Doe, Jane", "jane doe's knee", ["jane doe"]),
        ("Mrs. Jane Doe, MD", "Doe was told; Jane agreed", ["Doe", "Jane"]),
        ("Jane Doe", "jane alone in small letters", []),
        ("Jane Doe", "a doe in the wood, Does it hurt?", ["doe"]),
        ("José Müller", "JOSE MUELLER and Jose Muller", ["JOSE MUELLER", "Jose Muller"]),
        ("Mary Smith-Jones", "Smith Jones, SmithJones and Smith–Jones", ["Smith Jones, SmithJones", "Smith–Jones"]),
        ("Pat O'Brien", "O’Brien and OBrien", ["O’Brien", "OBrien"]),
        ("Ludwig van der Berg", "L. van der Berg", ["L. van der Berg"]),
        ("Mark Brown", "brown spots mark the skin", []),
        ("Mark Brown", "Mr Brown, MARK BROWN", ["Brown, MARK BROWN"]),
        ("Jane Doe, DO", "Jane agreed, Doe left", ["Jane", "Doe"]),
        ("Kim Do", "K. Do and Do, Kim", ["K. Do", "Do, Kim"]),
        ("Mary Smith-Jones", "mary smithjones", ["mary smithjones"]),
        ("Garcia Brown, Ann", "Brown rice for Garcia", ["Garcia"]),
        ("Mark Brown", "Mark the spot", []),
        ("Wei Li", "Li came, li did not", ["Li"]),
        ("Jane Doe", "jane%20doe, jane.doe and Jane\n    Doe", ["jane%20doe, jane.doe", "Jane\n    Doe"]),
        ("Adolph80 Smith67", "Adolph80 Smith67 and Adolph", ["Adolph80 Smith67", "Adolph"]),
        ("Jane Doe", "Janet Doerr", []),
    ],
)
def test_a_name_is_found_however_it_is_written(value: str, text: str, expected: list[str]) -> None:
    assert found(text, known("name", value)) == expected


@pytest.mark.parametrize(
    ("kind", "value", "text", "expected"),
    [
        ("phone", "555-430-1166", "(555) 430-1166, 5554301166, +1.555.430.1166", PHONES),
        ("phone", "+44 20 7946 0958", "020 7946 0958", ["020 7946 0958"]),
        ("phone", "555-430-1166", "1555430116699", []),
        ("record_number", "MR-00482917", "mr00482917", ["mr00482917"]),
        ("record_number", "00482917", "no. 482917 and 0048-2917", ["482917", "0048-2917"]),
        ("record_number", "42", "42 mg", []),
        ("record_number", "MRN 482917", "no. 482917", ["482917"]),
        ("phone", "+1 (555) 430-1166 ext. 12", "555.430.1166", ["555.430.1166"]),
        ("national_id", "999-91-3567", "999913567, 999 91 3567", ["999913567", "999 91 3567"]),
        ("other_id", "S99931344", "licence s 99931344", ["s 99931344"]),
        ("email", "Jane.Doe@example.org", "JANE.DOE@EXAMPLE.ORG", ["JANE.DOE@EXAMPLE.ORG"]),
        ("url", "https://www.example.org/jane", "example.org/jane", ["example.org/jane"]),
        ("address", ADDRESS, "214 JASKOLSKI ST", ["214 JASKOLSKI ST"]),
        ("address", "214 Jaskolski St\nMashpee, Massachusetts 02649", "in Mashpee, Massachusetts", ["Mashpee"]),
        ("address", "214 Jaskolski St\nMashpee, Massachusetts 02649", "214 Jaskolski Street", ["214 Jaskolski Street"]),
        ("birth_date", "1944-11-28", "11/28/1944; 28.11.44; 19441128", ["11/28/1944", "28.11.44", "19441128"]),
        ("birth_date", "1944-11-28", "November 28th, 1944 or 28 Nov 1944", ["November 28th, 1944", "28 Nov 1944"]),
        ("birth_date", "1944-11-28", "28 units, 1944", []),
    ],
)  # fmt: skip
def test_other_identities_are_found_however_they_are_written(
    kind: str, value: str, text: str, expected: list[str]
) -> None:
    assert found(text, known(kind, value)) == expected


def test_kinds_follow_the_kind_of_the_identity() -> None:
    identities = known("national_id", "999-91-3567", "A123456780") + known("relative", "Ada Doe")
    text = "999913567 A123456780 Ada Doe"
    assert [finding.kind for finding in find_known(text, identities)] == ["US_SSN", "NATIONAL_ID", "PERSON"]


def test_nobody_known_means_nothing_found() -> None:
    assert find_known("Jane Doe", ()) == []


def test_a_hundred_identities_in_a_long_text_take_well_under_a_second() -> None:
    identities = [identity for number in range(25) for identity in someone(number)]
    text = "The patient was seen and told to return. " * 1200 + "Given3 Family3x"
    find_known(text, identities)
    started = time.process_time()
    assert found(text, identities) == ["Given3 Family3x"]
    assert time.process_time() - started < 1


def someone(number: int) -> list[KnownIdentity]:
    return [
        *known("name", f"Given{number} Family{number}x"),
        *known("phone", f"555-430-{1000 + number}"),
        *known("record_number", f"MR-{70_000 + number}"),
        *known("address", f"{number} Perch Street\nCageton"),
    ]


def test_every_mention_of_a_patient_in_their_own_record_is_found() -> None:
    paths = sorted(shared_data("records/fhir-synthea-r4").rglob("*.json"))[:5]
    assert paths
    for path in paths:
        bundle = json.loads(path.read_text("utf-8"))
        patient = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
        identities = [*known("name", f"{patient['name'][0]['given'][0]} {patient['name'][0]['family']}")]
        identities += known("birth_date", patient["birthDate"]) + known("phone", patient["telecom"][0]["value"])
        identities += known("other_id", *{identifier["value"] for identifier in patient["identifier"]})
        identities += known("address", patient["address"][0]["line"][0] + "\n" + patient["address"][0]["city"])
        text = "\n".join(strings(bundle))
        hidden = {place for finding in find_known(text, identities) for place in range(finding.start, finding.end)}
        values = [value for identity in identities for value in identity.value.split("\n")]
        mentions = [m for value in values for m in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text)]
        assert len(mentions) >= 6
        assert [m.span() for m in mentions if not set(range(*m.span())) <= hidden] == []


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)
