"""What is read from FHIR resources, literally: nothing is dropped, converted or guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingestion.fhir.record import Item, items_of

BY = {"system": "http://loinc.org", "code": "4548-4", "display": "Hemoglobin A1c"}
LAB = [{"coding": [{"code": "laboratory"}]}]


def observed(**more: Any) -> Item:
    resource = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": LAB,
        "code": {"coding": [BY]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2025-03-18T08:30:00Z",
        **more,
    }
    (item,) = items_of(json.dumps({key: value for key, value in resource.items() if value is not None}).encode())
    return item


VALUES: list[tuple[dict[str, Any], tuple[str, float | None, str, str, tuple[str, ...]]]] = [
    ({"valueQuantity": {"value": 6.5, "unit": "%"}}, ("6.5", 6.5, "", "%", ())),
    ({"valueQuantity": {"value": 0, "unit": "mg"}}, ("0", 0.0, "", "mg", ())),
    ({"valueQuantity": {"value": 3, "comparator": "<", "unit": "ng/L"}}, ("3", 3.0, "<", "ng/L", ())),
    ({"valueQuantity": {"value": "high", "unit": "%"}}, ("high", None, "", "%", ("not_a_number",))),
    ({"valueQuantity": {"unit": "%"}}, ("", None, "", "%", ("no_value",))),
    ({"valueQuantity": {"value": 12, "unit": "{score}"}}, ("12", 12.0, "", "", ())),
    ({"valueInteger": 7}, ("7", 7.0, "", "", ())),
    ({"valueString": "6.5 perhaps"}, ("6.5 perhaps", None, "", "", ())),
    ({"valueCodeableConcept": {"text": "Positive"}}, ("Positive", None, "", "", ())),
    ({"valueBoolean": True}, ("yes", None, "", "", ())),
    (
        {"dataAbsentReason": {"coding": [{"code": "not-performed"}]}},
        ("no value (not performed)", None, "", "", ("value_absent",)),
    ),
    ({}, ("", None, "", "", ("no_value",))),
]


@pytest.mark.parametrize(("given", "expected"), VALUES)
def test_a_value_is_as_written_and_says_why_it_cannot_be_read(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    (result,) = observed(**given).results
    assert (result.value, result.number, result.comparator, result.unit, result.unread) == expected


@pytest.mark.parametrize(
    ("given", "date", "time", "unread"),
    [
        ({}, "2025-03-18", "08:30 UTC", ()),
        ({"effectiveDateTime": "2025-03"}, "2025-03", "", ("date_not_a_day",)),
        ({"effectiveDateTime": None, "issued": "2025-03-19T01:00:00+02:00"}, "2025-03-19", "01:00 +02:00", ()),
        ({"effectiveDateTime": None}, "", "", ("no_date",)),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2025-01-02"}}, "2025-01-02", "", ()),
        ({"status": "entered-in-error"}, "2025-03-18", "08:30 UTC", ("withdrawn",)),
        ({"code": None}, "2025-03-18", "08:30 UTC", ("no_name",)),
    ],
)
def test_an_item_says_when_it_was_and_what_is_missing(
    given: dict[str, Any], date: str, time: str, unread: tuple[str, ...]
) -> None:
    item = observed(**given)
    assert (item.date, item.time, item.unread) == (date, time, unread)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([{"low": {"value": 4.0, "unit": "%"}, "high": {"value": 5.6, "unit": "%"}}], (4.0, 5.6)),
        ([{"high": {"value": 5.6}}], (None, 5.6)),
        ([{"low": {"value": 40, "unit": "mmol/mol"}}], (None, None)),
        ([{"high": {"value": 5.6}}, {"high": {"value": 6.5}}], (None, None)),
        ([{"text": "see report"}], (None, None)),
        ([], (None, None)),
    ],
)
def test_a_reference_range_counts_where_there_is_one_of_the_same_unit(
    ranges: list[Any], expected: tuple[float | None, float | None]
) -> None:
    (result,) = observed(valueQuantity={"value": 6.5, "unit": "%"}, referenceRange=ranges).results
    assert (result.low, result.high) == expected


def test_each_component_is_a_result_of_its_own() -> None:
    item = observed(
        component=[
            {"code": {"text": "Systolic"}, "valueQuantity": {"value": 128, "unit": "mm[Hg]"}},
            {"code": {"text": "Diastolic"}, "valueQuantity": {"value": 76, "unit": "mm[Hg]"}},
        ]
    )
    assert [(one.name, one.number) for one in item.results] == [("Systolic", 128.0), ("Diastolic", 76.0)]


def test_all_else_is_an_item_of_no_list() -> None:
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Claim", "id": "c"}},
            {"resource": {"resourceType": "Condition", "id": "d", "code": {"text": "Asthma"}, "recordedDate": "2019"}},
        ],
    }
    found = items_of(json.dumps(bundle).encode())
    assert [(one.resource, one.list, one.name, one.date, one.unread) for one in found] == [
        ("Claim/c", "", "", "", ()),
        ("Condition/d", "problems", "Asthma", "2019", ("date_not_a_day",)),
    ]
