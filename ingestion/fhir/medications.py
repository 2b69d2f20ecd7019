"""Prescriptions, statements, administrations and dispenses of medicines in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingestion.fhir import datatypes
from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import clock, day, joined, spaced
from ingestion.fhir.node import Node
from ingestion.fhir.phrases import because, coded, during, moment, on, performers
from ingestion.fhir.sentences import Rendering, finished, labelled, notes_lines, sentence, status_of, warned

_NOT_TAKEN: Final = frozenset({"not taken", "not done", "declined"})


def _medicine(node: Node, view: View) -> tuple[str, str]:
    """Return (name, codes) of what is given, a Medication in the file or contained included."""
    kind, value = node.choice("medication")
    inner = Node(value) if isinstance(value, Mapping) else node.node("medication")
    if "concept" in inner:
        inner = inner.node("concept")
    elif not kind and "reference" in inner and isinstance(inner.data["reference"], Mapping):
        inner = inner.node("reference")
    if "reference" not in inner and "coding" not in inner and "text" not in inner:
        return datatypes.reference(inner, view), ""
    if "reference" not in inner:
        name = datatypes.concept_name(inner)
        return name, datatypes.concept_codes(inner, name)
    entry = view.resolve(inner)
    name = view.name_of(inner)
    codes = coded(Node(entry.data), "code")[1] if entry else ""
    return name, codes


def request(node: Node, view: View) -> Rendering:
    """Return "Medication: name, active, prescribed date; dosage: …; prescribed by … (codes)."."""
    name, codes = _medicine(node, view)
    status, warning = status_of(node, "status")
    intent = node.word("intent")
    written = node.word("authoredOn")
    head = "Medication not to be given" if node.is_true("doNotPerform") else "Medication"
    node.skip("subject", "doNotPerform", "intent")
    dosages = [datatypes.dosage(dosage) for dosage in node.nodes("dosageInstruction")]
    prescriber = datatypes.reference(node.node("requester"), view)
    _, reported = node.choice("reported")
    more = [
        *(labelled("dosage:", text) for text in dosages),
        because(node, view),
        labelled("prescribed by", prescriber),
        "reported, not prescribed here" if str(reported).lower() == "true" else "",
        *_supply(node),
    ]
    notes = ["" if intent in {"order", ""} else spaced(intent), codes]
    first = sentence(warned(warning, head), [name, status, on(written, "prescribed")], more, notes)
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], written)


def _supply(node: Node) -> list[str]:
    supply = node.node("dispenseRequest")
    amount = datatypes.quantity(supply.node("quantity"))
    refills = supply.word("numberOfRepeatsAllowed")
    valid = datatypes.period(supply.node("validityPeriod"))
    lasting = datatypes.quantity(supply.node("expectedSupplyDuration"))
    return [
        labelled("quantity", amount),
        labelled("refills", refills),
        labelled("valid", valid),
        labelled("supply for", lasting),
    ]


def statement(node: Node, view: View) -> Rendering:
    """Return "Medication statement: name, active, taken since date; dosage: …"."""
    name, codes = _medicine(node, view)
    status, warning = status_of(node, "status", "adherence")
    taken = node.word("taken")
    not_taken = status in _NOT_TAKEN or taken == "n" or node.is_true("wasNotTaken")
    written, when = moment(node, "effective")
    asserted = node.word("dateAsserted")
    node.skip("subject", "taken", "wasNotTaken")
    dosages = [datatypes.dosage(dosage) for dosage in node.nodes("dosage")]
    source = datatypes.reference(node.node("informationSource"), view)
    more = [
        *(labelled("dosage:", text) for text in dosages),
        because(node, view),
        labelled("reported by", source),
        on(asserted, "asserted"),
    ]
    head = "Medication not taken" if not_taken else "Medication statement"
    first = sentence(warned(warning, head), [name, status, labelled("taken", when)], more, [codes])
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], written or asserted)


def administration(node: Node, view: View) -> Rendering:
    """Return "Medication given: name, completed, date; dosage: …"; one that was not given says so first."""
    name, codes = _medicine(node, view)
    status, warning = status_of(node, "status")
    written, when = moment(node, "effective")
    if not when:
        written, when = moment(node, "occurrence")
    not_given = status in _NOT_TAKEN or node.is_true("wasNotGiven") or node.is_true("notGiven")
    node.skip("subject", "wasNotGiven", "notGiven")
    dosage = node.node("dosage")
    amount = datatypes.quantity(dosage.node("dose"))
    more = [
        labelled("dosage:", joined([amount, datatypes.dosage(dosage)])),
        because(node, view),
        labelled("by", performers(node, view)),
    ]
    head = "Medication not given" if not_given else "Medication given"
    main = [name, "" if not_given else status, when]
    first = sentence(warned(warning, head), main, more, [labelled("at", clock(written)), codes])
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], written)


def dispense(node: Node, view: View) -> Rendering:
    """Return "Medication dispensed: name, completed, date; quantity …; dosage: …"."""
    name, codes = _medicine(node, view)
    status, warning = status_of(node, "status")
    written = node.word("whenHandedOver") or node.word("whenPrepared")
    node.skip("subject")
    dosages = [datatypes.dosage(dosage) for dosage in node.nodes("dosageInstruction")]
    more = [
        labelled("quantity", datatypes.quantity(node.node("quantity"))),
        labelled("supply for", datatypes.quantity(node.node("daysSupply"))),
        *(labelled("dosage:", text) for text in dosages),
        labelled("by", performers(node, view)),
        because(node, view),
    ]
    first = sentence(warned(warning, "Medication dispensed"), [name, status, day(written)], more, [codes])
    return finished(node, view, name, [first, *during(node, view, "context"), *notes_lines(node, view)], written)


def medication(node: Node, view: View) -> Rendering:
    """Return "Medicine: name; form; ingredients (codes)."."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "status")
    ingredients = [_ingredient(part, view) for part in node.nodes("ingredient")]
    form = datatypes.names([*node.nodes("form"), *node.nodes("doseForm")])
    batch = node.node("batch")
    more = [
        labelled("form", form),
        labelled("ingredients:", joined(ingredients)),
        labelled("lot", batch.word("lotNumber")),
        on(batch.word("expirationDate"), "expires"),
    ]
    first = sentence(warned(warning, "Medicine"), [name, status], more, [codes])
    return finished(node, view, name, [first])


def _ingredient(part: Node, view: View) -> str:
    name, codes = coded(part, "itemCodeableConcept")
    name = name or datatypes.reference(part.node("itemReference"), view)
    strength = part.node("strength")
    amount = datatypes.ratio(strength) if "numerator" in strength else datatypes.quantity(strength)
    active = "inactive" if part.word("isActive") == "false" else ""
    text = joined([joined([name, amount], " "), active])
    return f"{text} ({codes})" if codes else text
