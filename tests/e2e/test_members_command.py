"""``consilium members`` and ``consilium break-glass``, really run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.test_cli import as_json, run

pytestmark = pytest.mark.xdist_group("cli")


def test_members_are_added_listed_and_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (added,) = as_json("members", "add", "--subject", "anna", "--caller", "okafor", "--role", "attending", home=home)[
        "members"
    ]
    (shut,) = as_json(
        "members", "add", "--subject", "anna", "--team", "Deals", "--excluded", "--until", "2100-01-01", home=home
    )["members"]
    as_json("members", "add", "--wall", "merger", "--caller", "okafor", home=home)
    as_json("members", "add", "--grant", "directory", "--caller", "entra", home=home)
    listed = as_json("members", "list", "--subject", "anna", home=home)["members"]
    assert [(one["caller"], one["team"], one["relation"], one["until"]) for one in listed] == [
        ("okafor", None, "member", None),
        (None, "Deals", "excluded", "2100-01-01T00:00:00+00:00"),
    ]
    assert [one["target"] for one in as_json("members", "list", "--wall", "merger", home=home)["members"]] == ["merger"]
    assert [one["role"] for one in as_json("members", "list", home=home)["members"]] == ["directory"]
    run("members", "remove", shut["id"], "--subject", "anna", home=home)
    assert added["id"] in run("members", "list", "--subject", "anna", home=home)
    assert shut["id"] not in run("members", "list", "--subject", "anna", home=home)
    run("members", "remove", "m_none", "--subject", "anna", home=home, status=64)
    run("members", "add", "--subject", "anna", home=home, status=64)
    run("members", "add", "--caller", "okafor", home=home, status=64)
    assert "member_added" in run("audit", "search", "--subject", "anna", home=home)


def test_the_reviewers_queue_is_empty_at_first(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert as_json("break-glass", "list", home=home) == {"break_glass": []}
    run("break-glass", "review", "g_none", "--verdict", "justified", home=home, status=64)
