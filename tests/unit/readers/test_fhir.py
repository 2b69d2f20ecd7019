from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.readers.fhir import FhirReader

LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
PATIENT = {
    "resourceType": "Patient",
    "id": "ann",
    "name": [{"family": "Berg7", "given": ["Ann3"], "prefix": ["Mrs."]}, {"use": "maiden", "family": "Tal"}],
    "gender": "female",
    "birthDate": "1950-02-09",
    "telecom": [{"system": "phone", "value": "+1 202-555-0101"}, {"system": "email", "value": "ann@example.org"}],
    "address": [{"line": ["4 Elm Way"], "city": "Oakham", "postalCode": "01234"}],
    "identifier": [
        {"type": {"coding": [{"code": "SS"}]}, "value": "900-11-2222"},
        {"type": {"coding": [{"code": "MR"}]}, "value": "MRN-77"},
    ],
    "contact": [{"relationship": [{"text": "Son"}], "name": {"text": "Karl Berg"}}],
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Iris Moss"}
    ],
}
A1C = {
    "resourceType": "Observation",
    "id": "a1c",
    "status": "final",
    "category": [{"coding": [{"code": "laboratory"}]}],
    "code": {"text": "Hemoglobin A1c", "coding": [{"system": LOINC, "code": "4548-4"}]},
    "subject": {"reference": "Patient/ann"},
    "effectiveDateTime": "2019-03-04",
    "valueQuantity": {"value": "@6.50@", "unit": "%"},
}


def content(value: Any) -> bytes:
    """Write JSON; "@6.50@" stands for the bare number 6.50."""
    return json.dumps(value).replace('"@', "").replace('@"', "").encode()


def read(value: Any) -> Reading:
    return FhirReader().read(content(value), "chart.json")


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def said(resource: dict[str, Any]) -> str:
    """Return the text of the section of one resource, without its group's heading."""
    reading = read(resource)
    section = next(section for section in reading.sections if section.kind == "resource")
    return reading.text[section.start : section.end]


def code_of(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        FhirReader().read(data, "chart.json")
    return f"{caught.value.code} {caught.value.detail}".strip()


def test_a_laboratory_value_is_one_sentence_in_its_group_with_its_date_and_place() -> None:
    reading = read(bundle(PATIENT, A1C))
    section = next(section for section in reading.sections if section.locator.resource == "Observation/a1c")
    assert reading.text[section.start : section.end] == ("Hemoglobin A1c: 6.50 % on 2019-03-04 (final; LOINC 4548-4).")
    assert section.path == ("Laboratory results", "Hemoglobin A1c 2019-03-04")
    assert section.kind == "resource"
    assert section.date == date(2019, 3, 4)
    assert section.subjects == ("ann",)
    assert reading.title == "Patient record of Mrs. Ann3 Berg7"
    assert reading.media_type == "application/fhir+json"


def test_the_newest_result_stands_first_and_allergies_stand_before_results() -> None:
    newer = {**A1C, "id": "newer", "effectiveDateTime": "2020-01-01"}
    allergy = {"resourceType": "AllergyIntolerance", "id": "x", "patient": {"reference": "Patient/ann"}}
    resources = [s.locator.resource for s in read(bundle(PATIENT, A1C, newer, allergy)).sections if s.locator.resource]
    assert resources == ["Patient/ann", "AllergyIntolerance/x", "Observation/newer", "Observation/a1c"]


def test_an_allergy_says_substance_status_criticality_reaction_and_date() -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "criticality": "high",
        "code": {"text": "Penicillin V", "coding": [{"system": RXNORM, "code": "7984"}]},
        "reaction": [{"manifestation": [{"text": "hives"}], "severity": "severe"}],
        "recordedDate": "1999-05-02",
    }
    assert said(allergy) == (
        "Allergy: Penicillin V, active, criticality high; reaction: hives (severe); recorded 1999-05-02 (RxNorm 7984)."
    )


def test_a_medication_says_dosage_and_the_name_behind_its_reference() -> None:
    request = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "urn:uuid:1b"},
        "authoredOn": "2015-02-03T10:00:00Z",
        "dosageInstruction": [
            {
                "route": {"text": "by mouth"},
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["HS"]}},
                "doseAndRate": [{"doseQuantity": {"value": "@0.50@", "unit": "mg"}}],
                "maxDosePerPeriod": {"numerator": {"value": 4, "unit": "mg"}, "denominator": {"value": 1, "unit": "d"}},
            }
        ],
    }
    medicine = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"text": "Lorazepam", "coding": [{"system": RXNORM, "code": "6470"}]},
    }
    chart = {
        "resourceType": "Bundle",
        "entry": [{"resource": request}, {"fullUrl": "urn:uuid:1b", "resource": medicine}],
    }
    assert (
        "Medication: Lorazepam, active, prescribed 2015-02-03; dosage: 0.50 mg, 2 times every 1 day at bedtime, "
        "by mouth, max dose per period 4 mg / 1 d (RxNorm 6470)."
    ) in read(chart).text


def test_blood_pressure_is_one_section_with_both_components_and_a_missing_one_in_words() -> None:
    pressure = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Blood pressure"},
        "effectiveDateTime": "2020-05-01T09:30:00+02:00",
        "component": [
            {"code": {"text": "Systolic"}, "valueQuantity": {"value": 120, "unit": "mmHg"}},
            {"code": {"text": "Diastolic"}, "dataAbsentReason": {"coding": [{"code": "not-performed"}]}},
        ],
    }
    assert said(pressure) == (
        "Blood pressure: Systolic 120 mmHg, Diastolic no value (not performed) on 2020-05-01 (final; at 09:30 +02:00)."
    )


@pytest.mark.parametrize(
    ("resource", "start"),
    [
        ({**A1C, "status": "entered-in-error"}, "Entered in error, not valid: Hemoglobin A1c: 6.50 %"),
        (
            {
                "resourceType": "Condition",
                "code": {"text": "Asthma"},
                "verificationStatus": {"coding": [{"code": "refuted", "display": "Refuted"}]},
            },
            "Refuted (ruled out): Condition: Asthma",
        ),
        (
            {
                "resourceType": "AllergyIntolerance",
                "code": {"text": "Latex"},
                "verificationStatus": {"coding": [{"code": "entered-in-error"}], "text": "wrong"},
            },
            "Entered in error, not valid: Allergy: Latex",
        ),
        (
            {"resourceType": "Procedure", "status": "not-done", "code": {"text": "Appendectomy"}},
            "Procedure not done: Appendectomy",
        ),
        (
            {"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "Influenza"}},
            "Immunization not done: Influenza",
        ),
        ({"resourceType": "ServiceRequest", "doNotPerform": True, "code": {"text": "CPR"}}, "Do not perform: CPR"),
        (
            {
                "resourceType": "MedicationRequest",
                "doNotPerform": True,
                "medicationCodeableConcept": {"text": "Aspirin"},
            },
            "Medication not to be given: Aspirin",
        ),
        (
            {
                "resourceType": "MedicationStatement",
                "status": "not-taken",
                "medicationCodeableConcept": {"text": "Aspirin"},
            },
            "Medication not taken: Aspirin",
        ),
        (
            {
                "resourceType": "MedicationAdministration",
                "status": "not-done",
                "medicationCodeableConcept": {"text": "Aspirin"},
            },
            "Medication not given: Aspirin",
        ),
        ({"resourceType": "RiskAssessment", "status": "entered-in-error"}, "Entered in error, not valid: Risk"),
    ],
)
def test_what_is_not_so_says_so_first(resource: dict[str, Any], start: str) -> None:
    assert said(resource).startswith(start)


def test_what_no_renderer_knows_is_said_all_the_same() -> None:
    text = said({**A1C, "bodySite": {"text": "left arm"}, "modifierExtension": [{"url": "x/odd", "valueCode": "yes"}]})
    assert "Body site: left arm." in text
    assert "Modifier extension: odd: yes." in text


def test_a_type_without_a_renderer_is_read_with_labels_values_codes_and_dates() -> None:
    text = said(
        {
            "resourceType": "NutritionOrder",
            "status": "active",
            "dateTime": "2021-06-07T08:00:00Z",
            "oralDiet": {
                "type": [{"coding": [{"system": SNOMED, "code": "1055204", "display": "Low sodium diet"}]}],
                "nutrient": [{"amount": {"value": 2, "unit": "g"}}],
            },
        }
    )
    assert text.splitlines() == [
        "Nutrition order: active.",
        "Date time: 2021-06-07 08:00 UTC.",
        "Oral diet: type Low sodium diet (SNOMED CT 1055204).",
        "Oral diet, nutrient: amount 2 g.",
    ]


def test_an_encounter_is_named_where_something_happened_in_it() -> None:
    chart = bundle(
        PATIENT,
        {
            "resourceType": "Encounter",
            "id": "e",
            "status": "finished",
            "class": {"code": "EMER"},
            "type": [{"text": "Chest pain visit"}],
            "subject": {"reference": "Patient/ann"},
            "period": {"start": "2020-01-02T10:00:00Z", "end": "2020-01-02T12:00:00Z"},
        },
        {
            "resourceType": "Condition",
            "code": {"text": "Angina"},
            "onsetDateTime": "2019",
            "subject": {"reference": "Patient/ann"},
            "encounter": {"reference": "Encounter/e"},
        },
    )
    text = read(chart).text
    assert "Encounter: Chest pain visit on 2020-01-02, finished, emergency (from 10:00 UTC until 12:00 UTC)." in text
    assert "Condition: Angina, onset 2019.\nDuring: Chest pain visit, 2020-01-02." in text


def test_a_claim_is_one_line() -> None:
    claim = {
        "resourceType": "Claim",
        "status": "active",
        "type": {"coding": [{"code": "institutional"}]},
        "use": "claim",
        "billablePeriod": {"start": "2020-01-02", "end": "2020-01-03"},
        "provider": {"display": "Oak Clinic"},
        "item": [{"productOrService": {"text": "Office visit"}, "net": {"value": 12, "currency": "USD"}}],
        "total": {"value": "@125.00@", "currency": "USD"},
    }
    assert said(claim) == (
        "Claim: institutional, 2020-01-02 to 2020-01-03, active; billed by Oak Clinic; total 125.00 USD; "
        "for Office visit."
    )


def test_a_narrative_helps_where_the_structure_says_little() -> None:
    text = {
        "status": "generated",
        "div": "<div><p>Plan of &amp; for</p><table><tr><td>a</td><td>b</td></tr></table></div>",
    }
    assert said({"resourceType": "CarePlan", "text": text}).splitlines() == ["Care plan.", "Plan of & for", "a | b"]


def test_each_section_is_about_its_own_patient_and_patients_stand_apart() -> None:
    bob = {"resourceType": "Patient", "id": "bob", "name": [{"text": "Bob Rose"}]}
    his = {**A1C, "id": "his", "subject": {"reference": "Patient/bob"}}
    clinic = {"resourceType": "Organization", "id": "clinic", "name": "Oak Clinic"}
    both = {**A1C, "id": "both", "focus": [{"reference": "Patient/bob"}]}
    reading = read(bundle(PATIENT, A1C, bob, his, clinic, both))
    subjects = {s.locator.resource: s.subjects for s in reading.sections if s.locator.resource}
    assert subjects == {
        "Patient/ann": ("ann",),
        "Observation/a1c": ("ann",),
        "Patient/bob": ("bob",),
        "Observation/his": ("bob",),
        "Organization/clinic": ("ann", "bob"),
        "Observation/both": ("ann", "bob"),
    }
    assert reading.subjects == ("ann", "bob")
    tops = [section for section in reading.sections if section.parent == 0]
    assert [section.subjects for section in tops] == [("ann",), ("bob",), ("ann", "bob")]
    assert "Ann" not in reading.title


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"reference": "Patient/p1"}, "p1"),
        ({"reference": "http://ehr.example/fhir/Patient/p1/_history/3"}, "p1"),
        ({"reference": "urn:uuid:0a-1"}, "0a-1"),
        ({"type": "Patient", "identifier": {"value": "MRN-9"}}, "MRN-9"),
        ({"reference": "#p"}, "MRN-8"),
    ],
)
def test_a_lone_resource_is_about_the_patient_it_refers_to(subject: dict[str, Any], expected: str) -> None:
    contained = (
        [{"resourceType": "Patient", "id": "p", "identifier": [{"value": "MRN-8"}]}] if "#" in str(subject) else []
    )
    assert read({**A1C, "subject": subject, "contained": contained}).subjects == (expected,)


def test_a_clinical_record_that_names_no_patient_is_about_nobody_who_can_be_asked_for() -> None:
    unnamed = {key: value for key, value in A1C.items() if key != "subject"}
    (subject,) = read(unnamed).subjects
    assert subject.startswith("unidentified:")


@pytest.mark.parametrize("kind", ["Questionnaire", "ValueSet", "Organization", "Practitioner"])
def test_a_definition_or_an_organization_alone_is_about_no_patient(kind: str) -> None:
    assert read({"resourceType": kind, "name": "X"}).subjects == ()


def test_identities_of_the_patient_are_known_in_every_form() -> None:
    found = {(identity.kind, identity.value) for identity in read(bundle(PATIENT, A1C)).identities}
    assert found >= {
        ("name", "Mrs. Ann3 Berg7"), ("name", "Mrs. Ann Berg"), ("name", "Ann Berg"), ("name", "Berg"),
        ("name", "Berg7"), ("name", "Tal"), ("birth_date", "1950-02-09"), ("birth_date", "02/09/1950"),
        ("birth_date", "February 9, 1950"), ("phone", "+1 202-555-0101"), ("email", "ann@example.org"),
        ("address", "4 Elm Way"), ("address", "Oakham 01234"), ("national_id", "900-11-2222"),
        ("record_number", "MRN-77"), ("relative", "Karl Berg"), ("relative", "Iris Moss"), ("relative", "Moss"),
    }  # fmt: skip
    assert {identity.subject for identity in read(bundle(PATIENT, A1C)).identities} == {"ann"}


def test_files_in_base64_are_handed_on_and_pictures_are_only_named() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "code": {"text": "Scan"},
        "presentedForm": [
            {"contentType": "text/plain", "data": "aGVs\nbG8=", "title": "Letter"},
            {"contentType": "image/png", "data": "aGVsbG8=", "title": "Picture"},
            {"contentType": "application/pdf", "data": "%%%", "title": "Broken"},
        ],
    }
    reading = read(report)
    assert [(a.name, a.media_type, a.content, a.inline) for a in reading.attachments] == [
        ("Letter.txt", "text/plain", b"hello", True)
    ]
    assert reading.sections[reading.attachments[0].section].locator.resource == "DiagnosticReport/r"
    assert "Picture (image/png)" in reading.text
    assert "The attached file (application/pdf) cannot be decoded." in reading.text


def test_a_contained_resource_has_its_own_section_in_its_owner() -> None:
    contained = {"resourceType": "Medication", "id": "m", "code": {"text": "Zinc"}}
    owner = {"resourceType": "MedicationRequest", "id": "r", "contained": [contained]}
    reading = read({**owner, "medicationReference": {"reference": "#m"}})
    assert "Medication: Zinc." in reading.text
    assert [(s.locator.resource, s.locator.element) for s in reading.sections if s.kind == "resource"] == [
        ("MedicationRequest/r", None),
        ("MedicationRequest/r", "contained[m]"),
    ]


def test_xml_says_what_json_says() -> None:
    xml = b"""<?xml version="1.0"?><Observation xmlns="http://hl7.org/fhir"><id value="a1c"/>
    <status value="final"/><category><coding><code value="laboratory"/></coding></category>
    <code><coding><system value="http://loinc.org"/><code value="4548-4"/></coding><text value="Hemoglobin A1c"/></code>
    <subject><reference value="Patient/ann"/></subject><effectiveDateTime value="2019-03-04"/>
    <valueQuantity><value value="6.50"/><unit value="%"/></valueQuantity></Observation>"""
    from_xml = FhirReader().read(xml, "a1c.xml")
    assert from_xml.text == read(A1C).text
    assert from_xml.sections == read(A1C).sections
    assert from_xml.media_type == "application/fhir+xml"


def test_one_resource_a_line_is_read_and_a_broken_line_is_numbered() -> None:
    lines = content(PATIENT) + b"\n\n" + content(A1C) + b"\n"
    assert "6.50 %" in FhirReader().read(lines, "all.ndjson").text
    assert code_of(lines + b'{"resourceType": ') == "document.malformed line 4"
    assert code_of(lines + b'{"a": 1}') == "document.malformed line 4 is no resource"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "document.malformed"),
        (b"\xff\xfe{", "document.malformed"),
        (b'{"a": 1}', "document.unsupported JSON that is not FHIR"),
        (b"[]", "document.unsupported JSON that is not FHIR"),
        (b'{"resourceType": "Patient", "x": ' + b"[" * 500 + b"]" * 500 + b"}", "document.bomb deeper than 120"),
        (b"[" * 100_000, "document.bomb deeper than 120"),
        (b"<Patient xmlns='http://hl7.org/fhir'>", "document.malformed line 1"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    assert code_of(data) == code


JUNK = ["text", 7, True, None, [], {}, [None, ["deep"]], {"a": {"b": [1, {"c": None}]}}, [{"coding": "x"}, "y"]]


@pytest.mark.parametrize(
    "kind", ["Patient", "Observation", "MedicationRequest", "Encounter", "CarePlan", "Claim", "Bundle"]
)
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_wrong_shapes_are_read_as_well_as_they_can_be(kind: str, junk: Any) -> None:
    keys = (
        "id name code status category subject component valueQuantity period text identifier telecom address contact "
        "dosageInstruction medicationReference participant activity item total entry contained extension class type"
    )
    assert read({"resourceType": kind, **dict.fromkeys(keys.split(), junk)}).text


def test_fhir_is_recognised_by_its_top_and_by_nothing_deeper() -> None:
    sniff = FhirReader().sniff
    assert sniff(content(A1C), "x.json") > 0.9
    assert sniff(b"\xef\xbb\xbf " + content(A1C), "x.json") > 0.9
    assert sniff(json.dumps(bundle(PATIENT), sort_keys=True).encode(), "x.json") > 0.5
    assert sniff(b"<f:Patient a='b' xmlns:f='http://hl7.org/fhir'/>", "x.xml") > 0.9
    assert sniff(content({"hook": "x", "prefetch": {"p": PATIENT}}), "x.json") == 0
    assert sniff(b'{"text": "\\"resourceType\\": \\"Patient\\""}', "x.json") == 0
    assert sniff(b"<html><p>resourceType</p></html>", "x.html") == 0
