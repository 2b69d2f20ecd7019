from __future__ import annotations

from datetime import date

import pytest

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.readers.ccda import CcdaReader

SNOMED = 'codeSystem="2.16.840.1.113883.6.96"'
DOCUMENT = """<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summary of episode note"/>
  <title>Visit summary</title><effectiveTime value="20200102093000-0500"/><languageCode code="en-US"/>
  <recordTarget><patientRole>
    <id root="2.16.840.1.113883.19.5" extension="P-31"/><id root="2.16.840.1.113883.4.1" extension="900-55-1111"/>
    <addr><streetAddressLine>9 Fir Road</streetAddressLine><city>Oakham</city><postalCode>01234</postalCode></addr>
    <telecom value="tel:+1(202)555-0107"/>
    <patient><name><given>Nora</given><family>Ek</family></name>
      <administrativeGenderCode code="F" displayName="Female"/><birthTime value="19610708"/>
      <guardian><guardianPerson><name><given>Olaf</given><family>Ek</family></name></guardianPerson></guardian>
    </patient></patientRole></recordTarget>
  <author><time value="20200102"/><assignedAuthor><assignedPerson><name>Dr. Lia Roth</name></assignedPerson>
  </assignedAuthor></author>
  <component><structuredBody><component><section>
    <code code="30954-2" codeSystem="2.16.840.1.113883.6.1"/><title>Results</title>
    <text><paragraph>Drawn <content revised="delete">Monday</content> Tuesday.</paragraph>
      <table><thead><tr><th>Test</th><th>Value</th></tr></thead><tbody>
        <tr><td rowspan="2">Sodium</td><td ID="na">140 mmol/L</td></tr><tr><td>141 mmol/L</td></tr></tbody></table>
      <list listType="ordered"><item>Rest</item><item>Drink</item></list></text>
    <entry><organizer classCode="BATTERY" moodCode="EVN">
      <templateId root="2.16.840.1.113883.10.20.22.4.1"/>
      <code code="24321-2" codeSystem="2.16.840.1.113883.6.1" displayName="Basic metabolic panel"/>
      <component><observation classCode="OBS" moodCode="EVN">
        <templateId root="2.16.840.1.113883.10.20.22.4.2"/>
        <code code="2951-2" codeSystem="2.16.840.1.113883.6.1" displayName="Sodium"/>
        <statusCode code="completed"/><effectiveTime value="20200101"/>
        <value xsi:type="PQ" value="140.0" unit="mmol/L"/>
        <referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="135" unit="mmol/L"/>
          <high value="145" unit="mmol/L"/></value></observationRange></referenceRange>
      </observation></component></organizer></entry>
  </section></component></structuredBody></component>
</ClinicalDocument>"""


def read(text: str) -> Reading:
    return CcdaReader().read(text.encode(), "x.xml")


def first(text: str) -> str:
    return read(text).text.splitlines()[0]


def observation(inside: str, attributes: str = "") -> str:
    return f'<observation classCode="OBS" moodCode="EVN" {attributes}>{inside}</observation>'


def test_a_document_is_read_section_by_section_with_its_tables_and_lists() -> None:
    reading = read(DOCUMENT)
    section = next(section for section in reading.sections if section.path == ("Results",))
    assert reading.text[section.start : section.end].split("\n\n")[0].splitlines() == [
        "Results",
        "Drawn Tuesday.",
        "Test | Value",
        "Sodium | 140 mmol/L",
        "Sodium | 141 mmol/L",
        "1. Rest",
        "2. Drink",
    ]
    assert section.locator.element == "30954-2"
    (table,) = reading.tables
    assert reading.text[table.header_start : table.header_end] == "Test | Value"
    assert reading.title == "Visit summary"
    assert reading.language == "en"
    assert reading.metadata == {"date": "2020-01-02 09:30 -05:00", "type": "Summary of episode note"}


def test_a_member_of_a_panel_is_a_sentence_with_its_own_date_and_template() -> None:
    reading = read(DOCUMENT)
    section = next(section for section in reading.sections if section.path[-1:] == ("Sodium 2020-01-01",))
    assert reading.text[section.start : section.end] == (
        "Result: Sodium 140.0 mmol/L on 2020-01-01; reference range 135 to 145 mmol/L (completed; LOINC 2951-2)."
    )
    assert section.date == date(2020, 1, 1)
    assert section.locator.element == "2.16.840.1.113883.10.20.22.4.2"
    assert section.subjects == ("P-31",)


def test_the_patient_is_the_subject_and_known_by_name_number_address_and_relatives() -> None:
    reading = read(DOCUMENT)
    assert reading.subjects == ("P-31",)
    assert {(identity.kind, identity.value) for identity in reading.identities} >= {
        ("name", "Nora Ek"), ("name", "Ek"), ("record_number", "P-31"), ("national_id", "900-55-1111"),
        ("address", "9 Fir Road"), ("phone", "+1(202)555-0107"), ("birth_date", "1961-07-08"),
        ("birth_date", "07/08/1961"), ("relative", "Olaf Ek"),
    }  # fmt: skip
    assert "Patient: Nora Ek, female, born 1961-07-08." in reading.text
    assert "Author: Dr. Lia Roth; 2020-01-02." in reading.text


def test_undeclared_prefixes_are_declared() -> None:
    text = observation(
        f'<value xsi:type="CD" code="22298006" {SNOMED} displayName="Myocardial infarction" sdtc:x="1"/>'
    )
    assert first(text) == "Observation: Myocardial infarction (SNOMED CT 22298006)."


def test_a_prefix_declared_further_down_is_declared_only_where_it_is_missing() -> None:
    text = observation('<sdtc:x xmlns:sdtc="urn:hl7-org:sdtc" value="1"/><value xsi:type="INT" value="7"/>')
    assert first(text) == "Observation: 7."


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (
            observation(
                f'<templateId root="2.16.840.1.113883.10.20.22.4.4"/><code code="ASSERTION"/>'
                f'<value xsi:type="CD" code="73211009" {SNOMED} displayName="Diabetes"/>',
                'negationInd="true"',
            ),
            "Problem: No Diabetes (SNOMED CT 73211009).",
        ),
        (
            '<procedure moodCode="EVN" negationInd="true"><code displayName="Appendectomy"/></procedure>',
            "Procedure not done: Appendectomy.",
        ),
        (
            """<substanceAdministration moodCode="EVN" negationInd="true">
            <templateId root="2.16.840.1.113883.10.20.22.4.52"/><consumable><manufacturedProduct>
            <manufacturedMaterial><code displayName="Influenza vaccine"/></manufacturedMaterial>
            </manufacturedProduct></consumable></substanceAdministration>""",
            "Immunization not given: Influenza vaccine.",
        ),
        (
            '<procedure moodCode="RQO" negationInd="true"><code displayName="Biopsy"/></procedure>',
            "Ordered procedure, not to be done: Biopsy.",
        ),
        (
            observation('<code displayName="Sodium"/><statusCode code="nullified"/>'),
            "Entered in error, not valid: Observation: Sodium (nullified).",
        ),
        ('<procedure moodCode="INT"><code displayName="Biopsy"/></procedure>', "Planned procedure: Biopsy."),
    ],
)
def test_what_is_not_so_says_so_in_words(text: str, start: str) -> None:
    assert first(text) == start


def test_an_allergy_names_its_substance_first_and_its_reaction_and_severity() -> None:
    text = observation(
        f"""<templateId root="2.16.840.1.113883.10.20.22.4.7"/><code code="ASSERTION"/><statusCode code="completed"/>
        <effectiveTime><low value="2010"/></effectiveTime>
        <value xsi:type="CD" code="416098002" {SNOMED} displayName="Allergy to drug"/>
        <participant typeCode="CSM"><participantRole><playingEntity>
          <code code="2670" codeSystem="2.16.840.1.113883.6.88" displayName="codeine"/></playingEntity>
        </participantRole></participant>
        <entryRelationship typeCode="MFST"><observation classCode="OBS" moodCode="EVN">
          <templateId root="2.16.840.1.113883.10.20.22.4.9"/><value xsi:type="CD" code="1" displayName="Wheezing"/>
        </observation></entryRelationship>"""
    )
    assert first(text) == (
        "Allergy: codeine, Allergy to drug (SNOMED CT 416098002) since 2010; Reaction: Wheezing (code 1) "
        "(completed; RxNorm 2670)."
    )


def test_a_medication_says_when_how_and_how_much() -> None:
    text = """<substanceAdministration classCode="SBADM" moodCode="INT">
      <templateId root="2.16.840.1.113883.10.20.22.4.16"/><statusCode code="active"/>
      <effectiveTime xsi:type="IVL_TS"><low value="20131218"/><high nullFlavor="NI"/></effectiveTime>
      <effectiveTime xsi:type="PIVL_TS" operator="A"><period value="6" unit="h"/></effectiveTime>
      <routeCode displayName="Oral"/><doseQuantity value="2.50" unit="mg"/>
      <consumable><manufacturedProduct><manufacturedMaterial>
      <code code="197806" codeSystem="2.16.840.1.113883.6.88" displayName="ibuprofen 600 MG"/>
      </manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"""
    assert first(text) == (
        "Prescribed medication: ibuprofen 600 MG since 2013-12-18, every 6 hours; route Oral; dose 2.50 mg "
        "(active; RxNorm 197806)."
    )


def test_a_concern_comes_after_what_it_is_about() -> None:
    text = f"""<act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.3"/>
      <code code="CONC"/><statusCode code="active"/><entryRelationship typeCode="SUBJ">{
        observation('<code code="ASSERTION"/><value xsi:type="CD" code="1" displayName="Pneumonia"/>')
    }</entryRelationship></act>"""
    assert read(text).text.splitlines() == ["Observation: Pneumonia (code 1).", "Problem concern (active)."]


def test_the_condition_of_a_relative_names_the_relative() -> None:
    text = f"""<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.45"/>
      <subject><relatedSubject classCode="PRS"><code code="FTH" displayName="Father"/></relatedSubject></subject>
      <component>{
        observation(
            '<templateId root="2.16.840.1.113883.10.20.22.4.46"/><value xsi:type="CD" displayName="Stroke" code="1"/>'
        )
    }</component></organizer>"""
    assert "Family history, Father: Stroke (code 1)." in read(text).text


def test_a_code_without_a_name_is_said_by_the_narrative_it_points_at() -> None:
    text = f"""<section><title>Problems</title><text><content ID="p1">Bad cough</content></text><entry>{
        observation('<value xsi:type="CD" code="1"><originalText><reference value="#p1"/></originalText></value>')
    }</entry></section>"""
    assert "Observation: Bad cough (code 1)." in read(text).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<author><time value="201308011235-0800"/></author>', "Author: 2013-08-01 12:35 -08:00."),
        ('<criterion><value code="1" displayName="Wheezing"/></criterion>', "Criterion: value Wheezing (code 1)."),
        ('<section nullFlavor="NI"><title>Goals</title></section>', "Goals\nNo information."),
        ("<observation moodCode='EVN'/>", "Observation"),
    ],
)
def test_a_fragment_always_says_something(text: str, said: str) -> None:
    assert read(text).text == said


def test_a_body_in_base64_is_handed_on() -> None:
    body = '<text mediaType="application/pdf" representation="B64">aGVs bG8=</text>'
    reading = read(f"<component><nonXMLBody>{body}</nonXMLBody></component>")
    (attachment,) = reading.attachments
    assert (attachment.name, attachment.media_type, attachment.content) == (
        "attachment 1.pdf", "application/pdf", b"hello",
    )  # fmt: skip
    assert reading.sections[attachment.section].path == ("Body",)


def test_a_document_without_a_patient_is_about_nobody_who_can_be_asked_for() -> None:
    (subject,) = read(observation('<value xsi:type="INT" value="7"/>')).subjects
    assert subject.startswith("unidentified:")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<observation><act></observation>", "document.malformed"),
        ("<article><p>x</p></article>", "document.unsupported"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><section><text>&x;</text></section>', "document.hostile"),
        ("<section>" + "<text>" * 300 + "</text>" * 300 + "</section>", "document.bomb"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert caught.value.code == code


def test_documents_and_fragments_are_recognised_and_other_xml_is_not() -> None:
    sniff = CcdaReader().sniff
    assert sniff(DOCUMENT.encode(), "x.xml") > 0.9
    assert sniff(observation("<code/>").encode(), "x.xml") > 0.5
    assert sniff(b"<section><num>1</num><heading>Title</heading></section>", "x.xml") == 0
    assert sniff(b"<!-- <ClinicalDocument> --><article moodCode='x'/>", "x.xml") == 0
