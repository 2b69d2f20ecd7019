"""``consilium tune reranker``: what it refuses, what it reads, and what it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.bootstrap import Consilium
from app.cli.main import application
from app.settings import load_settings
from app.tuning import read_material
from domain.errors import RequestError

RULE = "The controller must keep a register of every {} for years. Each officer may inspect that register of {} daily."


def folder_of(path: Path, count: int) -> Path:
    path.mkdir()
    rows = [{"_id": f"rule-{n}", "title": f"Rules on number {n}", "text": RULE.format(n, n)} for n in range(count)]
    (path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def run(tmp_path: Path, *arguments: str) -> RequestError:
    result = CliRunner().invoke(application, ["tune", *arguments, "--home", str(tmp_path / "home")])
    assert isinstance(result.exception, RequestError), result.output
    return result.exception


def test_only_a_reranker_can_be_tuned(tmp_path: Path) -> None:
    assert run(tmp_path, "llm", "--data", "law").code == "request.invalid"


def test_data_that_is_neither_folder_nor_collection_is_not_found(tmp_path: Path) -> None:
    assert run(tmp_path, "reranker", "--data", "law").code == "request.not_found"


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    error = run(tmp_path, "reranker", "--data", str(tmp_path / "empty"))
    assert (error.code, error.detail) == ("request.dataset_invalid", "empty holds no corpus.jsonl")


def test_too_little_text_is_refused(tmp_path: Path) -> None:
    error = run(tmp_path, "reranker", "--data", str(folder_of(tmp_path / "small", 2)))
    assert error.code == "request.dataset_invalid"
    assert "8 and 2 are needed" in error.detail


def test_a_folder_that_is_not_empty_is_never_written_into(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "rules", 2)
    error = run(tmp_path, "reranker", "--data", str(data), "--out", str(data))
    assert error.code == "request.invalid"
    assert "not an empty folder" in error.detail


@pytest.mark.parametrize("budget", [["--steps", "0"], ["--minutes", "0"]])
def test_no_time_to_train_is_refused(tmp_path: Path, budget: list[str]) -> None:
    assert run(tmp_path, "reranker", "--data", str(folder_of(tmp_path / "rules", 2)), *budget).code == "request.invalid"


def test_it_trains_on_the_corpus_alone_and_prints_the_digest(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "rules", 40)
    (data / "queries.jsonl").write_text("this is not JSON, and is never opened", encoding="utf-8")
    arguments = ["--home", str(tmp_path / "home"), "--steps", "1", "--licence", "CC0-1.0", "--json"]
    result = CliRunner().invoke(application, ["tune", "reranker", "--data", str(data), *arguments])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    folder = tmp_path / "home" / "rerankers" / "rules"
    assert found["folder"] == str(folder)
    assert json.loads((folder / "training.json").read_text(encoding="utf-8"))["digest"] == found["digest"]
    assert found["source"]["licence"] == "CC0-1.0"


def test_a_collection_is_read_passage_by_passage_and_knows_its_provisions(house: Consilium) -> None:
    material = read_material(house.settings, "law", tenant="default", licence="")
    assert len({one.document for one in material.excerpts}) >= 1
    assert any(one.keys for one in material.excerpts)
    assert material.source.passages == len(material.excerpts)


def test_passages_about_a_patient_are_never_trained_on(house: Consilium) -> None:
    with pytest.raises(RequestError) as raised:
        read_material(house.settings, "patients", tenant="default", licence="")
    assert raised.value.code == "request.not_found"


def test_a_long_text_is_cut_where_sentences_end(tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    sentence = "The controller keeps a register of each visitor who comes. "
    row = {"_id": "a", "title": "T", "text": sentence * 40}
    (tmp_path / "long" / "corpus.jsonl").write_text(json.dumps(row), encoding="utf-8")
    settings = load_settings(home=tmp_path / "home")
    material = read_material(settings, str(tmp_path / "long"), tenant="default", licence="")
    assert len(material.excerpts) == 3
    assert all(len(one.text) <= 960 and one.text.endswith("comes.") for one in material.excerpts)
