"""Which resource is rendered by what, and in which group of the chart it stands."""

from __future__ import annotations

from typing import Final

from ingestion.fhir import clinical, documents, medications, people, plans
from ingestion.fhir.chart import Entry, View, event_date
from ingestion.fhir.datatypes import concept_name, joined, spaced
from ingestion.fhir.narrative import narrative_lines
from ingestion.fhir.node import Node
from ingestion.fhir.sentences import Render, Rendering, finished, sentence, status_of, warned

RENDERERS: Final[dict[str, Render]] = {
    "AllergyIntolerance": clinical.allergy,
    "Appointment": plans.appointment,
    "Binary": documents.binary,
    "CarePlan": plans.care_plan,
    "CareTeam": plans.care_team,
    "Claim": people.claim,
    "Communication": documents.communication,
    "Composition": documents.composition,
    "Condition": clinical.condition,
    "Coverage": people.coverage,
    "Device": plans.device,
    "DeviceRequest": plans.service_request,
    "DiagnosticReport": clinical.diagnostic_report,
    "DocumentReference": documents.document_reference,
    "Encounter": people.encounter,
    "ExplanationOfBenefit": people.claim,
    "FamilyMemberHistory": clinical.family_history,
    "Goal": plans.goal,
    "ImagingStudy": plans.imaging_study,
    "Immunization": clinical.immunization,
    "List": documents.simple_list,
    "Location": people.organization,
    "Media": documents.media,
    "Medication": medications.medication,
    "MedicationAdministration": medications.administration,
    "MedicationDispense": medications.dispense,
    "MedicationRequest": medications.request,
    "MedicationStatement": medications.statement,
    "MedicationUsage": medications.statement,
    "Observation": clinical.observation,
    "Organization": people.organization,
    "Patient": people.patient,
    "Person": people.practitioner,
    "Practitioner": people.practitioner,
    "Procedure": clinical.procedure,
    "Questionnaire": documents.questionnaire,
    "QuestionnaireResponse": documents.questionnaire_response,
    "RelatedPerson": people.practitioner,
    "ServiceRequest": plans.service_request,
    "Specimen": plans.specimen,
    "Task": plans.task,
}

_OTHER: Final = "Other records"
_GROUPS: Final = {
    "Patient": ("Patient", "Person"),
    "Allergies": ("AllergyIntolerance", "AdverseEvent"),
    "Conditions": ("Condition", "ClinicalImpression", "DetectedIssue", "Flag", "RiskAssessment"),
    "Medications": (
        "MedicationRequest", "MedicationStatement", "MedicationUsage", "MedicationAdministration",
        "MedicationDispense", "Medication", "NutritionOrder",
    ),
    "Laboratory results": ("Specimen",),
    "Vital signs": (),
    "Immunizations": ("Immunization", "ImmunizationEvaluation", "ImmunizationRecommendation"),
    "Procedures": ("Procedure",),
    "Diagnostic reports": ("DiagnosticReport",),
    "Imaging": ("ImagingStudy", "Media", "BodyStructure"),
    "Observations": ("Observation", "MolecularSequence"),
    "Social history": (),
    "Surveys and assessments": ("QuestionnaireResponse",),
    "Family history": ("FamilyMemberHistory",),
    "Encounters": ("Encounter", "EpisodeOfCare", "Appointment", "AppointmentResponse"),
    "Care plans and goals": ("CarePlan", "Goal", "CareTeam", "Task"),
    "Orders and referrals": ("ServiceRequest", "DeviceRequest", "SupplyRequest", "RequestGroup"),
    "Documents and notes": (
        "Composition", "DocumentReference", "DocumentManifest", "Communication", "CommunicationRequest", "Binary",
        "List", "Consent",
    ),
    "Devices": ("Device", "DeviceUseStatement", "DeviceMetric"),
    "People and organizations": (
        "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService", "Group",
        "Endpoint",
    ),
    "Claims and benefits": (
        "Coverage", "Claim", "ClaimResponse", "ExplanationOfBenefit", "Account", "Invoice", "ChargeItem",
        "CoverageEligibilityRequest", "CoverageEligibilityResponse",
    ),
    _OTHER: (),
}  # fmt: skip
GROUPS: Final = tuple(_GROUPS)
_GROUP_OF: Final = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
_BY_CATEGORY: Final = {
    "laboratory": "Laboratory results",
    "lab": "Laboratory results",
    "vital-signs": "Vital signs",
    "vital signs": "Vital signs",
    "imaging": "Imaging",
    "social-history": "Social history",
    "survey": "Surveys and assessments",
}
_LITTLE: Final = 120  # characters; a resource that says less than this is helped by its narrative


def group_of(entry: Entry) -> str:
    """Return the heading under which a resource stands; an observation's category decides, then its type."""
    if entry.kind == "Observation":
        for category in Node(entry.data).nodes("category"):
            words = [concept_name(category), *(coding.word("code") for coding in category.nodes("coding"))]
            for word in words:
                if group := _BY_CATEGORY.get(word.lower()):
                    return group
    return _GROUP_OF.get(entry.kind, _OTHER)


def render(entry: Entry, view: View) -> Rendering:
    """Return what a resource says; its narrative as well where the structure says little or says that it does."""
    node = Node(entry.data)
    written = RENDERERS.get(entry.kind, _any)(node, view)
    text = node.node("text")
    status = text.word("status")
    little = sum(map(len, written.lines)) < _LITTLE
    if status == "empty" or not (little or status == "additional") or entry.kind in {"Claim", "ExplanationOfBenefit"}:
        return written
    said = " ".join(written.lines)
    extra = [line for line in narrative_lines(text.word("div")) if line not in said]
    return Rendering(name=written.name, lines=(*written.lines, *extra), when=written.when)


def _any(node: Node, view: View) -> Rendering:
    """Render a resource of any type: a first sentence with its name and status, then all of its elements."""
    name = view.chart.name(view.entry)
    status, warning = status_of(node, "status")
    unread = Node(view.entry.data)  # the dates are said by their own elements as well
    when = event_date(unread) or next((text for key in _DATES if (text := unread.word(key))), "")
    head = warned(warning, spaced(view.entry.kind).capitalize())
    node.skip(*(key for key in ("title", "name", "description") if node.word(key) == name))
    return finished(node, view, name, [sentence(head, [name, status])], when)


_DATES: Final = ("authoredOn", "created", "recorded", "issued", "sent", "date", "recordedDate", "authored")


def title_of(kind: str, own: str) -> str:
    """Return the title of a file that holds one resource and is no patient's record."""
    return joined([kind, own], " ")
