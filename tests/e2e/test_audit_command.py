"""``consilium audit``, really run on a store that was asked something."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.test_cli import as_json, run

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit")
    act = folder / "act.md"
    act.write_text("# Act\n\n## Article 1\n\nThe controller may keep a record for ten years.\n", encoding="utf-8")
    as_json("ingest", str(act), home=folder / "home")
    as_json("ask", "How long may the controller keep a record?", "--subject", "mrn-1", home=folder / "home")
    as_json("search", "keep a record", home=folder / "home")
    return folder / "home"


def test_a_whole_trail_is_said_to_be_whole(home: Path) -> None:
    found = as_json("audit", "verify", home=home)
    assert found["faults"] == []
    assert found["events"] == found["last"] >= 3
    assert re.search(r"\d+ events, whole; the last is \d+, digest [0-9a-f]{64}", run("audit", "verify", home=home))


def test_a_search_says_who_asked_what_kind_of_thing_and_no_word_of_it(home: Path) -> None:
    lines = [
        json.loads(line) for line in run("audit", "search", "--event", "question", "--json", home=home).splitlines()
    ]
    assert [(line["event"], line["facts"]["subjects"]) for line in lines] == [("question", ["mrn-1"])]
    answer = lines[0]["facts"]["answer_id"]
    text = run("audit", "search", "--answer", answer, home=home)
    assert [line.split()[2] for line in text.splitlines()] == ["question", "answer"]
    assert "controller" not in text
    assert run("audit", "search", "--until", "2020-01-01", home=home) == ""


def test_an_extract_is_verified_elsewhere_by_the_id_of_the_key_alone(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "extract.jsonl"
    text = run("audit", "export", str(out), home=home)
    key = re.search(r"one of: ([0-9a-f]{32})", text)
    assert key is not None
    elsewhere = tmp_path / "elsewhere"
    assert "whole" in run("audit", "verify", str(out), "--key", key[1], home=elsewhere)
    assert not elsewhere.exists()
    assert "audit.unsigned" in run("audit", "verify", str(out), "--key", "0" * 32, home=elsewhere, status=1)
    out.write_text(out.read_text(encoding="utf-8").replace("mrn-1", "mrn-2"), encoding="utf-8")
    assert "audit.altered" in run("audit", "verify", str(out), "--key", key[1], home=elsewhere, status=1)


def test_what_is_no_extract_a_file_that_is_there_and_empty_days_are_told(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "extract.jsonl"
    run("audit", "export", str(out), "--until", "2020-01-01", home=home, status=64)
    assert not out.exists()
    out.write_text("{}\n", encoding="utf-8")
    run("audit", "export", str(out), home=home, status=64)
    run("audit", "verify", str(out), home=home, status=64)
    run("audit", "search", "--since", "yesterday", home=home, status=64)


def test_a_trail_that_was_cut_answers_nothing_until_it_is_resumed(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.db")) as connection, connection:
        (last,) = connection.execute("SELECT max(seq) FROM audit_events").fetchone()
        connection.execute("DELETE FROM audit_events WHERE seq = ?", (last,))
    assert "audit.truncated" in run("audit", "verify", home=home, status=1)
    question = ("ask", "How long may the controller keep a record?")
    refused = as_json(*question, home=home, status=77)
    assert refused["error"]["code"] == "policy.audit_unavailable"
    run("audit", "resume", home=home, stdin="n\n", status=1)
    assert "Resumed" in run("audit", "resume", "--yes", home=home)
    assert as_json(*question, home=home)["status"] == "answered"
    assert as_json("audit", "verify", home=home)["faults"] == []
    (event,) = [
        json.loads(x) for x in run("audit", "search", "--event", "audit_resumed", "--json", home=home).splitlines()
    ]
    assert event["facts"]["last_known"] == last
