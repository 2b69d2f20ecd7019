"""The documentation names what exists, all of it and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.main import get_command

from app.answering.service import REFUSAL_CODES
from app.api.application import create_application
from app.bootstrap import Consilium
from app.cli.main import application
from app.requests import Scoped
from app.settings import Settings
from domain.errors import CODES
from domain.questions import PURPOSES
from tests.data import ROOT

REFERENCE = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> set[str]:
    """Return the first cells of the table below a heading, without backquotes."""
    part = REFERENCE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)`", part, re.MULTILINE))


def test_every_setting_is_documented() -> None:
    assert table("Settings") == {f"CONSILIUM_{name.upper()}" for name in Settings.model_fields}


def test_every_error_code_is_documented() -> None:
    assert table("Error codes") == set(CODES)
    assert set(REFUSAL_CODES) == set(re.findall(r"refusal\.[a-z_]+", REFERENCE))


def test_every_command_is_documented() -> None:
    commands = get_command(application).commands  # type: ignore[attr-defined]  # a typer group
    assert {row.split()[1] for row in table("Commands")} == set(commands)


def test_every_option_that_the_readme_uses_exists() -> None:
    commands = get_command(application).commands  # type: ignore[attr-defined]
    lines = re.findall(r"^consilium (\w+)(.*)$", README, re.MULTILINE)
    assert len(lines) >= 8
    for name, rest in lines:
        known = {option for parameter in commands[name].params for option in parameter.opts}
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in known, (name, option)


def test_every_route_is_documented(house: Consilium) -> None:
    with TestClient(create_application(house)) as client:
        paths = client.get("/openapi.json").json()["paths"]
    routes = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert table("Routes") == routes


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) <= targets


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=lambda p: p.name)
def test_every_link_between_our_pages_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_large_dependency_has_a_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=\[]", d)[0] for d in project["dependencies"]}
    large = {"haystack-ai", "presidio-analyzer", "qdrant-edge-py", "sentence-transformers", "torch", "unstructured"}
    assert large <= names
    decisions = " ".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs/adr").glob("*.md"))
    for name in large | {"pypdfium2", "lxml", "vllm-haystack", "qdrant-client"}:
        assert f"`{name}`" in decisions, name


def test_the_purposes_of_the_api_are_those_of_the_domain() -> None:
    schema = Scoped.model_json_schema()["properties"]["purpose"]["anyOf"][0]
    assert tuple(schema["enum"]) == PURPOSES
