"""Care plans, goals, care teams, requests, appointments and devices in sentences."""

from __future__ import annotations

from ingestion.fhir import datatypes
from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import clock, concept_name, joined, spaced
from ingestion.fhir.generic import said
from ingestion.fhir.node import Node
from ingestion.fhir.phrases import because, coded, during, moment, on
from ingestion.fhir.sentences import Rendering, finished, labelled, notes_lines, sentence, status_of, warned


def care_plan(node: Node, view: View) -> Rendering:
    """Return the plan in one sentence, then its activities, each with its status."""
    category = node.nodes("category")
    name = node.word("title") or datatypes.names(category)
    codes = joined((datatypes.concept_codes(inner, name) for inner in category), "; ")
    status, warning = status_of(node, "status")
    node.skip("subject", "intent")
    start = node.node("period").word("start")
    when = datatypes.period(node.node("period"))
    addresses = joined(_concept_or_reference(ref, view) for ref in node.nodes("addresses"))
    goals = joined((datatypes.reference(ref, view) for ref in node.nodes("goal")), "; ")
    first = sentence(
        warned(warning, "Care plan"),
        [name, status, when],
        [node.word("description"), labelled("for", addresses)],
        [codes],
    )
    lines = [first, *(line for activity in node.nodes("activity") if (line := _activity(activity, view)))]
    lines += [f"Goals: {goals}."] if goals else []
    return finished(
        node, view, name, [*lines, *during(node, view), *notes_lines(node, view)], start or node.word("created")
    )


def _concept_or_reference(node: Node, view: View) -> str:
    return datatypes.names([node]) if "coding" in node or "concept" in node else datatypes.reference(node, view)


def _activity(activity: Node, view: View) -> str:
    detail = activity.node("detail")
    name, codes = coded(detail, "code")
    status, warning = status_of(detail, "status")
    _, scheduled = detail.choice("scheduled")
    references = [
        _concept_or_reference(ref, view)
        for key in ("reference", "plannedActivityReference", "performedActivity")
        for ref in activity.nodes(key)
    ]
    head = "Activity not to be done" if detail.is_true("doNotPerform") else "Activity"
    detail.skip("doNotPerform")
    main = [name or detail.word("description"), *references, status]
    more = [detail.word("description") if name else "", said(scheduled, view), because(detail, view)]
    text = sentence(warned(warning, head), main, more, [codes])
    return text if any(main) else ""


def goal(node: Node, view: View) -> Rendering:
    """Return "Goal: description, accepted, in progress; target … by date"."""
    name, codes = coded(node, "description")
    status, warning = status_of(node, "lifecycleStatus", "achievementStatus", "status")
    written, start = moment(node, "start")
    node.skip("subject")
    targets = []
    for target in node.nodes("target"):
        measure = concept_name(target.node("measure"))
        target.node("measure").close()
        _, detail = target.choice("detail")
        _, due = moment(target, "due")
        targets.append(labelled("target:", joined([measure, said(detail, view), labelled("by", due)], " ")))
    addresses = joined(datatypes.reference(ref, view) for ref in node.nodes("addresses"))
    by = datatypes.reference(node.node("expressedBy"), view)
    more = [labelled("since", start), *targets, labelled("for", addresses), labelled("expressed by", by)]
    written = written or node.word("statusDate")
    first = sentence(warned(warning, "Goal"), [name, status], more, [codes])
    return finished(node, view, name, [first, *notes_lines(node, view)], written)


def service_request(node: Node, view: View) -> Rendering:
    """Return "Order: name, active, requested date; …"; one that forbids says so first."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "status")
    intent = node.word("intent")
    authored = node.word("authoredOn") or node.word("authored")
    _, due = moment(node, "occurrence")
    head = (
        "Do not perform"
        if node.is_true("doNotPerform")
        else {"plan": "Planned", "proposal": "Proposed"}.get(intent, "Order")
    )
    node.skip("subject", "doNotPerform", "intent")
    for_performers = joined(datatypes.reference(ref, view) for ref in node.nodes("performer"))
    more = [
        labelled("due", due),
        because(node, view),
        labelled("requested by", datatypes.reference(node.node("requester"), view)),
        labelled("to be done by", for_performers),
        labelled("body site", datatypes.names(node.nodes("bodySite"))),
        node.word("patientInstruction"),
    ]
    kinds = datatypes.names(node.nodes("category"))
    main = [name or kinds, status, on(authored, "requested"), labelled("priority", spaced(node.word("priority")))]
    first = sentence(warned(warning, head), main, more, [codes])
    return finished(node, view, name or kinds, [first, *during(node, view), *notes_lines(node, view)], authored)


def care_team(node: Node, view: View) -> Rendering:
    """Return the team in one sentence, then its members with their roles."""
    name = node.word("name") or datatypes.names(node.nodes("category"))
    status, warning = status_of(node, "status")
    node.skip("subject")
    start = node.node("period").word("start")
    lines = [sentence(warned(warning, "Care team"), [name, status, datatypes.period(node.node("period"))])]
    for member in node.nodes("participant"):
        person = datatypes.reference(member.node("member"), view)
        role = datatypes.names(member.nodes("role"))
        lines.append(f"Member: {joined([person, role])}." if person or role else "")
    return finished(node, view, name, lines, start)


def appointment(node: Node, view: View) -> Rendering:
    """Return "Appointment: type, booked, start; with …"."""
    status, warning = status_of(node, "status")
    kinds = joined(datatypes.names(node.nodes(key)) for key in ("serviceType", "appointmentType", "specialty"))
    name = node.word("description") or kinds
    start, end = node.word("start"), node.word("end")
    people = joined(
        labelled(
            datatypes.reference(part.node("actor"), view),
            f"({spaced(part.word('status'))})" if part.word("status") else "",
        )
        or datatypes.reference(part.node("actor"), view)
        for part in node.nodes("participant")
    )
    time = joined([clock(start), labelled("until", clock(end))], " ")
    more = [because(node, view), labelled("with", people), node.word("comment")]
    first = sentence(warned(warning, "Appointment"), [name, status, on(start)], more, [labelled("from", time)])
    return finished(node, view, name, [first], start)


def device(node: Node, view: View) -> Rendering:
    """Return "Device: name, active; maker, model, serial number, UDI"."""
    kind, codes = coded(node, "type")
    names = joined([*(inner.word("name") for inner in node.nodes("deviceName")), *node.words("name")])
    status, warning = status_of(node, "status")
    udi = node.node("udiCarrier")
    node.skip("patient")
    more = [
        labelled("manufacturer", node.word("manufacturer")),
        labelled("model", node.word("modelNumber")),
        labelled("serial number", node.word("serialNumber")),
        labelled("lot", node.word("lotNumber")),
        on(node.word("manufactureDate"), "made"),
        on(node.word("expirationDate"), "expires"),
        labelled("UDI", udi.word("carrierHRF") or udi.word("deviceIdentifier")),
    ]
    first = sentence(warned(warning, "Device"), [kind or names, names if kind else "", status], more, [codes])
    return finished(node, view, kind or names, [first, *notes_lines(node, view)])


def specimen(node: Node, view: View) -> Rendering:
    """Return "Specimen: type, collected date …"."""
    kind, codes = coded(node, "type")
    status, warning = status_of(node, "status")
    collection = node.node("collection")
    written, when = moment(collection, "collected")
    site = datatypes.names(collection.nodes("bodySite"))
    state = datatypes.names(node.nodes("condition"))
    node.skip("subject")
    more = [labelled("from", site), labelled("condition", state), on(node.word("receivedTime"), "received")]
    first = sentence(warned(warning, "Specimen"), [kind, status, labelled("collected", when)], more, [codes])
    return finished(node, view, kind, [first, *notes_lines(node, view)], written)


def imaging_study(node: Node, view: View) -> Rendering:
    """Return "Imaging: description, modality of body site on date"; instances are counted, not listed."""
    series = node.nodes("series")
    sites = joined(datatypes.names(part.nodes("bodySite")) for part in series)
    modalities = joined(
        [*(datatypes.names(part.nodes("modality")) for part in series), datatypes.names(node.nodes("modality"))]
    )
    titles = joined(image.word("title") for part in series for image in part.nodes("instance"))
    status, warning = status_of(node, "status")
    started = node.word("started")
    name = node.word("description") or datatypes.names(node.nodes("procedureCode")) or joined([modalities, sites], " ")
    for part in series:
        part.close()
    node.skip("subject", "numberOfSeries", "numberOfInstances")
    counts = joined(
        [labelled("series:", node.word("numberOfSeries")), labelled("images:", node.word("numberOfInstances"))]
    )
    main = [
        joined([name, on(started)], " "),
        "" if name.startswith(modalities) else joined([modalities, sites], " of "),
        status,
    ]
    first = sentence(warned(warning, "Imaging"), main, [titles, because(node, view), counts])
    return finished(node, view, name, [first, *during(node, view), *notes_lines(node, view)], started)


def task(node: Node, view: View) -> Rendering:
    """Return "Task: what, status, for whom by when"."""
    name, codes = coded(node, "code")
    status, warning = status_of(node, "status", "businessStatus")
    node.skip("for", "intent")
    owner = datatypes.reference(node.node("owner"), view)
    focus = datatypes.reference(node.node("focus"), view)
    authored = node.word("authoredOn")
    what = node.word("description") or name or focus
    more = [
        labelled("about", focus if focus != what else ""),
        labelled("to be done by", owner),
        on(authored, "requested"),
        because(node, view),
    ]
    first = sentence(warned(warning, "Task"), [what, status], more, [codes])
    return finished(node, view, what, [first, *notes_lines(node, view)], authored)
