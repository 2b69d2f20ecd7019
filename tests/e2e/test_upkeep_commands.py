"""Backup, restore, doctor, retention and replay, really run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.test_cli import as_json, home, run, server

pytestmark = pytest.mark.xdist_group("cli")
__all__ = ["home", "server"]
QUESTION = "How long may the controller keep a record?"


def test_a_running_server_is_backed_up_examined_and_asked_again(home: Path, server: str, tmp_path: Path) -> None:
    assert server.startswith("http")
    answer = as_json("ask", QUESTION, home=home)
    assert as_json("replay", answer["id"], home=home)["same"]
    run("replay", "a_none", home=home, status=64)
    assert as_json("doctor", home=home)["findings"] == []
    target = tmp_path / "backup.tar"
    taken = as_json("backup", str(target), home=home)
    assert (taken["originals"], taken["sealed_by"]) == (1, None)
    run("backup", str(target), home=home, status=64)
    run("restore", str(target), "--yes", home=home, status=69)
    other = tmp_path / "other"
    report = as_json("restore", str(target), "--yes", home=other)
    assert (report["versions"], report["previous"], report["findings"]) == (1, None, [])
    assert as_json("ask", QUESTION, home=other)["claims"] == answer["claims"]


def test_what_is_wrong_is_an_exit_status(home: Path, tmp_path: Path) -> None:
    (home / "originals" / "00").mkdir(exist_ok=True)
    (home / "originals" / "00" / ("0" * 64)).write_bytes(b"nobody's")
    body = as_json("doctor", home=home, status=1)
    assert [(one["kind"], one["count"]) for one in body["findings"]] == [("originals.orphan", 1)]
    body = as_json("doctor", "--repair", home=home)
    assert ([one["kind"] for one in body["mended"]], body["findings"]) == (["originals.orphan"], [])
    (home / "retention.toml").write_text('[[rule]]\ncollection = "law"\ndays = 1\n', encoding="utf-8")
    (rule,) = as_json("retention", "apply", "--dry-run", home=home)["rules"]
    assert (rule["documents"], rule["held"], rule["receipts"]) == ([], [], [])
    (home / "retention.toml").write_text("rule = 1", encoding="utf-8")
    run("retention", "apply", home=home, status=78)
    (home / "retention.toml").unlink()
    (tmp_path / "x.tar").write_bytes(b"no archive")
    run("restore", str(tmp_path / "x.tar"), "--yes", home=home, status=65)
    run("restore", str(tmp_path / "x.tar"), home=home, stdin="n\n", status=1)
