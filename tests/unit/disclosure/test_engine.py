from __future__ import annotations

import logging
import socket
import time

import pytest

from domain.errors import PolicyUnavailableError
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.engine import Engine
from policies.disclosure.recogniser import Form, Recogniser
from policies.disclosure.registry import RECOGNISERS


def recogniser(pattern: str, **changes: object) -> Recogniser:
    fields: dict[str, object] = {
        "name": "planted",
        "kind": "OTHER_ID",
        "forms": (Form(pattern=pattern, score=0.6),),
        "canary": "x",
        "planted": "x",
    }
    return Recogniser(**(fields | changes))  # type: ignore[arg-type]  # a table of fields, for short tests


def refuse(value: str) -> bool:
    message = f"cannot check {value}"
    raise ZeroDivisionError(message)


def test_a_recogniser_that_raises_stops_the_whole_search() -> None:
    broken = recogniser(r"\d+", name="broken", check=refuse)
    with pytest.raises(PolicyUnavailableError) as caught:
        PresidioDeidentifier((*RECOGNISERS, broken)).find("SSN 219-09-9998", ())
    assert caught.value.code == "policy.detector_unavailable"
    assert caught.value.detail == "broken: ZeroDivisionError"


def test_the_error_of_a_broken_recogniser_carries_no_text() -> None:
    broken = recogniser(r"\d+", name="broken", check=refuse)
    with pytest.raises(PolicyUnavailableError) as caught:
        Engine((broken,), seconds=1.0).find("room 4711")
    assert "4711" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_pattern_that_takes_too_long_stops_the_search_instead_of_being_skipped() -> None:
    slow = recogniser(r"(?:a|aa)+$", name="slow")
    with pytest.raises(PolicyUnavailableError, match=r"slow: TimeoutError"):
        Engine((slow,), seconds=0.05).find("a" * 5000 + "b")


def test_no_text_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        PresidioDeidentifier().find("Dr. Jane Canary, SSN 219-09-9998, jane.canary@example.org", ())
    assert "Canary" not in caplog.text
    assert "219-09" not in caplog.text
    assert "example.org" not in caplog.text


def test_an_email_address_makes_nobody_look_up_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> socket.socket:
        message = "no network"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    findings = PresidioDeidentifier().find("Write to jo.canary@example.co.uk today", ())
    assert [found.kind for found in findings] == ["EMAIL_ADDRESS"]


def test_a_context_word_lifts_a_weak_form_over_the_line() -> None:
    engine = Engine((recogniser(r"\d{6}", forms=(Form(pattern=r"\d{6}", score=0.2),), context="locker"),), seconds=1.0)
    assert [found.score for found in engine.find("locker no. 123456")] == [0.55]
    assert engine.find("bottle no. 123456") == []


def test_context_counts_within_so_many_words_before_and_after() -> None:
    weak = (Form(pattern=r"\d{6}", score=0.2),)
    engine = Engine((recogniser("x", forms=weak, context="locker", before=2, after=1),), seconds=1.0)
    assert len(engine.find("locker is 123456")) == 1
    assert len(engine.find("123456 locker")) == 1
    assert engine.find("locker number is 123456") == []
    assert engine.find("123456 the locker") == []


def test_spans_count_characters_of_the_original_text() -> None:
    text = "Zoë\u00ad\u200b → 219‑09‑9998 ✓"
    findings = Engine(RECOGNISERS, seconds=5.0).find(text)
    assert [(text[found.start : found.end], found.kind) for found in findings] == [("219‑09‑9998", "US_SSN")]


def test_blank_text_has_no_findings() -> None:
    assert Engine(RECOGNISERS, seconds=1.0).find(" \n\u200b") == []


@pytest.mark.parametrize(
    "unit",
    ["a", "1", "A ", "Aa Bb ", "1.", "1-", "a@", "12 Main ", "patient: ", "is is ", "J. ", "f:", "(1", "account no. "],
)
def test_no_recogniser_chokes_on_a_long_monotonous_text(unit: str) -> None:
    started = time.process_time()
    Engine(RECOGNISERS, seconds=5.0).find(unit * (20_000 // len(unit)))
    assert time.process_time() - started < 3
