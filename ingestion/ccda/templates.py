"""Names of C-CDA templates by OID, for entries and fragments that say what they are only by template.

Source: HL7 CDA R2 Implementation Guide: Consolidated CDA Templates for Clinical Notes, Release 2.1.
"""

from __future__ import annotations

from typing import Final

_ENTRY: Final = "2.16.840.1.113883.10.20.22.4."
_SECTION: Final = "2.16.840.1.113883.10.20.22.2."
_DOCUMENT: Final = "2.16.840.1.113883.10.20.22.1."
_ENTRIES: Final = {
    "1": "Results",
    "2": "Result", "3": "Problem concern", "4": "Problem", "5": "Health status", "6": "Problem status", "7": "Allergy",
    "8": "Severity", "9": "Reaction", "12": "Procedure", "13": "Procedure observation", "14": "Procedure",
    "16": "Medication", "17": "Medication supply order", "18": "Medication dispense", "19": "Indication",
    "20": "Instruction", "24": "Drug vehicle", "25": "Precondition", "26": "Vital signs", "27": "Vital sign",
    "28": "Allergy status", "30": "Allergy concern", "31": "Age", "32": "Service delivery location",
    "33": "Hospital discharge diagnosis", "34": "Admission diagnosis", "35": "Discharge medication",
    "36": "Admission medication", "37": "Product instance", "38": "Social history", "39": "Planned act",
    "40": "Planned encounter", "41": "Planned procedure", "42": "Planned medication", "43": "Planned supply",
    "44": "Planned observation", "45": "Family history", "46": "Family history", "47": "Family history death",
    "48": "Advance directive", "49": "Encounter", "50": "Non-medicinal supply", "51": "Postprocedure diagnosis",
    "52": "Immunization", "53": "Immunization refusal reason", "60": "Coverage", "61": "Policy",
    "63": "Series", "64": "Comment", "65": "Preoperative diagnosis", "66": "Functional status",
    "67": "Functional status", "69": "Assessment scale", "70": "Pressure ulcer", "72": "Caregiver characteristics",
    "74": "Mental status", "75": "Mental status", "76": "Number of pressure ulcers",
    "77": "Highest pressure ulcer stage", "78": "Smoking status", "79": "Deceased", "80": "Encounter diagnosis",
    "85": "Tobacco use", "86": "Assessment scale item", "108": "Advance directive",
    "109": "Characteristics of home environment",
    "111": "Cultural and religious observation", "113": "Prognosis", "114": "Longitudinal care wound",
    "115": "External document", "118": "Substance administered", "119": "Author", "120": "Planned immunization",
    "121": "Goal", "122": "Entry reference", "123": "Drug monitoring", "124": "Nutritional status",
    "126": "Sensory status", "127": "Sensory status", "128": "Self-care activity", "129": "Planned coverage",
    "130": "Nutrition recommendation", "131": "Intervention", "132": "Health concern", "133": "Wound measurement",
    "134": "Wound characteristic", "135": "Medical equipment", "136": "Risk concern", "138": "Nutrition assessment",
    "140": "Patient referral", "141": "Handoff communication", "143": "Priority preference", "144": "Outcome",
    "145": "Criticality", "146": "Planned intervention", "147": "Medication instructions",
    "200": "Birth sex", "201": "Time range of the section", "202": "Note", "301": "Brand name",
    "302": "Catalogue number", "303": "Company name", "304": "Implantable device identifier",
    "305": "Implantable device status", "308": "Distinct identification code", "309": "Expiration date",
    "311": "Unique device identifier", "314": "Latex safety", "315": "Lot or batch number",
    "316": "Manufacturing date", "317": "Model number", "318": "MRI safety", "319": "Serial number",
    "500": "Care team", "501": "Sexual orientation", "503": "Occupation",
}  # fmt: skip
_SECTIONS: Final = {
    "1": "Medications", "2": "Immunizations", "3": "Results", "4": "Vital signs", "5": "Problems", "6": "Allergies",
    "7": "Procedures", "8": "Assessment", "9": "Assessment and plan", "10": "Plan of treatment",
    "11": "Discharge medications", "12": "Reason for visit", "13": "Chief complaint and reason for visit",
    "14": "Functional status", "15": "Family history", "17": "Social history", "18": "Payers",
    "20": "Past medical history", "21": "Advance directives", "22": "Encounters", "23": "Medical equipment",
    "24": "Discharge diagnosis", "25": "Anesthesia", "27": "Procedure description", "28": "Procedure findings",
    "29": "Procedure indications", "30": "Planned procedure", "31": "Procedure specimens taken",
    "34": "Preoperative diagnosis", "35": "Postoperative diagnosis", "36": "Postprocedure diagnosis",
    "37": "Complications", "38": "Medications administered", "39": "Medical history", "40": "Procedure implants",
    "41": "Hospital discharge instructions", "42": "Hospital consultations", "43": "Admission diagnosis",
    "44": "Admission medications", "45": "Instructions", "56": "Mental status", "57": "Nutrition",
    "58": "Health concerns", "60": "Goals", "61": "Health status evaluations and outcomes", "64": "Course of care",
    "65": "Notes", "500": "Care teams",
}  # fmt: skip
_DOCUMENTS: Final = {
    "2": "Continuity of care document", "3": "History and physical", "4": "Consultation note",
    "5": "Diagnostic imaging report", "6": "Procedure note", "7": "Operative note", "8": "Discharge summary",
    "9": "Progress note", "10": "Unstructured document", "13": "Transfer summary", "14": "Referral note",
    "15": "Care plan",
}  # fmt: skip


def template_name(oid: str) -> str:
    """Return the name of a template; empty for one that is not known."""
    for stem, names in ((_ENTRY, _ENTRIES), (_SECTION, _SECTIONS), (_DOCUMENT, _DOCUMENTS)):
        if oid.startswith(stem):
            rest = oid.removeprefix(stem)
            return names.get(rest) or names.get(rest.partition(".")[0], "")
    return ""
