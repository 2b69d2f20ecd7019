"""Patients, professionals, organisations, places, encounters and payment in sentences."""

from __future__ import annotations

from typing import Final

from ingestion.fhir import datatypes
from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import clock, concept_name, day, joined, spaced
from ingestion.fhir.generic import said
from ingestion.fhir.node import Node
from ingestion.fhir.phrases import because, coded, moment, on
from ingestion.fhir.sentences import Rendering, finished, labelled, sentence, status_of, warned

_CLASSES: Final = {
    "AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient", "ACUTE": "inpatient acute",
    "NONAC": "inpatient non-acute", "OBSENC": "observation", "PRENC": "pre-admission", "SS": "short stay",
    "VR": "virtual", "HH": "home health", "FLD": "field",
}  # fmt: skip


def patient(node: Node, view: View) -> Rendering:
    """Return the person in one sentence, then where and how they are reached and their numbers."""
    people = [datatypes.person_name(name) for name in node.nodes("name")]
    full = people[0].full if people else ""
    born = node.word("birthDate")
    _, deceased = moment(node, "deceased")
    dead = {"true": "deceased", "false": ""}.get(deceased, labelled("deceased", deceased))
    inactive = "record not active" if node.word("active") == "false" else ""
    marital = datatypes.names(node.nodes("maritalStatus"))
    node.skip("active")
    main = [full, spaced(node.word("gender")), on(born, "born"), dead, inactive]
    others = joined(name.full for name in people[1:])
    lines = [
        sentence("Patient", main, [labelled("also known as", others), labelled("marital status", marital)]),
        *_reached(node),
        *_numbers(node),
        *(_link(link, view) for link in node.nodes("link")),
        *(_contact(contact) for contact in node.nodes("contact")),
        *(_language(spoken) for spoken in node.nodes("communication")),
        *_extensions(node, view),
    ]
    return finished(node, view, full, lines)


def _reached(node: Node) -> list[str]:
    places = joined((datatypes.address(place) for place in node.nodes("address")), "; ")
    contacts = joined(datatypes.contact_point(point) for point in node.nodes("telecom"))
    return [labelled("Address:", places) and f"Address: {places}.", contacts and f"Contact: {contacts}."]


def _numbers(node: Node) -> list[str]:
    text = joined((datatypes.identifier(identifier) for identifier in node.nodes("identifier")), "; ")
    return [f"Identifiers: {text}."] if text else []


def _link(link: Node, view: View) -> str:
    other = datatypes.reference(link.node("other"), view)
    return f"Linked record ({spaced(link.word('type'))}): {other}." if other else ""


def _contact(contact: Node) -> str:
    relation = datatypes.names(contact.nodes("relationship"))
    name = datatypes.person_name(contact.node("name")).full
    reached = [datatypes.contact_point(point) for point in contact.nodes("telecom")]
    place = joined((datatypes.address(inner) for inner in contact.nodes("address")), "; ")
    text = joined([labelled(relation, name) if relation else name, *reached, place])
    return f"Contact person: {text}." if text else ""


def _language(spoken: Node) -> str:
    name = datatypes.names(spoken.nodes("language"))
    preferred = " (preferred)" if spoken.is_true("preferred") else ""
    return f"Language: {name}{preferred}." if name else ""


def _extensions(node: Node, view: View) -> list[str]:
    """Return a line for each extension; one with a text of its own (race, ethnicity) is said by that text."""
    lines = []
    for extension in node.nodes("extension"):
        texts = [inner.word("valueString") for inner in extension.nodes("extension") if inner.word("url") == "text"]
        name = extension.word("url").rstrip("/").rpartition("/")[2]
        name = spaced(name.removeprefix("us-core-").removeprefix("patient-"))
        _, value = extension.choice("value")
        text = texts[0] if texts else said(value if value is not None else extension.data.get("extension"), view)
        extension.close()
        lines.append(f"{name[:1].upper()}{name[1:]}: {text}." if text else "")
    return lines


def practitioner(node: Node, view: View) -> Rendering:
    """Return the professional's name with qualifications, contacts and numbers."""
    people = [datatypes.person_name(name) for name in node.nodes("name")]
    full = people[0].full if people else ""
    skills = joined(concept_name(inner.node("code")) for inner in node.nodes("qualification"))
    inactive = "not active" if node.word("active") == "false" else ""
    kind = spaced(view.entry.kind).capitalize()
    main = [full, spaced(node.word("gender")), inactive]
    relation = datatypes.names(node.nodes("relationship"))
    node.skip("active", "patient")
    first = sentence(kind, main, [labelled("qualification", skills), labelled("relationship", relation)])
    return finished(node, view, full, [first, *_reached(node), *_numbers(node)])


def organization(node: Node, view: View) -> Rendering:
    """Return the name and type of an organisation or place, and how it is reached."""
    name = node.word("name")
    kinds = datatypes.names(node.nodes("type"))
    inactive = "not active" if node.word("active") == "false" else ""
    status, warning = status_of(node, "status")
    node.skip("active")
    first = sentence(warned(warning, spaced(view.entry.kind).capitalize()), [name, kinds, inactive or status])
    return finished(node, view, name, [first, *_reached(node), *_numbers(node)])


def encounter(node: Node, view: View) -> Rendering:
    """Return "Encounter: type on date, finished (emergency); reason: …; with …; at … (codes)."."""
    kind = node.node("type")
    name, codes = concept_name(kind), datatypes.concept_codes(kind)
    kind.close()
    setting = joined(_CLASSES.get(word := concept_name(inner), word) for inner in node.nodes("class"))
    for inner in node.nodes("class"):
        inner.close()
    status, warning = status_of(node, "status")
    period = node.node("period") if "period" in node else node.node("actualPeriod")
    start, end = period.word("start"), period.word("end")
    period.close()
    lasted = joined(
        [clock(start), labelled("until", joined([day(end) if day(end) != day(start) else "", clock(end)], " "))], " "
    )
    staff = joined(_participant(part, view) for part in node.nodes("participant"))
    places = joined(datatypes.reference(part.node("location"), view) for part in node.nodes("location"))
    stay = node.node("hospitalization") if "hospitalization" in node else node.node("admission")
    more = [
        because(node, view),
        labelled("diagnosis", _diagnoses(node, view)),
        labelled("with", staff),
        labelled("at", joined([datatypes.reference(node.node("serviceProvider"), view), places])),
        labelled("discharged to", datatypes.names(stay.nodes("dischargeDisposition"))),
    ]
    node.skip("subject")
    main = [
        joined([name or "visit", on(start) or on(end, "until")], " "),
        status,
        setting if setting not in name.lower() else "",
    ]
    first = sentence(warned(warning, "Encounter"), main, more, [labelled("from", lasted), codes])
    return finished(node, view, name, [first], start or end)


def _participant(part: Node, view: View) -> str:
    key = "individual" if "individual" in part else "actor"
    person = datatypes.reference(part.node(key), view)
    role = datatypes.names(part.nodes("type"))
    part.skip("period")
    return f"{person} ({role})" if role and person else person or role


def _diagnoses(node: Node, view: View) -> str:
    found = []
    for diagnosis in node.nodes("diagnosis"):
        condition = diagnosis.nodes("condition")
        found += [datatypes.reference(ref, view) if "reference" in ref else concept_name(ref) for ref in condition]
        use = datatypes.names(diagnosis.nodes("use"))
        if use and found:
            found[-1] += f" ({use})"
    return joined(found)


def coverage(node: Node, view: View) -> Rendering:
    """Return "Insurance: type, active, payer; member number; period"."""
    kind, codes = coded(node, "type")
    status, warning = status_of(node, "status")
    payers = joined(datatypes.reference(ref, view) for key in ("payor", "insurer") for ref in node.nodes(key))
    node.skip("beneficiary")
    more = [
        labelled("subscriber number", joined(said(value, view) for value in node.values("subscriberId"))),
        labelled("relationship", datatypes.names(node.nodes("relationship"))),
        labelled("valid", datatypes.period(node.node("period"))),
    ]
    main = [kind, status, labelled("payer", payers) if payers != kind else ""]
    return finished(
        node, view, kind or payers, [sentence(warned(warning, "Insurance"), main, more, [codes]), *_numbers(node)]
    )


def claim(node: Node, view: View) -> Rendering:
    """Return one line: what was billed, when, by whom, how much, for what. The rest of a claim is left out."""
    head = "Explanation of benefit" if view.entry.kind == "ExplanationOfBenefit" else "Claim"
    status, warning = status_of(node, "status")
    billed = node.node("billablePeriod")
    written = billed.word("start") or node.word("created")
    items = [
        concept_name(item.node("productOrService")) or concept_name(item.node("service")) for item in node.nodes("item")
    ]
    causes = [*_billed_for(node, view, "diagnosis"), *_billed_for(node, view, "procedure")]
    prescription = datatypes.reference(node.node("prescription"), view) if "prescription" in node else ""
    more = [
        labelled("billed by", datatypes.reference(node.node("provider"), view)),
        *_amounts(node),
        labelled("for", joined([*causes, prescription, *items][:6])),
    ]
    main = [
        joined([concept_name(node.node("type")), spaced(node.word("use")) if node.word("use") != "claim" else ""]),
        datatypes.period(billed) or day(written),
        status,
    ]
    return finished(node, view, head, [sentence(warned(warning, head), main, more)], written, rest=False)


def _billed_for(node: Node, view: View, key: str) -> list[str]:
    found = []
    for item in node.nodes(key)[:2]:
        reference = item.node(f"{key}Reference")
        entry = view.resolve(reference)
        found.append(view.chart.name(entry) if entry else view.name_of(reference))
        found.append(concept_name(item.node(f"{key}CodeableConcept")))
    return found


def _amounts(node: Node) -> list[str]:
    """Return the totals with their currency, and what was paid."""
    found = []
    for total in node.nodes("total"):
        kind = concept_name(total.node("category")) or "total"
        found.append(labelled(spaced(kind), _money(total.node("amount") if "amount" in total else total)))
    paid = _money(node.node("payment").node("amount"))
    return [*found, labelled("paid", paid)]


def _money(node: Node) -> str:
    return joined([node.word("value"), node.word("currency") or node.word("code")], " ")
