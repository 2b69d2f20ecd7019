"""An export of two charts does not lead from one patient to the other, whichever way one asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.bootstrap import Consilium
from app.cli.door import LocalDoor

PATIENTS = {"one": ("Adams", "hay fever"), "two": ("Brown", "gout")}


def bundle() -> str:
    resources: list[dict[str, object]] = []
    for key, (family, problem) in PATIENTS.items():
        name = [{"family": family, "given": ["A"]}]
        resources.append({"resourceType": "Patient", "id": key, "name": name})
        about = {"reference": f"Patient/{key}"}
        resources.append(
            {"resourceType": "Condition", "id": f"c-{key}", "subject": about, "code": {"text": problem}}
        )  # fmt: skip
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


@pytest.fixture
def door(fresh: Consilium, tmp_path: Path) -> LocalDoor:
    file = tmp_path / "export.json"
    file.write_text(bundle(), encoding="utf-8")
    door = LocalDoor(fresh)
    assert [outcome["status"] for outcome in door.ingest([file], {})] == ["indexed"]
    return door


@pytest.mark.parametrize(("own", "other"), [("one", "two"), ("two", "one")])
def test_each_patient_of_an_export_sees_their_own_records_alone(door: LocalDoor, own: str, other: str) -> None:
    for query in ("Condition hay fever gout", "Patient Adams Brown", "condition"):
        found = str(door.search({"query": query, "subjects": [own], "k": 50})["results"])
        assert not any(word in found for word in PATIENTS[other])
    assert PATIENTS[own][1] in str(door.search({"query": "condition", "subjects": [own]})["results"])
    answer = str(door.ask({"question": f"Does the patient have {PATIENTS[other][1]}?", "subjects": [own]})["claims"])
    assert PATIENTS[other][1] not in answer


def test_whoever_names_both_sees_both_and_whoever_names_none_sees_neither(door: LocalDoor) -> None:
    both = str(door.search({"query": "condition", "subjects": ["one", "two"]})["results"])
    assert "hay fever" in both
    assert "gout" in both
    assert door.search({"query": "condition", "subjects": []})["results"] == []
