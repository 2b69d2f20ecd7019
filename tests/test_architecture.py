"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.data import ROOT

PACKAGES = ("app", "domain", "evaluation", "ingestion", "policies", "retrieval")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_there_are_modules_to_look_at() -> None:
    assert len(list(modules())) > 60


def test_no_module_is_named_for_nothing() -> None:
    assert [path for path in modules() if path.stem in FORBIDDEN_NAMES] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(n, ast.Attribute) and n.attr in {"environ", "getenv"} for n in ast.walk(tree)):
            readers.append(path.relative_to(ROOT).as_posix())
    silencer = "ingestion/readers/unstructured_elements.py"  # sets the switch of a package that would report its use
    sparing = "retrieval/embedder.py"  # sets how much a library of torch may keep
    assert sorted(readers) == ["app/settings.py", silencer, "ingestion/sandbox.py", sparing]


def test_only_the_composition_root_chooses_adapters() -> None:
    adapters = {"app.store.catalogue", "retrieval.indexes.edge", "retrieval.embedder", "app.answering.chat"}
    choosers = {path.relative_to(ROOT).as_posix() for path in modules() if imported(path) & adapters}
    assert choosers == {"app/bootstrap.py", "app/building/storing.py", "app/wiring.py"}


def test_only_the_composition_root_enters_its_rooms() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.startswith("app.building") for name in imported(path)) and path.parent.name != "building"
    }
    assert users == {"app/bootstrap.py"}


@pytest.mark.parametrize("package", ["domain", "policies", "ingestion", "retrieval", "evaluation", "app"])
def test_packages_hold_only_a_docstring(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, path
        assert isinstance(body[0], ast.Expr), path


def test_the_domain_imports_the_standard_library_only() -> None:
    for path in sorted((ROOT / "domain").rglob("*.py")):
        for name in imported(path):
            top = name.split(".")[0]
            assert top == "domain" or top in sys.stdlib_module_names, (path, name)


def test_the_logs_of_the_product_never_format_text() -> None:
    """Log calls name ids and types; a question, an answer or a document is never an argument of one."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("_LOG.", "logger.", "logging.")):
                used = {n.attr for a in node.args for n in ast.walk(a) if isinstance(n, ast.Attribute)}
                assert not used & {"text", "question", "draft", "content"}, path
