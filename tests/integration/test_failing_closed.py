"""No detector, no filter, no verifier, no audit sink: no answer, with the reason said."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from app.store.opening import open_audit
from domain.answers import Finding, Verdict
from domain.audit import faults
from domain.errors import PolicyUnavailableError, ServiceError
from domain.identities import KnownIdentity
from domain.ports.embedder import Embedder
from tests.clients import client_of
from tests.readings import asked, reading, request

ACT = reading(("Article 1", "The controller may keep a health record for ten years."))
QUESTION = asked("How long may the controller keep a health record?")


class BrokenAudit:
    def append(self, event: str, facts: Mapping[str, str | int | list[str]]) -> None:
        raise PolicyUnavailableError("policy.audit_unavailable")


class BrokenVerifier:
    name = "broken/1"

    def verify(self, claim: str, quotes: Sequence[str]) -> Verdict:
        raise ZeroDivisionError


class BrokenDetector:
    def find(self, text: str, known: Sequence[KnownIdentity]) -> list[Finding]:
        raise PolicyUnavailableError("policy.detector_unavailable", "canary")

    def find_each(self, texts: Sequence[str], known: Sequence[KnownIdentity]) -> list[list[Finding]]:
        return [self.find(text, known) for text in texts]

    def prove(self) -> None:
        raise PolicyUnavailableError("policy.detector_unavailable", "canary")


def with_act(house: Consilium) -> Consilium:
    list(house.ingestor.ingest_readings([("act.txt", ACT)], request()))
    return house


def test_the_question_is_answered_while_everything_works(fresh: Consilium) -> None:
    assert with_act(fresh).answers.answer(QUESTION)["status"] == "answered"


def test_without_an_audit_log_nothing_is_answered_searched_checked_or_redacted(
    tmp_path: Path, encoder: Embedder
) -> None:
    with build(load_settings(home=tmp_path), Replacements(embedder=encoder, audit=BrokenAudit())) as house:
        with_act(house)
        for call in (house.answers.answer, house.search.search, house.checks.check, house.redactions.redact):
            with pytest.raises(PolicyUnavailableError) as caught:
                call(QUESTION)
            assert caught.value.code == "policy.audit_unavailable"


def test_an_audit_folder_that_cannot_be_written_means_no_answer(fresh: Consilium) -> None:
    with_act(fresh)
    (fresh.settings.home / "audit-head.json").unlink(missing_ok=True)
    (fresh.settings.home / "audit-head.json").mkdir()
    with pytest.raises(PolicyUnavailableError) as caught:
        fresh.answers.answer(QUESTION)
    assert caught.value.code == "policy.audit_unavailable"


def test_a_verifier_that_breaks_means_no_answer(fresh: Consilium) -> None:
    answers = dataclasses.replace(with_act(fresh).answers, verifier=BrokenVerifier())
    with pytest.raises(PolicyUnavailableError) as caught:
        answers.answer(QUESTION)
    assert caught.value.code == "policy.verifier_unavailable"


def test_a_detector_that_breaks_withholds_the_text(fresh: Consilium) -> None:
    disclosure = dataclasses.replace(fresh.answers.presenter.disclosure, deidentifier=BrokenDetector())
    presenter = dataclasses.replace(fresh.answers.presenter, disclosure=disclosure)
    answers = dataclasses.replace(with_act(fresh).answers, presenter=presenter)
    with pytest.raises(PolicyUnavailableError) as caught:
        answers.answer(QUESTION)
    assert caught.value.code == "policy.detector_unavailable"


def test_an_index_that_breaks_is_said_as_such_over_http(fresh: Consilium) -> None:
    with_act(fresh)
    fresh.index.close()
    with client_of(fresh, raise_server_exceptions=False) as client:
        response = client.post("/v1/answers", json={"question": "How long?"})
    assert (response.status_code, response.json()["code"]) == (503, "service.index_unavailable")


def test_the_index_belongs_to_one_process_at_a_time(fresh: Consilium, encoder: Embedder) -> None:
    with pytest.raises(ServiceError) as caught:
        build(load_settings(home=fresh.settings.home), Replacements(embedder=encoder))
    assert caught.value.code == "service.index_in_use"


def test_the_audit_log_holds_ids_and_decisions_but_no_text(fresh: Consilium) -> None:
    with_act(fresh).answers.answer(QUESTION)
    with open_audit(fresh.settings) as trail:
        events = list(trail.events())
        assert list(faults(events, trail.checkpoints(), trail.verified)) == []
    log = " ".join(str(event) for event in events)
    assert [event.event for event in events] == ["question", "answer"]
    assert "grounding:allow" in log
    for word in ("controller", "health", "ten years", "Article"):
        assert word not in log
