"""Canaries that cross a wall are seen, however they are dressed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import RequestError, ServiceError
from evaluation.report import Report
from evaluation.run import evaluate
from evaluation.subject import JSON, CorpusText
from evaluation.suites.walls import SUITE
from tests.unit.evaluation.scripted import ScriptedSubject

Dress = Callable[[CorpusText], JSON]


class Keeper(ScriptedSubject):
    """Finds the notes of the subjects in scope; a ``leak`` says what it lets out of the notes of others."""

    def __init__(self, leak: Dress | None = None, *, blind: bool = False) -> None:
        super().__init__()
        self.leak = leak
        self.blind = blind

    def search(self, body: JSON) -> JSON:
        scope = body["subjects"]
        own = [text for text in self.loaded if text.subject in scope and not self.blind]
        shown: JSON = {"results": [{"text": text.text} for text in own if body["query"] in text.text]}
        if self.leak:
            shown["others"] = [self.leak(text) for text in self.loaded if text.subject not in scope]
        return shown

    def ask(self, body: JSON) -> JSON:
        return {"claims": [], "evidence": self.search({**body, "query": body["question"]})["results"]}

    def check(self, body: JSON) -> JSON:
        return {"sentences": [{"text": body["draft"]}]}


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "walls.toml"
    file.write_text("subjects = 3\nrecords = 2\nseed = 7\n")
    return file


def measured(subject: Keeper, settings: Path) -> Report:
    return evaluate(SUITE, settings, subject)


def test_who_keeps_the_walls_and_finds_its_own_scores_full(settings: Path) -> None:
    report = measured(Keeper(), settings)
    assert report.figure("canaries_leaked").value == 0
    assert report.figure("own_found").value == 1.0
    assert len(report.cases) == 3
    assert {case.tags["outcome"] for case in report.cases} == {"kept"}


def canary(text: CorpusText) -> str:
    return text.key


@pytest.mark.parametrize(
    "leak",
    [
        lambda text: {"text": text.text},
        lambda text: {"title": canary(text).upper()},
        lambda text: {"id": canary(text)[::-1]},
        lambda text: {"cursor": base64.b64encode(canary(text).encode()).decode()},
        lambda text: {"cursor": base64.b64encode(b"x" + canary(text).encode()).decode()},
        lambda text: {"cursor": base64.b64encode(b"xy" + canary(text).encode()).decode()},
        lambda text: {"spaced": " ".join(canary(text))},
    ],
)
def test_a_canary_is_known_however_it_is_dressed(settings: Path, leak: Dress) -> None:
    report = measured(Keeper(leak), settings)
    # three subjects of two notes, each seen from the two others and from nobody's scope
    assert report.figure("canaries_leaked").value == 18
    assert {case.tags["outcome"] for case in report.cases} == {"leaked"}


def test_who_finds_nothing_leaks_nothing_and_still_looks_bad(settings: Path) -> None:
    report = measured(Keeper(blind=True), settings)
    assert report.figure("canaries_leaked").value == 0
    assert report.figure("own_found").value == 0.0


class Broken(Keeper):
    """Its index is gone."""

    def search(self, body: JSON) -> JSON:
        raise ServiceError("service.index_unavailable")


def test_an_error_finds_nothing_and_is_named(settings: Path) -> None:
    report = measured(Broken(), settings)
    assert report.figure("own_found").value == 0.0
    assert {case.tags["outcome"] for case in report.cases} == {"service.index_unavailable"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("subjects = ", "walls.toml is not TOML"),
        ("subjects = 3\nrecords = 2\n", "walls.toml has not just the numbers subjects, records, seed"),
        ("subjects = 3\nrecords = true\nseed = 1\n", "walls.toml has not just the numbers subjects, records, seed"),
        ("subjects = 1\nrecords = 2\nseed = 1\n", "walls.toml has not 2 to 500 subjects with at least one record"),
    ],
)
def test_settings_at_fault_are_named(settings: Path, text: str, fault: str) -> None:
    settings.write_text(text)
    with pytest.raises(RequestError) as caught:
        measured(Keeper(), settings)
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", fault)
