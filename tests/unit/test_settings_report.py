"""The report on the settings: sources, masks, ways out."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings, load_settings
from app.settings_report import settings_report
from domain.errors import RequestError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSILIUM_HOME", str(tmp_path / "home"))


def values() -> dict[str, tuple[str, str]]:
    return {line.name: (line.value, line.source) for line in settings_report({}).lines}


def test_each_value_says_where_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "consilium.toml").write_text('pack = "legal"\nport = 1\n', encoding="utf-8")
    monkeypatch.setenv("CONSILIUM_PORT", "9000")
    found = {line.name: (line.value, line.source) for line in settings_report({"host": "::1"}).lines}
    assert found["host"] == ("::1", "argument")
    assert found["port"] == ("9000", "environment")
    assert found["pack"] == ("legal", "file")
    assert found["drafter"] == ("extractive", "default")
    assert found.keys() == Settings.model_fields.keys()


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_CHAT_API_KEY", "swordfish")
    monkeypatch.setenv("CONSILIUM_DATABASE", "postgresql+psycopg://anna:swordfish@db:5433/house?password=swordfish")
    monkeypatch.setenv("CONSILIUM_QDRANT_URL", "https://anna:swordfish@qdrant:6333")
    monkeypatch.setenv("CONSILIUM_CHAT_URL", "https://models/v1?key=swordfish")
    report = settings_report({})
    assert "swordfish" not in str(report)
    assert values()["chat_api_key"] == ("********", "environment")
    assert values()["database"] == ("postgresql+psycopg://********@db:5433/house", "environment")
    assert values()["qdrant_url"] == ("https://********@qdrant:6333", "environment")


def test_a_value_at_fault_names_its_place_and_the_way_out_but_not_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_PORT", "tcp://10.0.0.1:8642")
    report = settings_report({})
    assert not report.sound
    (problem,) = report.problems
    assert (problem.severity, problem.setting) == ("error", "port")
    assert "CONSILIUM_PORT" in problem.way_out
    assert "default 8642" in problem.way_out
    assert "10.0.0.1" not in str(report)


def test_a_misspelt_variable_is_a_warning_that_knows_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_PAKC", "legal")
    report = settings_report({})
    assert report.sound
    (problem,) = report.problems
    assert (problem.severity, problem.way_out) == (
        "warning",
        "Remove the variable CONSILIUM_PAKC; did you mean pack?",
    )


def test_an_unknown_name_in_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "consilium.toml").write_text("prot = 1\n", encoding="utf-8")
    (problem,) = settings_report({}).problems
    assert (problem.severity, problem.setting) == ("error", "prot")
    assert problem.way_out.endswith("did you mean port?")


def test_a_file_that_is_named_and_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_CONFIG", "/nowhere/consilium.toml")
    assert not settings_report({}).sound
    with pytest.raises(RequestError, match="there is none"):
        load_settings()


def test_a_broken_file_says_the_line_but_not_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "consilium.toml").write_text('pack = "legal"\nchat_api_key = swordfish\n', encoding="utf-8")
    report = settings_report({})
    assert "line 2" in str(report.problems)
    assert "swordfish" not in str(report)


@pytest.mark.parametrize(
    ("variable", "value", "setting", "severity"),
    [
        ("CONSILIUM_PACK", "astrology", "pack", "error"),
        ("CONSILIUM_HOME", "/dev/null/home", "home", "error"),
        ("CONSILIUM_VECTORS", "/nowhere/vectors.db", "vectors", "error"),
        ("CONSILIUM_METRICS_PORT", "8642", "metrics_port", "error"),
        ("CONSILIUM_CORS_ORIGINS", "*", "cors_origins", "error"),
        ("CONSILIUM_CORS_ORIGINS", "https://a.example/path", "cors_origins", "error"),
        ("CONSILIUM_OTLP_ENDPOINT", "http://collector:4318/v1/traces", "otlp_endpoint", "warning"),
    ],
)
def test_what_is_wrong_with_the_machine_or_between_settings_is_said(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, setting: str, severity: str
) -> None:
    monkeypatch.setenv(variable, value)
    found = [(problem.setting, problem.severity) for problem in settings_report({}).problems]
    assert found == [(setting, severity)]


def test_origins_stand_with_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_CORS_ORIGINS", "https://a.example, http://b.example:8080")
    assert load_settings().cors_origins == ("https://a.example", "http://b.example:8080")
