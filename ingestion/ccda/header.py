"""The patient of a clinical document: who it is, in sentences and as known identities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from domain.identities import KnownIdentity
from ingestion.ccda.participations import identifier, participation
from ingestion.ccda.values import Codes, address, contact, iso, joined, person
from ingestion.identity_forms import IdentityList, birth_date_forms
from ingestion.xml_tree import child, children, descendant, local_name, text_of

_SSN: Final = "2.16.840.1.113883.4.1"
_RELATIVES: Final = frozenset({"NOK", "CAREGIVER", "PRS", "ECON", "GUAR", "AGNT", "GUARD"})
_SAID: Final = (
    ("maritalStatusCode", "marital status"), ("religiousAffiliationCode", "religion"), ("raceCode", "race"),
    ("ethnicGroupCode", "ethnicity"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """The ``patientRole`` of a document and the person in it."""

    role: etree._Element

    @property
    def id(self) -> str:
        """Return the first number by which the patient is known here; the assigner's alone where it gives none."""
        ids = [(i.get("extension") or "", i.get("root") or "") for i in children(self.role, "id")]
        extensions = [extension.strip() for extension, _ in ids if extension.strip()]
        return next(iter(extensions), "") or next((root for _, root in ids if root), "")

    @property
    def people(self) -> list[etree._Element]:
        """Return the patient's names."""
        patient = child(self.role, "patient")
        return list(children(patient, "name")) if patient is not None else []

    @property
    def name(self) -> str:
        """Return the patient's first name form in full."""
        return next((person(name).full for name in self.people), "")


def record_targets(root: etree._Element) -> list[RecordTarget]:
    """Return every patient that the document is about."""
    return [RecordTarget(element) for element in root.iter() if local_name(element) == "patientRole"]


def patient_lines(target: RecordTarget, codes: Codes) -> Iterator[str]:
    """Yield sentences about the patient: name, sex, day of birth, how to reach, numbers, guardians, language."""
    patient = child(target.role, "patient")
    if patient is not None:
        born, died = child(patient, "birthTime"), child(patient, "deceasedTime")
        sex = codes.name(child(patient, "administrativeGenderCode")).lower()
        told = [
            f"{word} {text}" for tag, word in _SAID if (text := joined(codes.name(c) for c in children(patient, tag)))
        ]
        others = joined(person(name).full for name in target.people[1:])
        days = [
            f"born {iso(born.get('value'))}" if born is not None and born.get("value") else "",
            f"died {iso(died.get('value'))}" if died is not None and died.get("value") else "",
        ]
        first = joined([joined([target.name, sex, *days]), f"also known as {others}" if others else "", *told], "; ")
        yield f"Patient: {first}." if first else ""
    places = joined((address(a) for a in children(target.role, "addr")), "; ")
    reached = joined(contact(t) for t in children(target.role, "telecom"))
    numbers = joined((identifier(i) for i in children(target.role, "id")), "; ")
    yield f"Address: {places}." if places else ""
    yield f"Contact: {reached}." if reached else ""
    yield f"Identifiers: {numbers}." if numbers else ""
    if patient is not None:
        for inner in children(patient):
            if local_name(inner) == "guardian":
                yield participation(inner, codes)
            elif local_name(inner) == "languageCommunication":
                language = codes.name(child(inner, "languageCode"))
                yield f"Language: {language}." if language else ""
            elif local_name(inner) == "birthplace" and (place := descendant(inner, "addr")) is not None:
                yield f"Birthplace: {address(place)}."
    provider = child(target.role, "providerOrganization")
    if provider is not None:
        yield participation(provider, codes)


def known_identities(root: etree._Element, subjects: dict[RecordTarget, str]) -> tuple[KnownIdentity, ...]:
    """Return what identifies the patients of a document, and the people around them."""
    found = IdentityList()
    for target, subject in subjects.items():
        found.names(subject, "name", [person(name) for name in target.people])
        _reached(found, subject, target.role)
        for number in children(target.role, "id"):
            kind = "national_id" if number.get("root") == _SSN else "record_number"
            found.add(subject, kind, number.get("extension") or "")
        patient = child(target.role, "patient")
        for inner in children(patient) if patient is not None else ():
            if local_name(inner) == "birthTime" and inner.get("value"):
                found.add(subject, "birth_date", *birth_date_forms(iso(inner.get("value"))[:10]))
            elif local_name(inner) == "guardian":
                _relative(found, subject, inner)
        for entity in root.iter():
            if local_name(entity) == "associatedEntity" and entity.get("classCode") in _RELATIVES:
                _relative(found, subject, entity)
    return found.found()


def _relative(found: IdentityList, subject: str, entity: etree._Element) -> None:
    for holder in children(entity, "guardianPerson", "associatedPerson"):
        found.names(subject, "relative", [person(name) for name in children(holder, "name")])
    _reached(found, subject, entity)


def _reached(found: IdentityList, subject: str, holder: etree._Element) -> None:
    for point in children(holder, "telecom"):
        value = contact(point)
        found.add(subject, "email" if "@" in value else "url" if "://" in value else "phone", value)
    for place in children(holder, "addr"):
        city, state, code = (text_of(child(place, name)) for name in ("city", "state", "postalCode"))
        towns = [f"{city} {code}", f"{code} {city}", f"{city}, {state} {code}"] if city and code else []
        found.add(
            subject, "address", address(place), *(text_of(s) for s in children(place, "streetAddressLine")), *towns
        )
