"""Says whom a resource is about. In doubt it is about more patients than it may be, never about fewer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ingestion.fhir.chart import Chart, Entry, last_segment
from ingestion.fhir.node import plain
from ingestion.identity_forms import unidentified

_PATIENT: Final = re.compile(r"(?:^|/)Patient/([A-Za-z0-9\-._]+)")
_ABOUT: Final = ("subject", "patient", "beneficiary", "individual", "for")
# Definitions, terminology and administration, which alone in a file are about nobody.
_ABOUT_NOBODY: Final = frozenset(
    """
    ActivityDefinition Bundle CapabilityStatement ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap
    DeviceDefinition Endpoint EventDefinition Evidence EvidenceVariable ExampleScenario GraphDefinition
    HealthcareService ImplementationGuide InsurancePlan Library Location Measure Medication MedicationKnowledge
    MessageDefinition NamingSystem ObservationDefinition OperationDefinition OperationOutcome Organization
    OrganizationAffiliation Parameters PlanDefinition Practitioner PractitionerRole Questionnaire ResearchDefinition
    ResearchStudy SearchParameter SpecimenDefinition StructureDefinition StructureMap Substance
    TerminologyCapabilities TestReport TestScript ValueSet
""".split()
)


@dataclass(slots=True)
class Subjects:
    """The patients of one file, and those of each of its resources.

    A resource that names no patient is about all patients of the file. Where the file names none at all but holds a
    clinical record, its subject is "unidentified:" and a digest of the file, so that nobody sees it by accident.
    """

    chart: Chart
    content: bytes
    _own: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _all: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Find the patients that each resource names, then those of the whole file."""
        for entry in self.chart.entries:
            self._own[entry.place] = tuple(sorted(set(self._named(entry))))
        found = dict.fromkeys(subject for own in self._own.values() for subject in own)
        if not found and any(entry.kind not in _ABOUT_NOBODY for entry in self.chart.entries):
            found = {unidentified(self.content): None}
        self._all = tuple(sorted(found))

    @property
    def all(self) -> tuple[str, ...]:
        """Return every patient that the file is about."""
        return self._all

    def of(self, entry: Entry) -> tuple[str, ...]:
        """Return the patients of a resource: its own, those of what it refers to, or all of them."""
        own = self._own[entry.place]
        if own or entry.kind == "Patient":
            return own or self._all
        linked: set[str] = set()
        for reference in _references(entry.data):
            target = self.chart.resolve(plain(reference.get("reference")), entry.owner or entry.data)
            if target is not None:
                linked.update(self._own[target.place])
        return tuple(sorted(linked)) or self._all

    def id_of(self, patient: Entry) -> str:
        """Return the id by which a Patient resource is known; a contained one has only its identifiers."""
        value = next(
            (text for item in _objects(patient.data.get("identifier")) if (text := plain(item.get("value")))), ""
        )
        if patient.owner is not None:
            owner = patient.owner
            return value or f"{plain(owner.get('resourceType'))}/{plain(owner.get('id'))}#{patient.id}"
        return patient.id or value or f"{unidentified(self.content)}-{patient.place}"

    def _named(self, entry: Entry) -> Iterator[str]:
        if entry.kind == "Patient":
            yield self.id_of(entry)
            return
        if entry.owner is not None:
            yield from self._named(Entry(data=entry.owner))
        for key in _ABOUT:
            for reference in _objects(entry.data.get(key)):
                if subject := self._stated(reference, key):
                    yield subject
        for reference in _references(entry.data):
            if subject := self._referred(reference, entry):
                yield subject

    def _referred(self, reference: Mapping[str, Any], entry: Entry) -> str:
        text = plain(reference.get("reference"))
        target = self.chart.resolve(text, entry.owner or entry.data) if text else None
        if target is not None:
            return self.id_of(target) if target.kind == "Patient" else ""
        match = _PATIENT.search(text)
        if match:
            return match[1]
        return self._by_identifier(reference) if plain(reference.get("type")) == "Patient" else ""

    def _stated(self, reference: Mapping[str, Any], key: str) -> str:
        """Return the subject of a reference that can only mean a patient although its target is not in the file."""
        text = plain(reference.get("reference"))
        if text.startswith(("urn:uuid:", "urn:oid:")) and self.chart.resolve(text) is None:
            return last_segment(text)
        return self._by_identifier(reference) if not text and key != "for" else ""

    def _by_identifier(self, reference: Mapping[str, Any]) -> str:
        identifier = next(_objects(reference.get("identifier")), {})
        value = plain(identifier.get("value"))
        known = self.chart.by_identifier("Patient", value) if value else None
        return self.id_of(known) if known else value


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            yield item


def _references(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every Reference inside a resource, without going into resources inside of it."""
    stack: list[object] = [value for key, value in data.items() if key != "contained"]
    if data.get("resourceType") in {"Bundle", "Parameters"}:
        return
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, Mapping):
            if isinstance(value.get("reference"), str) or "identifier" in value:
                yield value
            stack.extend(value.values())
