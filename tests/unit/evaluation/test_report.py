"""Reports on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import RequestError
from evaluation.report import read_report, write_report
from tests.unit.evaluation.reports import full


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = full(name="é-\u202e")
    write_report(report, tmp_path / "report.json")
    assert read_report(tmp_path / "report.json") == report


def test_a_report_says_its_format_and_every_case(tmp_path: Path) -> None:
    write_report(full(), tmp_path / "report.json")
    plain = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert plain["format"] == 1
    assert len(plain["cases"]) == 30
    assert plain["cases"][1] == {
        "id": "q-1",
        "scores": {"found": 1 / 30, "found.ms": 6.0},
        "tags": {"type": "list", "list": "yes"},
        "passages": ["p-q-1", "p-1"],
    }


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"suite": ...},
        {"origin": {"dataset": "small"}},
        {"origin": "small"},
        {"figures": [{"name": "found"}]},
        {"figures": 7},
        {"cases": [{"id": "q", "scores": {}, "tags": {}}]},
        {"curves": [{"name": "c", "x_label": "", "y_label": "", "points": [[1, 2, 3]]}]},
        {"main": None},
    ],
)
def test_a_broken_report_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "report.json"
    plain = {key: value for key, value in (full().to_json() | change).items() if value is not ...}
    path.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(RequestError) as raised:
        read_report(path)
    assert raised.value.code == "request.dataset_invalid"
    assert raised.value.detail.startswith("report.json ")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"suite": "retrieval"}'])
def test_what_is_no_report_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(RequestError) as raised:
        read_report(path)
    assert (raised.value.code, raised.value.detail) == (
        "request.dataset_invalid",
        "other.json is no evaluation report",
    )


def test_a_report_that_is_not_there_is_named_and_one_without_a_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.json is no evaluation report"):
        read_report(tmp_path / "none.json")
    with pytest.raises(RequestError, match=r"report\.json cannot be written: FileNotFoundError"):
        write_report(full(), tmp_path / "none" / "report.json")


def test_a_figure_is_found_by_its_name() -> None:
    assert full().figure("corpus").value == 13732
    with pytest.raises(RequestError, match="figure nothing"):
        full().figure("nothing")
