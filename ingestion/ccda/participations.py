"""Says who took part in something: authors, performers, informants, products, devices, places, and anything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from ingestion.ccda.templates import template_name
from ingestion.ccda.values import Codes, address, contact, first_name, iso, joined, null_words, person, time_words
from ingestion.code_systems import system_name
from ingestion.xml_tree import child, children, descendant, local_name, text_of

PARTICIPATIONS: Final = frozenset(
    """
    author assignedAuthor performer participant participantRole informant dataEnterer custodian legalAuthenticator
    authenticator informationRecipient subject relatedSubject specimen encounterParticipant responsibleParty location
    associatedEntity assignedEntity healthCareFacility assignedCustodian intendedRecipient
""".split()
)
_LABELS: Final = {
    "dataEnterer": "Entered by", "legalAuthenticator": "Legally authenticated by", "authenticator": "Authenticated by",
    "informationRecipient": "Recipient", "intendedRecipient": "Recipient", "assignedAuthor": "Author",
    "assignedCustodian": "Custodian", "assignedEntity": "Person or organization",
    "associatedEntity": "Associated person",
    "participantRole": "Participant", "relatedSubject": "Subject", "encounterParticipant": "Participant",
    "healthCareFacility": "Facility", "responsibleParty": "Responsible",
}  # fmt: skip
_TYPES: Final = {
    "CSM": "Substance", "DEV": "Device", "LOC": "Location", "PRD": "Product", "IND": "Related person", "HLD": "Holder",
    "COV": "Covered party", "CALLBCK": "Call-back contact", "VRF": "Verified by", "CST": "Custodian",
    "RCT": "Record target",
    "REF": "Referred by", "REFT": "Referred to", "ADM": "Admitted by", "DIS": "Discharged by", "ATND": "Attended by",
    "AUT": "Author", "ENT": "Entered by", "SPC": "Specimen", "IRCP": "Recipient", "RESP": "Responsible",
}  # fmt: skip
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SILENT: Final = frozenset({"templateId", "typeId", "realmCode", "templateID"})


def label_of(element: etree._Element) -> str:
    """Return the name of an element in words."""
    words = _CAMEL.sub(" ", local_name(element)).lower()
    return words[:1].upper() + words[1:]


def participation(element: etree._Element, codes: Codes) -> str:
    """Return "Author: Ann Primary MD, Family Medicine, Good Health Clinic; 2013-07-06; …"; empty where it is unsaid."""
    label = _LABELS.get(local_name(element)) or _TYPES.get(element.get("typeCode", "")) or label_of(element)
    text = who(element, codes)
    return f"{label}: {text}." if text else ""


def who(element: etree._Element, codes: Codes, *, reach: bool = True) -> str:
    """Return name, role, organisation, time, contacts and numbers of a participation, each once."""
    names, roles, other = [], [], []
    for inner in element.iter():
        name = local_name(inner)
        if name == "name" and _is_of_someone(inner):
            names.append(person(inner).full)
        elif name in {"code", "standardIndustryClassCode", "functionCode"}:
            roles.append(codes.phrase(inner))
        elif name in {"manufacturerModelName", "softwareName", "desc", "signatureText"}:
            other.append(codes.name(inner) if inner.get("code") else codes.referred(inner))
    times = [time_words(part) or null_words(part) for part in children(element, "time")]
    reached = [contact(t) for t in element.iter() if local_name(t) == "telecom"] if reach else []
    places = [address(a) for a in element.iter() if local_name(a) == "addr"] if reach else []
    numbers = [identifier(i) for i in element.iter() if local_name(i) == "id"]
    said = joined([joined([*names, *roles, *other]), *times, *reached, *places], "; ")
    return joined([said, joined(numbers)], "; ") if reach or not said else said


def _is_of_someone(name: etree._Element) -> bool:
    parent = name.getparent()
    return parent is None or local_name(parent) != "qualifier"


def identifier(element: etree._Element) -> str:
    """Return an id that a person may know it by: its extension with the name of a known assigner."""
    extension = (element.get("extension") or "").strip()
    root = element.get("root", "")
    system = system_name(root)
    return joined(["id" if system == root else system, extension], " ") if extension else ""


_TYPED: Final[dict[str, Callable[[etree._Element], str]]] = {
    "id": identifier,
    "addr": address,
    "telecom": contact,
    "name": lambda element: person(element).full,
    "effectiveTime": time_words,
    "time": time_words,
}


def anything(element: etree._Element, codes: Codes) -> Iterator[str]:
    """Yield lines for an element of any kind: what it says itself, then what its children say."""
    parts = [text_of(element)] if child(element) is None and element.get("representation") != "B64" else []
    parts += [iso(element.get("value")), codes.phrase(element) if element.get("code") else ""]
    below: list[str] = []
    for inner in children(element):
        if local_name(inner) in PARTICIPATIONS:
            below.append(participation(inner, codes))
        elif local_name(inner) not in _SILENT:
            text = _part(inner, codes)
            parts += [] if text is None else [text]
            below += list(anything(inner, codes)) if text is None else []
    name = next((n for t in children(element, "templateId") if (n := template_name(t.get("root", "")))), "")
    said = joined(parts, "; ") or null_words(element)
    if said:
        yield f"{name or label_of(element)}: {said}{'' if said.endswith('.') else '.'}"
    yield from (line for line in below if line)


def _part(element: etree._Element, codes: Codes) -> str | None:
    """Return what an element of a data type says; ``None`` for one with a structure of its own."""
    name, label = local_name(element), label_of(element).lower()
    if name in _TYPED:
        return _TYPED[name](element)
    if element.get("code") or name == "code":
        return joined(["" if name == "code" else label, codes.phrase(element)], " ")
    if element.get("value") is not None or element.get("nullFlavor"):
        return joined([label, codes.value(element)], " ")
    if child(element) is not None:
        return None
    text = text_of(element) if element.get("representation") != "B64" else ""
    return text if name in {"text", "title"} or not text else f"{label} {text}"


def product(act: etree._Element, codes: Codes) -> tuple[str, str, str]:
    """Return (name, codes, maker and lot) of the product that is consumed or supplied."""
    holder = descendant(act, "manufacturedProduct")
    if holder is None:
        return "", "", ""
    material = child(holder, "manufacturedMaterial", "manufacturedLabeledDrug")
    code = child(material, "code") if material is not None else None
    name = codes.name(code) or (text_of(child(material, "name")) if material is not None else "")
    lot = text_of(child(material, "lotNumberText")) if material is not None else ""
    maker = first_name(holder, "manufacturerOrganization")
    return name, codes.codes(code, name), joined([f"made by {maker}" if maker else "", f"lot {lot}" if lot else ""])
