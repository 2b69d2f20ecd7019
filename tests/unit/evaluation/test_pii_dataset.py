"""Texts with marked personal data, and files with patients, are read as they are or named as at fault."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.datasets.leakage import Identity, leaked, read_patient_files
from evaluation.datasets.pii import PiiDataset, read_pii
from evaluation.placeholders import find_redactions
from evaluation.subject import JSON
from tests.data import ROOT, shared_data

ROW: JSON = {"_id": "a", "text": "Call Ida Marlow.", "spans": [{"start": 5, "end": 15, "type": "PERSON"}]}


def ours(folder: Path, *rows: JSON) -> PiiDataset:
    file = folder / "pii.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_pii(file)


def presidio(folder: Path, *marked: tuple[str, str]) -> PiiDataset:
    """Return a set of texts that are one span each."""
    spans = [(text, {"entity_type": name, "start_position": 0, "end_position": len(text)}) for text, name in marked]
    file = folder / "set.json"
    file.write_text(json.dumps([{"full_text": text, "spans": [span]} for text, span in spans]))
    return read_pii(file)


def test_a_row_of_ours_has_spans_by_kind(tmp_path: Path) -> None:
    (text,) = ours(tmp_path, ROW).texts.values()
    (span,) = text.spans
    assert (text.id, text.text, span.start, span.end, span.type) == ("a", "Call Ida Marlow.", 5, 15, "PERSON")
    # a name is on the list of Safe Harbor, and nobody claims to find it wherever it stands
    assert (span.listed, span.claimed) == (True, False)


@pytest.mark.parametrize(
    ("words", "name", "listed", "claimed"),
    [
        ("202-555-0143", "PHONE_NUMBER", True, True),
        ("3 May 2011", "DATE_TIME", True, True),
        ("1984", "DATE_TIME", False, False),
        ("64", "AGE", False, False),
        ("91 years", "AGE", True, True),
        ("Iceland", "GPE", False, False),
        ("Fenn & Co", "ORGANIZATION", False, False),
    ],
)
def test_safe_harbor_lists_types_but_neither_years_nor_ages_up_to_89(
    tmp_path: Path,
    words: str,
    name: str,
    listed: bool,  # noqa: FBT001 - a table's column
    claimed: bool,  # noqa: FBT001 - a table's column
) -> None:
    data = presidio(tmp_path, (words, name))
    (span,) = data.texts["1"].spans
    assert (span.listed, span.claimed) == (listed, claimed)


def test_a_foreign_set_keeps_its_names_of_types(tmp_path: Path) -> None:
    assert presidio(tmp_path, ("3 May 2011", "DATE_TIME")).names == {"DATE": "DATE_TIME", "BIRTH_DATE": "DATE_TIME"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"text": " "}, "pii.jsonl:1 has no text"),
        ({"spans": None}, "pii.jsonl:1 has no list of spans"),
        ({"spans": [{"start": 5, "end": 15}]}, "pii.jsonl:1 has a span without start, end, type"),
        ({"spans": [{"start": 5, "end": 99, "type": "PERSON"}]}, "pii.jsonl:1 has a span outside its text"),
        ({"spans": [{"start": 5, "end": "9", "type": "PERSON"}]}, "pii.jsonl:1 has a span outside its text"),
        (
            {"spans": [{"start": 5, "end": 9, "type": "SHOE"}]},
            "pii.jsonl:1 has a span of a type that is not known here",
        ),
        ({"spans": []}, "pii.jsonl marks nothing"),
    ],
)
def test_a_text_at_fault_is_named(tmp_path: Path, change: JSON, fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        ours(tmp_path, {**ROW, **change})
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", fault)


def test_the_sample_marks_many_kinds_and_has_texts_without_any() -> None:
    texts = read_pii(ROOT / "app/samples/evaluation/pii.jsonl").texts.values()
    assert len(texts) == 25
    assert len({span.type for text in texts for span in text.spans}) >= 20
    assert sum(not text.spans for text in texts) >= 4


def test_the_shared_set_is_read_whole() -> None:
    texts = read_pii(shared_data("presidio-research/synth_dataset_v2.json")).texts.values()
    assert (len(texts), sum(len(text.spans) for text in texts)) == (1500, 2863)


@pytest.mark.parametrize(
    ("text", "redacted", "spans"),
    [
        ("Ida is here", "[PERSON] is here", [(0, 3, "PERSON")]),
        (" Ida and Bo\n", "[PERSON] and [PERSON]", [(1, 4, "PERSON"), (9, 11, "PERSON")]),
        ("a b Ida Marlow c d", "a b [PERSON] c d", [(4, 14, "PERSON")]),
        ("Ida Marlow Bo Fenn", "[PERSON] [DATE]", [(0, 10, "PERSON"), (11, 18, "DATE")]),
        ("Ida and Bo", "[PERSON]", [(0, 10, "PERSON")]),
        ("see [PERSON] Ida", "see [PERSON] [PERSON]", [(13, 16, "PERSON")]),
        ("nothing", "nothing", []),
        ("nothing", "something", None),
        ("Ida is here", "[PERSON] was here", None),
        ("Ida", "[PERSON] is here", None),
    ],
)
def test_what_was_redacted_is_found_from_the_words_around_it(
    text: str, redacted: str, spans: list[tuple[int, int, str]] | None
) -> None:
    found = find_redactions(text, redacted, ("PERSON", "DATE") if "[" in redacted else ())
    assert spans == (None if found is None else [(own.start, own.end, own.kind) for own in found])


PATIENT: JSON = {
    "resourceType": "Patient",
    "id": "p-1",
    "identifier": [{"value": "TH-447190"}],
    "name": [{"family": "Thackeray", "given": ["Corin"]}],
    "telecom": [{"system": "phone", "value": "+1 202-555-0143"}],
    "birthDate": "1958-11-02",
    "address": [{"line": ["48 Larch Street"], "city": "Millbrook"}],
    "contact": [{"name": {"family": "Wren", "given": ["Tobias"]}}],
}
CCDA = """<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>
<id extension="TH-447190" root="1.2.3"/><addr><streetAddressLine>48 Larch Street</streetAddressLine></addr>
<telecom value="tel:+1-202-555-0143"/><patient><name><given>Corin</given><family>Thackeray</family></name>
<birthTime value="19581102"/><sdtc:deceasedInd value="false"/></patient>
<providerOrganization><name>Larch Clinic</name><telecom value="tel:999"/></providerOrganization>
</patientRole></recordTarget></ClinicalDocument>"""
VALUES = {"Corin Thackeray", "Corin", "Thackeray", "TH-447190", "48 Larch Street"}


def test_a_bundle_says_who_its_patient_is(tmp_path: Path) -> None:
    (tmp_path / "Corin_Thackeray.json").write_text(
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": PATIENT}]})
    )
    (tmp_path / "other.json").write_text(json.dumps({"resourceType": "Organization", "name": "Larch Clinic"}))
    file, other = read_patient_files(tmp_path)
    assert (file.id, file.subjects) == ("file-0001", ("p-1",))
    wanted = VALUES | {"+1 202-555-0143", "1958-11-02", "Tobias Wren", "Tobias", "Wren"}
    assert {own.value for own in file.identities} == wanted
    assert other.identities == ()


def test_a_clinical_document_says_who_its_patient_is(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(CCDA)
    (file,) = read_patient_files(tmp_path)
    assert file.subjects == ("TH-447190",)
    assert {own.value for own in file.identities} == VALUES | {"+1-202-555-0143", "19581102"}


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.json", "{", "file 1 in order of names cannot be read as JSON or XML"),
        (
            "a.json",
            '{"resourceType": "Patient", "name": 3}',
            "file 1 in order of names has a patient who is not in the form of FHIR",
        ),
        ("a.txt", "", " has no FHIR or C-CDA file that tells who its patient is"),
    ],
)
def test_a_file_at_fault_is_numbered_since_its_name_may_be_a_name(
    tmp_path: Path, name: str, text: str, fault: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(RequestError) as caught:
        read_patient_files(tmp_path)
    assert caught.value.detail.endswith(fault)


NAME = Identity(kind="name", value="Corin Thackeray")
PART = Identity(kind="name part", value="Thackeray")
NUMBER = Identity(kind="number", value="TH-447190")
PHONE = Identity(kind="contact", value="+1 202-555-0143")
BORN = Identity(kind="birth date", value="1958-11-02")


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        (NAME, "seen: THACKERAY, Corin"),
        (NAME, "xxcorinthackerayxx"),
        (NAME, "yarekcahT niroC"),
        (NAME, "q=Corin%20Thackeray"),
        (NAME, "Corin&nbsp;Thackeray"),
        (NAME, "Córin Thackeray"),
        (NAME, base64.b64encode(b"by Corin Thackeray.").decode()),
        (NAME, base64.urlsafe_b64encode(b"ab corin thackeray").decode()),
        (PART, "Mr Thackeray came"),
        (PART, "file_Thackeray_1"),
        (PART, base64.b64encode(b"Thackeray").decode()),
        (NUMBER, "no. TH 447190"),
        (NUMBER, "091744ht"),
        (PHONE, "call (202) 555-0143"),
        (BORN, "born November 2, 1958"),
        (BORN, "02.11.1958"),
        (BORN, "on 11/02/1958"),
    ],
)
def test_an_identity_is_found_however_it_is_written(identity: Identity, shown: str) -> None:
    assert leaked([identity], ["nothing", shown]) == [identity]


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        (NAME, "[PERSON] came with Corin"),
        (Identity(kind="name part", value="May"), "it may rain in Mayfair"),
        (NUMBER, "TH-4471905"),
        (BORN, "born in 1958, seen on November 20, 1958"),
        (PHONE, "202-555-0188"),
    ],
)
def test_what_only_looks_like_an_identity_is_none(identity: Identity, shown: str) -> None:
    assert leaked([identity], [shown]) == []
