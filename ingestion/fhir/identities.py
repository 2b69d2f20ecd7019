"""Collects what patients and the people around them are known by, for the disclosure policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.identities import KnownIdentity
from ingestion.fhir.chart import Chart, Entry
from ingestion.fhir.datatypes import address, concept_codes, concept_name, person_name
from ingestion.fhir.node import Node, plain
from ingestion.fhir.subjects import Subjects
from ingestion.identity_forms import IdentityList, birth_date_forms

_CONTACTS: Final = {"phone": "phone", "fax": "phone", "sms": "phone", "pager": "phone", "email": "email", "url": "url"}
_NATIONAL: Final = ("ssn", "2.16.840.1.113883.4.1", "national", "nhs-number", "aadhaar", "passport", "kvid")
_NATIONAL_CODES: Final = frozenset({"SS", "NI", "SB", "NH", "PPN", "NNxxx", "SSN", "TAX", "IND"})
_RECORD_CODES: Final = frozenset({"MR", "MRN", "PI", "PT", "MA", "MC", "VN", "AN", "PN", "XX"})


def known_identities(chart: Chart, subjects: Subjects) -> tuple[KnownIdentity, ...]:
    """Return the identities of every patient in the chart: names, numbers, addresses, days of birth, relatives."""
    found = IdentityList()
    for entry in chart.entries:
        if entry.kind == "Patient":
            _patient(found, subjects.id_of(entry), Node(entry.data))
        elif entry.kind in {"RelatedPerson", "Person"}:
            for subject in subjects.of(entry):
                (_patient if entry.kind == "Person" else _relative)(found, subject, Node(entry.data))
        else:
            _displayed(found, subjects.of(entry), entry)
    return found.found()


def _patient(found: IdentityList, subject: str, node: Node) -> None:
    found.names(subject, "name", [person_name(name) for name in node.nodes("name")])
    _contacts(found, subject, node)
    for identifier in node.nodes("identifier"):
        if value := identifier.word("value"):
            found.add(subject, _kind(identifier), value)
    if born := node.word("birthDate"):
        found.add(subject, "birth_date", *birth_date_forms(born[:10]))
    for contact in node.nodes("contact"):
        _relative(found, subject, contact)
    for extension in node.nodes("extension"):
        value = plain(extension.choice("value")[1])
        if "mothersMaidenName" in extension.word("url") and value:
            found.add(subject, "relative", value, value.split()[-1])


def _relative(found: IdentityList, subject: str, node: Node) -> None:
    names = [person_name(name) for name in (*node.nodes("name"), *node.nodes("additionalName"))]
    found.names(subject, "relative", names)
    _contacts(found, subject, node)


def _contacts(found: IdentityList, subject: str, node: Node) -> None:
    for point in node.nodes("telecom"):
        kind = _CONTACTS.get(point.word("system"), "email" if "@" in point.word("value") else "phone")
        found.add(subject, kind, point.word("value") or point.word("text"))
    for place in node.nodes("address"):
        city, state, code = (place.word(key) for key in ("city", "state", "postalCode"))
        whole = address(Node(place.data))
        towns = [f"{city} {code}", f"{code} {city}", f"{city}, {state} {code}"] if city and code else []
        found.add(subject, "address", whole, *place.words("line"), *towns)


def _kind(identifier: Node) -> str:
    kind = identifier.node("type")
    codes = {coding.word("code") for coding in kind.nodes("coding")}
    words = f"{identifier.word('system')} {concept_name(kind)} {concept_codes(kind)}".lower()
    if codes & _NATIONAL_CODES or any(word in words for word in _NATIONAL):
        return "national_id"
    return "record_number" if not codes or codes & _RECORD_CODES else "other_id"


def _displayed(found: IdentityList, subjects: Sequence[str], entry: Entry) -> None:
    """Take the name that a record shows for its patient, which is all there is in a file without the Patient."""
    if len(subjects) != 1:
        return
    for key in ("subject", "patient", "beneficiary"):
        for reference in Node(entry.data).nodes(key):
            name = reference.word("display")
            if name and name.casefold() not in {"patient", "subject"}:
                found.add(subjects[0], "name", name)
