"""Names of the code systems that clinical records cite, by canonical URL (FHIR) and OID (C-CDA)."""

from __future__ import annotations

from typing import Final

_BY_URL: Final = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": "ICD-10-GM",
    "http://fhir.de/CodeSystem/dimdi/icd-10-gm": "ICD-10-GM",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://www.cms.gov/Medicare/Coding/ICD10": "ICD-10-PCS",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://hl7.org/fhir/sid/mvx": "MVX",
    "http://hl7.org/fhir/sid/ndc": "NDC",
    "http://hl7.org/fhir/sid/us-ssn": "SSN",
    "http://hl7.org/fhir/sid/us-npi": "NPI",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "http://unitsofmeasure.org": "UCUM",
    "http://www.whocc.no/atc": "ATC",
    "http://dicom.nema.org/resources/ontology/DCM": "DICOM",
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl": "NCI Thesaurus",
    "http://nucc.org/provider-taxonomy": "NUCC",
    "http://human-phenotype-ontology.org": "HPO",
    "http://www.orpha.net": "Orphanet",
    "http://fdasis.nlm.nih.gov": "UNII",
    "http://id.who.int/icd/release/11/mms": "ICD-11",
}
_BY_OID: Final = {
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.96": "SNOMED CT",
    "2.16.840.1.113883.6.88": "RxNorm",
    "2.16.840.1.113883.6.90": "ICD-10-CM",
    "2.16.840.1.113883.6.3": "ICD-10",
    "2.16.840.1.113883.6.4": "ICD-10-PCS",
    "2.16.840.1.113883.6.103": "ICD-9-CM",
    "2.16.840.1.113883.6.104": "ICD-9-CM",
    "2.16.840.1.113883.12.292": "CVX",
    "2.16.840.1.113883.6.59": "CVX",
    "2.16.840.1.113883.6.69": "NDC",
    "2.16.840.1.113883.6.12": "CPT",
    "2.16.840.1.113883.6.13": "CDT",
    "2.16.840.1.113883.6.285": "HCPCS",
    "2.16.840.1.113883.6.8": "UCUM",
    "2.16.840.1.113883.6.101": "NUCC",
    "2.16.840.1.113883.6.238": "CDC Race and Ethnicity",
    "2.16.840.1.113883.6.254": "ICF",
    "2.16.840.1.113883.6.259": "HL7 healthcare service location",
    "2.16.840.1.113883.4.9": "UNII",
    "2.16.840.1.113883.3.26.1.1": "NCI Thesaurus",
    "2.16.840.1.113883.5.4": "HL7 ActCode",
    "2.16.840.1.113883.5.6": "HL7 ActClass",
    "2.16.840.1.113883.5.83": "HL7 observation interpretation",
    "2.16.840.1.113883.5.111": "HL7 RoleCode",
    "2.16.840.1.113883.5.112": "HL7 route of administration",
    "2.16.840.1.113883.4.1": "SSN",
    "2.16.840.1.113883.4.6": "NPI",
    "2.16.840.1.113883.4.3": "driving licence",
    "1.2.840.10008.2.16.4": "DICOM",
}
# HL7 v3 TimingEvent, which FHIR and C-CDA share.
TIMING_EVENTS: Final = {
    "MORN": "in the morning", "NOON": "at noon", "AFT": "in the afternoon", "EVE": "in the evening",
    "NIGHT": "at night", "HS": "at bedtime", "WAKE": "on waking", "C": "with meals", "CM": "with breakfast",
    "CD": "with lunch", "CV": "with dinner", "AC": "before meals", "ACM": "before breakfast", "ACD": "before lunch",
    "ACV": "before dinner", "PC": "after meals", "PCM": "after breakfast", "PCD": "after lunch", "PCV": "after dinner",
}  # fmt: skip
_OID: Final = "urn:oid:"


def system_name(system: str) -> str:
    """Return the common name of a code system; for an unknown one the end of its URL, or the OID as it is."""
    system = system.strip()
    bare = system.partition("|")[0].rstrip("/")
    known = _BY_URL.get(bare) or _BY_OID.get(bare.removeprefix(_OID))
    if known:
        return known
    if bare.startswith(("http://", "https://")):
        return bare.rpartition("/")[2]
    return bare.removeprefix(_OID)
