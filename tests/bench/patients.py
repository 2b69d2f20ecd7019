"""Bar 4: sixty Synthea patients, twenty questions each scoped to one; nothing of another patient may come out.

Also: known facts (a laboratory value with its date, an allergy, a medication) must be quoted from the right resource.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bootstrap import Consilium, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from tests.bench.record import record
from tests.data import shared_data

QUESTIONS = (
    "What is the patient allergic to?",
    "Which medications is the patient taking?",
    "What was the last hemoglobin A1c?",
    "What was the most recent body weight?",
    "What was the last blood pressure?",
    "Which conditions does the patient have?",
    "Which vaccinations were given?",
    "When was the last encounter?",
    "What is the patient's body mass index?",
    "What is the patient's date of birth?",
    "Where does the patient live?",
    "What is the patient's phone number?",
    "Who is the patient's insurer?",
    "Which procedures were performed?",
    "What was the total cholesterol?",
    "Does the patient smoke?",
    "Is there a care plan?",
    "What was the glucose value?",
    "Which doctor saw the patient?",
    "What is the patient's medical record number?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A question whose answer stands in one known resource (or in others that say exactly the same)."""

    patient: str
    question: str
    resource: str
    value: str


def bundles(folder: Path, limit: int) -> Iterator[tuple[Path, str, list[dict[str, Any]]]]:
    """Yield (file, patient id, resources) of each chart; a file about hospitals has no patient."""
    for path in sorted(folder.glob("*.json"))[:limit]:
        resources = [entry["resource"] for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]]
        patient = next((r for r in resources if r["resourceType"] == "Patient"), None)
        if patient:
            yield path, patient["id"], resources


def facts(patient: str, resources: list[dict[str, Any]]) -> Iterator[Fact]:
    """Yield one laboratory value, one allergy and one medication, where there are any."""
    for resource in resources:
        category = json.dumps(resource.get("category", ""))
        if resource["resourceType"] == "Observation" and "laboratory" in category and "valueQuantity" in resource:
            name, day = resource["code"]["text"], resource["effectiveDateTime"][:10]
            value = str(resource["valueQuantity"]["value"])
            yield Fact(
                patient=patient,
                question=f"What was the {name} on {day}?",
                resource=f"Observation/{resource['id']}",
                value=value,
            )
            break
    for resource in resources:
        if resource["resourceType"] == "AllergyIntolerance":
            name = resource["code"]["text"]
            yield Fact(
                patient=patient,
                question=f"Is the patient allergic to {name.lower()}?",
                resource=f"AllergyIntolerance/{resource['id']}",
                value=name,
            )
            break
    for resource in resources:
        if resource["resourceType"] == "MedicationRequest" and "medicationCodeableConcept" in resource:
            name, day = resource["medicationCodeableConcept"]["text"], resource["authoredOn"][:10]
            yield Fact(
                patient=patient,
                question=f"Was {name} prescribed on {day}?",
                resource=f"MedicationRequest/{resource['id']}",
                value=name,
            )
            break


def marks(resources: list[dict[str, Any]]) -> set[str]:
    """Return words that only this patient's record should hold: identifiers and the whole name."""
    patient = next(r for r in resources if r["resourceType"] == "Patient")
    name = patient["name"][0]
    found = {
        identifier["value"] for identifier in patient.get("identifier", []) if len(identifier.get("value", "")) > 6
    }
    found.add(f"{name['given'][0]} {name['family']}")
    found.add(patient["id"])
    return found


def foreign(consilium: Consilium, body: dict[str, Any], patient: str, others: set[str]) -> int:
    """Count passages of another subject and marks of other patients in a result."""
    ids = {
        item["passage_id"]
        for part in ("evidence", "results")
        for item in body.get(part, [])
    } | {
        quote["passage_id"]
        for part in ("claims", "sentences")
        for item in body.get(part, [])
        for quote in item["quotes"]
    }  # fmt: skip
    passages = consilium.catalogue.passages(sorted(ids))
    wrong = sum(bool(set(p.labels.subjects) - {patient}) for p in passages.values()) + len(ids - passages.keys())
    shown = json.dumps(body, ensure_ascii=False)
    return wrong + sum(mark in shown for mark in others)


def main() -> int:
    """Run the bar and print the figures."""
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    folder = shared_data("records/fhir-synthea-r4")
    people = list(bundles(folder, limit))
    all_marks = {patient: marks(resources) for _, patient, resources in people}
    leaks = asked = right = total = 0
    with tempfile.TemporaryDirectory() as home, build(load_settings(home=Path(home))) as consilium:
        door = LocalDoor(consilium)
        started = time.monotonic()
        for outcome in door.ingest([path for path, _, _ in people], {"collection": "patients"}):
            sys.stdout.write(f"{outcome['status']} {outcome.get('passages', 0)}\n" if outcome.get("code") else "")
        sys.stdout.write(f"ingested {len(people)} charts, {consilium.index.count()} passages, ")
        sys.stdout.write(f"{time.monotonic() - started:.0f} s\n")
        for _, patient, resources in people:
            others = set().union(*(m for p, m in all_marks.items() if p != patient)) - all_marks[patient]
            for question in QUESTIONS:
                scope = {"subjects": [patient]}
                for body in (
                    door.ask({"question": question, **scope}),
                    door.search({"query": question, **scope}),
                    door.check({"draft": question.replace("What", "This"), **scope}),
                ):
                    asked += 1
                    leaks += foreign(consilium, body, patient, others)
            for fact in facts(patient, resources):
                answer = door.ask({"question": fact.question, "subjects": [patient]})
                quotes = [quote for claim in answer["claims"] for quote in claim["quotes"]]
                total += 1
                hit = any(quote["locator"].get("resource") == fact.resource for quote in quotes)
                right += hit
                if not hit:
                    found = [quote["locator"].get("resource", "").split("/")[0] for quote in quotes]
                    sys.stdout.write(f"  missed: {fact.question} {answer['status']} {found}\n")
    figures = {
        "patients": len(people),
        "results of ask, search and check": asked,
        "results with anything of another patient": leaks,
        "known facts asked for": total,
        "known facts quoted from the right resource": right,
    }
    record("patients", figures)
    return 0 if leaks == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
