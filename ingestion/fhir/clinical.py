"""Observations, conditions, allergies, procedures, immunisations, reports and family history in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingestion.fhir import datatypes
from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import clock, concept_codes, concept_name, day, joined, spaced
from ingestion.fhir.generic import said
from ingestion.fhir.node import Node, plain
from ingestion.fhir.phrases import because, coded, during, moment, on, performers
from ingestion.fhir.sentences import Rendering, finished, labelled, notes_lines, sentence, status_of, warned

_FEW: Final = 3


def observed(node: Node, view: View) -> str:
    """Return the value of an observation or component, or why there is none."""
    kind, value = node.choice("value")
    absent = datatypes.absent_reason(node)
    if not kind:
        return absent
    if isinstance(value, Mapping):
        inner = Node(value)
        text = datatypes.quantity(inner) if kind == "Quantity" else said(value, view)
    else:
        text = said(value, view) if kind in {"Boolean", "DateTime", "Period"} else plain(value)
    return joined([text, absent], "; ")


def _around(node: Node, view: View) -> list[str]:
    """Return interpretation and reference range of an observation or component."""
    meaning = datatypes.names(node.nodes("interpretation"))
    ranges = [said(dict(inner.data), view) for inner in node.nodes("referenceRange")]
    for inner in node.nodes("referenceRange"):
        inner.close()
    return [labelled("interpretation", meaning), *(labelled("reference range", text) for text in ranges)]


def observation(node: Node, view: View) -> Rendering:
    """Return "Name: value on date (status; codes)."; components follow, in the same sentence while they are few."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "status")
    written, when = moment(node, "effective")
    issued = node.word("issued")
    if not written and issued:
        written, when = issued, day(issued)
    node.skip("category", "subject", "issued")
    components = [_component(part, view) for part in node.nodes("component")]
    short = 0 < len(components) <= _FEW
    value = joined([observed(node, view), *(components if short else [])])
    dated = f"{'on ' if when[:4].isdigit() else ''}{when}" if when else ""
    time = clock(written)
    head = warned(warning, joined([name or "Observation", "" if value else dated], " "))
    first = sentence(
        head, [joined([value, dated], " ") if value else ""], _around(node, view), [status, labelled("at", time), codes]
    )
    performers = joined(datatypes.reference(ref, view) for ref in node.nodes("performer"))
    lines = [first, *(() if short else (f"{name}: {part}." for part in components))]
    lines += _encounter_elsewhere(node, view, written)
    lines += [f"Performed by: {performers}."] if performers else []
    return finished(node, view, name, [*lines, *_members(node, view), *notes_lines(node, view)], written)


def _component(part: Node, view: View) -> str:
    name, codes = coded(part, "code")
    text = joined([joined([name, observed(part, view)], " "), *_around(part, view)], "; ")
    return f"{text} ({codes})" if codes else text


def _encounter_elsewhere(node: Node, view: View, written: str) -> list[str]:
    """Name the encounter only where its day does not say it: a chart holds far more observations than visits."""
    during = view.during(node)
    return [f"During: {during}."] if during and not (written and during.endswith(day(written))) else []


def _members(node: Node, view: View) -> list[str]:
    found = []
    for key, word in (("hasMember", "Results"), ("derivedFrom", "Derived from"), ("result", "Results")):
        text = joined(datatypes.reference(ref, view) for ref in node.nodes(key))
        found += [f"{word}: {text}."] if text else []
    return found


def condition(node: Node, view: View) -> Rendering:
    """Return "Condition: name, active, onset date (confirmed; codes)."."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "clinicalStatus", "verificationStatus")
    category = datatypes.names(node.nodes("category"))
    onset_written, onset = moment(node, "onset")
    abated_written, abated = moment(node, "abatement")
    recorded = node.word("recordedDate")
    more = [
        labelled("severity", datatypes.names(node.nodes("severity"))),
        labelled("body site", datatypes.names(node.nodes("bodySite"))),
        labelled("resolved", abated),
        on(recorded, "recorded") if day(recorded) != onset else "",
    ]
    node.skip("subject")
    first = sentence(warned(warning, "Condition"), [name, status, labelled("onset", onset)], more, [category, codes])
    lines = [first, *during(node, view), *notes_lines(node, view)]
    return finished(node, view, name, lines, onset_written or recorded or abated_written)


def allergy(node: Node, view: View) -> Rendering:
    """Return "Allergy: substance, active, criticality high; reaction: …; recorded date (codes)."."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "clinicalStatus", "verificationStatus")
    head = {"intolerance": "Intolerance"}.get(node.word("type"), "Allergy")
    written, onset = moment(node, "onset")
    recorded = node.word("recordedDate")
    more = [
        *(labelled("reaction:", _reaction(reaction)) for reaction in node.nodes("reaction")),
        labelled("onset", onset),
        on(recorded, "recorded"),
        on(node.word("lastOccurrence"), "last occurrence"),
    ]
    kinds = joined(spaced(word) for word in node.words("category"))
    node.skip("patient", "type")
    main = [name, status, labelled("criticality", spaced(node.word("criticality")))]
    first = sentence(warned(warning, head), main, more, [kinds, codes])
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], written or recorded)


def _reaction(reaction: Node) -> str:
    what = datatypes.names(reaction.nodes("manifestation")) or reaction.word("description")
    severity = spaced(reaction.word("severity"))
    substance = datatypes.names(reaction.nodes("substance"))
    route = datatypes.names(reaction.nodes("exposureRoute"))
    details = joined([severity, labelled("to", substance), route, day(reaction.word("onset"))])
    return f"{what} ({details})" if details else what


def procedure(node: Node, view: View) -> Rendering:
    """Return "Procedure: name, completed, performed date (codes)."; one that was not done says so first."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "status")
    written, when = moment(node, "performed")
    if not when:
        written, when = moment(node, "occurrence")
    head = "Procedure not done" if status == "not done" else "Procedure"
    node.skip("subject")
    more = [
        because(node, view),
        labelled("body site", datatypes.names(node.nodes("bodySite"))),
        labelled("outcome", datatypes.names(node.nodes("outcome"))),
        labelled("by", performers(node, view)),
    ]
    main = [name, status, labelled("performed", when)]
    first = sentence(warned(warning, head), main, more, [labelled("at", clock(written)), codes])
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], written)


def immunization(node: Node, view: View) -> Rendering:
    """Return "Immunization: vaccine, completed, given date (codes)."; one that was not given says so first."""
    name, codes = coded(node, "vaccineCode")
    status, warning = status_of(node, "status")
    written, when = moment(node, "occurrence")
    not_given = status == "not done" or node.is_true("wasNotGiven") or node.is_true("notGiven")
    head = "Immunization not done" if not_given else "Immunization"
    node.skip("patient", "wasNotGiven", "notGiven")
    dose = node.node("doseQuantity")
    more = [
        because(node, view),
        labelled("dose", datatypes.quantity(dose)),
        labelled("lot", node.word("lotNumber")),
        labelled("route", datatypes.names(node.nodes("route"))),
        labelled("site", datatypes.names(node.nodes("site"))),
        labelled("by", performers(node, view)),
        "not from the primary source" if node.word("primarySource") == "false" else "",
    ]
    main = [name, "" if not_given else status, labelled("dated" if not_given else "given", when)]
    first = sentence(warned(warning, head), main, more, [codes])
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], written)


def diagnostic_report(node: Node, view: View) -> Rendering:
    """Return "Report: name on date (status; codes)." with its conclusion and the names of its results."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "status")
    written, when = moment(node, "effective")
    issued = node.word("issued")
    written, when = written or issued, when or day(issued)
    node.skip("subject", "category", "issued")
    conclusion = joined([node.word("conclusion"), datatypes.names(node.nodes("conclusionCode"))], "; ")
    main = [joined([name, on(when)], " "), labelled("conclusion:", conclusion)]
    performers = joined(datatypes.reference(ref, view) for ref in node.nodes("performer"))
    results = joined(_result(ref, view) for ref in node.nodes("result"))
    first = sentence(warned(warning, "Report"), main, [labelled("by", performers)], [status, codes])
    lines = [first, f"Results: {results}." if results else "", *_encounter_elsewhere(node, view, written)]
    return finished(node, view, name, [*lines, *notes_lines(node, view)], written)


def _result(reference: Node, view: View) -> str:
    """Return a result's name alone: its value and date stand in its own section."""
    entry = view.resolve(reference)
    reference.close()
    return view.chart.name(entry) if entry else datatypes.reference(reference, view)


def family_history(node: Node, view: View) -> Rendering:
    """Return "Family history of the father: condition, onset …"."""
    relation = concept_name(node.node("relationship"))
    codes = concept_codes(node.node("relationship"), relation)
    status, warning = status_of(node, "status")
    node.node("relationship").close()
    node.skip("patient")
    found = []
    for item in node.nodes("condition"):
        name, code = coded(item, "code")
        _, onset = moment(item, "onset")
        text = joined([name, labelled("onset", onset), datatypes.names(item.nodes("outcome"))])
        text += f" ({code})" if code else ""
        found.append(joined([text, "contributed to death" if item.is_true("contributedToDeath") else ""]))
    _, deceased = moment(node, "deceased")
    dead = {"true": "deceased", "false": "alive"}.get(deceased, labelled("deceased", deceased))
    head = warned(warning, f"Family history, {relation or 'relative'}")
    when = node.word("date")
    more = [dead, on(when, "recorded")]
    first = sentence(head, [joined(found, "; ")], [*more, datatypes.names(node.nodes("sex"))], [status, codes])
    return finished(node, view, f"Family history {relation}".strip(), [first, *notes_lines(node, view)], when)
