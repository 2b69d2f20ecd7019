"""The command line, really run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import forked
from tests.data import ROOT
from tests.served import serving

pytestmark = pytest.mark.xdist_group("cli")


def run(*arguments: str, home: Path, status: int = 0, stdin: str | None = None) -> str:
    """Run a command and return its standard output; it must end with ``status``."""
    result = forked.run(arguments, text=stdin, environment={"CONSILIUM_HOME": str(home)})
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


def as_json(*arguments: str, home: Path, status: int = 0) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(run(*arguments, "--json", home=home, status=status))
    return body


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    act = folder / "act.md"
    act.write_text("# Act\n\n## Article 1\n\nThe controller may keep a record for ten years.\n", encoding="utf-8")
    body = as_json("ingest", str(act), "--collection", "law", home=folder / "home")
    assert [(f["status"], f["path"]) for f in body["files"]] == [("indexed", str(act))]
    return folder / "home"


@pytest.fixture
def server(home: Path) -> Iterator[str]:
    with serving(home) as served:
        yield served.url
        served.process.terminate()
        served.process.wait(30)


def test_help_is_answered_without_loading_the_product() -> None:
    command = [sys.executable, "-m", "app.cli.main", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in ("ingest", "search", "ask", "check", "redact", "evaluate", "serve", "demo"):
        assert name in told
    code = (
        "import sys, app.cli.main; print([m for m in ('torch', 'haystack', 'presidio_analyzer') if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def test_a_question_is_answered_and_a_draft_checked(home: Path) -> None:
    answer = as_json("ask", "How long may the controller keep a record?", home=home)
    assert answer["claims"][0]["quotes"][0]["text"] == "The controller may keep a record for ten years."
    checked = as_json("check", "The controller may keep a record for nine years.", home=home)
    assert checked["summary"] == {"supported": 0, "contradicted": 1, "unsupported": 0}


def test_mistakes_are_one_line_and_an_exit_status(home: Path, tmp_path: Path) -> None:
    assert "Traceback" not in run("ask", "x", "--as-of", "soon", home=home, status=64)
    run("ingest", str(tmp_path / "nothing"), home=home, status=64)
    run("ask", "  ", home=home, status=64)
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    body = as_json("ingest", str(tmp_path / "x.json"), home=home, status=65)
    assert body["files"][0]["code"] == "document.malformed"
    run("serve", "--host", "192.0.2.1", home=home, status=78)


def test_the_commands_talk_to_a_running_server(home: Path, server: str, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The warfarin dose is 5 mg on Mondays.", encoding="utf-8")
    assert as_json("ingest", str(note), home=home)["files"][0]["status"] == "indexed"
    assert as_json("search", "warfarin", home=home)["results"][0]["path"] == str(note)
    assert as_json("ask", "What is the warfarin dose on Mondays?", home=home)["status"] == "answered"
    assert httpx.get(f"{server}/readyz").json() == {"status": "ready"}
    redacted = run("redact", "-", home=home, stdin="Call 202-555-0143 today.\n")
    assert redacted == "Call [PHONE_NUMBER] today.\n"


def test_an_erasure_is_of_one_thing_asks_first_and_respects_holds(tmp_path: Path) -> None:
    home, note = tmp_path / "home", tmp_path / "note.md"
    note.write_text("# Note\n\nThe patient takes insulin.\n", encoding="utf-8")
    as_json("ingest", str(note), "--subject", "mrn-1", home=home)
    run("erase", "--yes", home=home, status=64)
    run("hold", "place", "--reason", "Litigation", home=home, status=64)
    run("erase", "--subject", "mrn-1", home=home, stdin="n\n", status=1)
    (hold,) = as_json("hold", "place", "--subject", "mrn-1", "--reason", "Litigation", home=home)["holds"]
    assert as_json("hold", "list", home=home) == {"holds": [hold]}
    kept = as_json("erase", "--subject", "mrn-1", "--yes", home=home)["kept"]
    assert [(one["because"], one["hold_id"]) for one in kept] == [("held", hold["id"])]
    run("hold", "release", hold["id"], home=home)
    assert len(as_json("erase", "--subject", "mrn-1", "--yes", home=home)["documents"]) == 1
    run("erase", "--subject", "mrn-1", "--yes", home=home, status=64)


def test_a_key_is_made_and_revoked_while_the_server_runs(home: Path, server: str) -> None:
    made = as_json("keys", "create", "--name", "importer", "--role", "reader", "--role", "system", home=home)
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert httpx.get(f"{server}/v1/me", headers=headers).json()["roles"] == ["reader", "system"]
    (shown,) = as_json("keys", "list", home=home)["keys"]
    assert {**shown, "key": made["key"], "last_used": None} == made
    run("keys", "revoke", made["id"], home=home)
    assert httpx.get(f"{server}/v1/me", headers=headers).status_code == 401
    assert httpx.post(f"{server}/v1/search", json={"query": "x"}).status_code == 401
    run("keys", "revoke", "key_0", home=home, status=64)
    run("keys", "create", "--name", "x", "--role", "owner", home=home, status=77)
    run("keys", "create", "--name", "x", "--role", "king", home=home, status=64)


def test_a_server_is_measured_with_the_owners_token(home: Path, server: str, tmp_path: Path) -> None:
    run("evaluate", "privacy", "--answerer", server, "--limit", "2", home=home)
    run("evaluate", "privacy", "--answerer", server, "--limit", "2", home=tmp_path, status=77)
