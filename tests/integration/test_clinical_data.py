from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.fhir.resources import RENDERERS
from ingestion.readers.ccda import CcdaReader
from ingestion.readers.fhir import FhirReader
from tests.data import shared_data

PATIENTS = 10


def charts(limit: int) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
    for path in sorted(shared_data("records/fhir-synthea-r4").glob("*.json"))[:limit]:
        content = path.read_bytes()
        whole = json.loads(content, parse_float=str, parse_int=str)
        yield content, [entry["resource"] for entry in whole["entry"]]


def own_text(reading: Reading) -> dict[str, str]:
    return {
        section.locator.resource: reading.text[section.start : section.end]
        for section in reading.sections
        if section.locator.resource and section.locator.element is None
    }


def test_every_value_allergy_and_medication_stands_in_the_section_of_its_own_resource() -> None:
    checked = 0
    for content, resources in charts(PATIENTS):
        reading = FhirReader().read(content, "chart.json")
        texts = own_text(reading)
        for resource in resources:
            kind = resource["resourceType"]
            text = texts[f"{kind}/{resource['id']}"]
            if kind == "Observation":
                facts = [resource["code"]["text"], resource["effectiveDateTime"][:10]]
                for part in (resource, *resource.get("component", [])):
                    quantity = part.get("valueQuantity")
                    facts += [f"{quantity['value']} {quantity['unit']}"] if quantity else []
            elif kind == "AllergyIntolerance":
                facts = [resource["code"]["text"], resource["recordedDate"][:10]]
            elif kind == "MedicationRequest" and "medicationCodeableConcept" in resource:
                facts = [resource["medicationCodeableConcept"]["text"], resource["authoredOn"][:10], resource["status"]]
            else:
                continue
            checked += 1
            assert all(fact in text for fact in facts), f"{kind}/{resource['id']}"
    assert checked > 100 * PATIENTS // 10


def test_every_section_of_a_chart_is_about_its_patient_and_nothing_is_left_without_one() -> None:
    for content, resources in charts(PATIENTS):
        patient = next(resource["id"] for resource in resources if resource["resourceType"] == "Patient")
        reading = FhirReader().read(content, "chart.json")
        assert reading.subjects == (patient,)
        assert {s.subjects for s in reading.sections if s.kind == "resource"} == {(patient,)}
        assert len(own_text(reading)) == len(resources)


def test_the_largest_chart_is_read_in_well_under_a_second() -> None:
    path = max(shared_data("records/fhir-synthea-r4").glob("*.json"), key=lambda each: each.stat().st_size)
    content = path.read_bytes()
    started = time.process_time()
    FhirReader().read(content, path.name)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("folder", ["records/fhir-us-core", "faults/fhir_valid", "faults/fhir_invalid"])
def test_every_resource_in_every_file_has_a_section_that_says_something(folder: str) -> None:
    for path in sorted(shared_data(folder).iterdir()):
        try:
            reading = FhirReader().read(path.read_bytes(), path.name)
        except DocumentError:
            assert folder != "records/fhir-us-core", path.name
            continue
        sections = [section for section in reading.sections if section.kind == "resource"]
        assert sections, path.name
        assert all(section.end > section.start for section in sections), path.name


def test_nearly_every_valid_example_is_read() -> None:
    paths = sorted(shared_data("faults/fhir_valid").iterdir())
    assert sum(1 for path in paths if _is_read(FhirReader(), path)) >= len(paths) - 1


def test_clinical_types_have_a_renderer_of_their_own() -> None:
    kinds = {resource["resourceType"] for _, resources in charts(60) for resource in resources}
    assert kinds - RENDERERS.keys() == set()


def test_no_unparseable_json_is_read() -> None:
    assert not [path.name for path in shared_data("faults/json_unparseable").iterdir() if _is_read(FhirReader(), path)]


def test_ccda_examples_are_recognised_and_read() -> None:
    paths = sorted(shared_data("records/ccda-examples").iterdir())
    reader = CcdaReader()
    assert [path.name for path in paths if reader.sniff(path.read_bytes(), path.name) < 0.5] == []
    read = [path for path in paths if _is_read(reader, path)]
    assert len(read) >= len(paths) - 1  # one of them is not well formed


def _is_read(reader: FhirReader | CcdaReader, path: Path) -> bool:
    try:
        reading = reader.read(path.read_bytes(), path.name)
    except DocumentError:
        return False
    return bool(reading.text.strip() or reading.attachments)
