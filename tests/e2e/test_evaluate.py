"""``consilium evaluate`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.evaluating import GATE_FAILED
from app.cli.main import application
from domain.errors import RequestError
from evaluation.registry import SAMPLES, SUITES
from tests.data import ROOT


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluate")


@pytest.fixture(scope="module")
def report(home: Path) -> Path:
    """Return the report of a small run."""
    done = evaluated(
        home, "retrieval", "--limit", "5", "--json", str(home / "five.json"), "--html", str(home / "a.html")
    )
    assert done.exit_code == 0, done.output
    return home / "five.json"


def evaluated(home: Path, *arguments: str) -> Result:
    environment = {"CONSILIUM_HOME": str(home), "COLUMNS": "200"}
    return CliRunner().invoke(application, ["evaluate", *arguments], env=environment)


def test_a_run_leaves_a_report_a_page_and_no_store(home: Path, report: Path) -> None:
    plain = json.loads(report.read_text())
    assert (plain["suite"], plain["origin"]["dataset"], len(plain["cases"])) == ("retrieval", "questions", 5)
    assert plain["main"][0] == "hybrid.ndcg@10"
    assert "<html" in (home / "a.html").read_text()[:200]
    # The report is kept for the page of evaluations, and nothing of what was ingested for it.
    assert [one.suffix for one in (home / "evaluations").iterdir()] == [".json"]


def test_no_text_of_the_dataset_is_in_the_report_or_the_page(home: Path, report: Path) -> None:
    folder = ROOT / "app/samples/evaluation/questions"
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]
    written = report.read_text() + (home / "a.html").read_text()
    assert [row["_id"] for row in rows if row["question"] in written] == []


def test_a_gate_that_fails_is_an_exit_status(home: Path, report: Path) -> None:
    assert report.is_file()
    gate = home / "gate.toml"
    gate.write_text('[retrieval."*"]\n"hybrid.ndcg@10" = { at_least = 0.5 }\n')
    assert evaluated(home, "retrieval", "--limit", "5", "--gate", str(gate)).exit_code == 0
    gate.write_text('[retrieval."*"]\n"hybrid.ndcg@10" = { at_least = 1.1 }\n')
    done = evaluated(home, "retrieval", "--limit", "5", "--gate", str(gate))
    assert done.exit_code == GATE_FAILED
    assert "failed" in done.output


def test_two_reports_are_compared(home: Path, report: Path) -> None:
    done = evaluated(home, "compare", str(report), str(report), "--html", str(home / "c.html"))
    assert done.exit_code == 0
    assert "too few cases" in done.output
    assert (home / "c.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("reading",), "suites: "),
        (("compare", "one.json"), "name two reports"),
        (("compare", "one.json", "two.json"), "one.json is no evaluation report"),
        (("retrieval", "one.json"), "takes no reports"),
        (("retrieval", "--dataset", "nowhere"), "nowhere does not exist; retrieval reads a BEIR folder"),
        (("retrieval", "--json", "nowhere/a.json"), "there is no folder for a.json"),
        (("retrieval", "--gate", "nowhere.toml"), "nowhere.toml cannot be read"),
    ],
)
def test_mistakes_are_named_before_anything_long_begins(home: Path, arguments: tuple[str, ...], fault: str) -> None:
    done = evaluated(home, *arguments)
    assert isinstance(done.exception, RequestError)
    assert fault in str(done.exception)


def test_help_and_samples_name_every_suite() -> None:
    shown = " ".join(CliRunner().invoke(application, ["evaluate", "--help"]).output.replace("│", " ").split())
    assert set(SAMPLES) == set(SUITES)
    for name, sample in SAMPLES.items():
        assert name in shown
        assert (ROOT / "app/samples/evaluation" / sample).exists()
