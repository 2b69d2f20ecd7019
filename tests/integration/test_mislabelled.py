"""A chart under another patient's label does not make two patients one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from tests.fakes.embedder import FakeEmbedder


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Consilium]:
    with build(load_settings(home=tmp_path / "home"), Replacements(embedder=FakeEmbedder())) as consilium:
        yield consilium


def chart(folder: Path, patient: str, name: str = "chart") -> Path:
    file = folder / f"{name}-{patient}.json"
    entries: list[dict[str, Any]] = [
        {"resource": {"resourceType": "Patient", "id": patient, "name": [{"family": f"Family{patient}"}]}},
        {"resource": {"resourceType": "Condition", "id": "c", "subject": {"reference": f"Patient/{patient}"},
                      "code": {"text": f"{name} of {patient}"}}},
    ]  # fmt: skip
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    return file


def ingest(house: Consilium, file: Path, **options: Any) -> tuple[str, str | None]:
    (outcome,) = LocalDoor(house).ingest([file], options)
    return outcome["status"], outcome.get("code")


def alike(house: Consilium, name: str) -> tuple[str, ...]:
    return house.catalogue.subjects_alike("default", name)


def test_a_record_number_and_the_file_s_own_id_are_one_from_the_first_file_on(house: Consilium, tmp_path: Path) -> None:
    assert ingest(house, chart(tmp_path, "anna"), subject="mrn-1") == ("indexed", None)
    assert ingest(house, chart(tmp_path, "anna", "later"), subject="mrn-1") == ("indexed", None)
    assert alike(house, "mrn-1") == ("anna", "mrn-1")


def test_a_chart_of_one_known_patient_under_the_label_of_another_is_refused(house: Consilium, tmp_path: Path) -> None:
    for patient in ("anna", "bert"):
        ingest(house, chart(tmp_path, patient))
    wrong = chart(tmp_path, "bert", "mislabelled")
    for _ in range(2):
        assert ingest(house, wrong, subject="anna") == ("rejected", "document.subject_conflict")
    assert alike(house, "anna") == ("anna",)
    question = {"question": "mislabelled of bert", "subjects": ["anna"]}
    assert "bert" not in str(LocalDoor(house).ask(question)["claims"])
    assert ingest(house, wrong) == ("indexed", None)


def test_two_known_names_of_one_patient_become_one_when_somebody_says_so(house: Consilium, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The patient takes insulin.", encoding="utf-8")
    ingest(house, note, subject="mrn-1")
    ingest(house, chart(tmp_path, "anna"))
    later = chart(tmp_path, "anna", "later")
    assert ingest(house, later, subject="mrn-1") == ("rejected", "document.subject_conflict")
    assert ingest(house, later, subject="mrn-1", same_subject=True) == ("indexed", None)
    assert alike(house, "anna") == ("anna", "mrn-1")
    assert ingest(house, chart(tmp_path, "anna", "third"), subject="mrn-1") == ("indexed", None)


def test_an_alias_counts_as_known_whichever_name_is_used(house: Consilium, tmp_path: Path) -> None:
    ingest(house, chart(tmp_path, "anna"), subject="mrn-1")
    ingest(house, chart(tmp_path, "bert"), subject="mrn-2")
    wrong = chart(tmp_path, "bert", "mislabelled")
    assert ingest(house, wrong, subject="mrn-1") == ("rejected", "document.subject_conflict")
    assert ingest(house, wrong, subject="anna") == ("rejected", "document.subject_conflict")
    assert ingest(house, wrong, subject="mrn-2") == ("indexed", None)
