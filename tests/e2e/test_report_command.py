"""``consilium report TEMPLATE --cohort FILE --out DIR``: what it writes, and what it does when it is run again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import application
from domain.errors import RequestError
from tests.data import ROOT

FILES = ROOT / "app" / "samples" / "files"


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(application, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
def test_a_batch_is_written_whole_and_run_again_it_makes_nothing_twice(tmp_path: Path) -> None:
    home, out, cohort = tmp_path / "home", tmp_path / "out", tmp_path / "tomorrow.txt"
    run("ingest", FILES / "lind-anna-1951.json", FILES / "lind-anna-1987.json", "--home", home)
    cohort.write_text("# Tuesday\nlind-anna-1951\n\nlind-anna-1987\nnobody\n", encoding="utf-8")
    command = ("report", "pre-visit-summary", "--cohort", cohort, "--out", out, "--format", "html", "--home", home)
    told = json.loads(run(*command, "--as-of", "2026-03-01", "--json"))
    assert (told["state"], told["done"], told["aside"]) == ("done", 2, 1)
    assert {one["target"]: one.get("code") for one in told["pieces"]} == {
        "lind-anna-1951": None, "lind-anna-1987": None, "nobody": "request.not_found",
    }  # fmt: skip
    written = {file.name: file.stat().st_mtime_ns for file in out.iterdir() if file.name[0] == "0"}
    assert sorted(written) == [
        "0001-lind-anna-1951.html", "0001-lind-anna-1951.json", "0002-lind-anna-1987.html", "0002-lind-anna-1987.json",
    ]  # fmt: skip
    assert "lind-anna-1951" in (out / "contents.html").read_text(encoding="utf-8")
    again = run(*command, "--as-of", "2026-03-01")
    assert told["id"] in again
    assert "nobody: request.not_found" in again
    assert {file.name: file.stat().st_mtime_ns for file in out.iterdir() if file.name[0] == "0"} == written
    with pytest.raises(RequestError, match="the folder has another batch"):
        run(*command, "--as-of", "2026-03-02")
    assert "pre-visit-summary done: 2 of 3 made, 1 set aside" in run("report", "status", told["id"], "--home", home)


def test_a_template_file_is_validated_without_a_store(tmp_path: Path) -> None:
    file = tmp_path / "letter.toml"
    file.write_text('title = "Letter"\n', encoding="utf-8")
    with pytest.raises(RequestError, match="sections: Field required"):
        run("report", "validate", file)
    shipped = ROOT / "policies" / "packs" / "reports" / "matter-chronology.toml"
    assert run("report", "validate", shipped) == "matter-chronology: valid, 3 sections\n"
