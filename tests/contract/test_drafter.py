"""What every drafter keeps, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from app.answering.chat import ChatDrafter
from app.answering.extractive import ExtractiveDrafter
from app.system import SystemClock
from domain.ports.drafter import Drafter
from tests.fakes.drafter import ScriptedDrafter
from tests.fakes.model_server import JSON, ModelServer, Reply, claiming
from tests.unit.answering.cases import evidence, question

EVIDENCE = evidence("Metformin 500 mg is taken twice a day.", "The controller shall notify the breach within 72 hours.")
QUESTION = question("How often is metformin taken?")
QUOTE = "Metformin 500 mg is taken twice a day."


def honest(request: JSON) -> Reply:
    """Answer the one question that this model knows."""
    if "metformin" in request["messages"][-1]["content"]:
        return claiming(([("P1", QUOTE)], QUOTE))
    return claiming()


@pytest.fixture(params=["extractive", "chat", "scripted"])
def drafter(request: pytest.FixtureRequest) -> Iterator[Drafter]:
    made: dict[str, Callable[[], Drafter]] = {"extractive": ExtractiveDrafter, "scripted": ScriptedDrafter}
    if request.param in made:
        yield made[request.param]()
        return
    with ModelServer(honest) as server:
        yield ChatDrafter(base_url=server.url, model="m", clock=SystemClock())


def soon() -> float:
    return time.monotonic() + 30


def test_a_claim_comes_with_the_words_it_rests_on(drafter: Drafter) -> None:
    claims = list(drafter.draft(QUESTION, EVIDENCE, soon()))
    assert [(claim.text, [(quote.passage_id, quote.text) for quote in claim.quotes]) for claim in claims] == [
        (QUOTE, [("p1", QUOTE)])
    ]


def test_without_evidence_nothing_is_said(drafter: Drafter) -> None:
    assert list(drafter.draft(QUESTION, [], soon())) == []


def test_drafting_twice_says_the_same(drafter: Drafter) -> None:
    first = list(drafter.draft(QUESTION, EVIDENCE, soon()))
    assert list(drafter.draft(QUESTION, EVIDENCE, soon())) == first


def test_the_evidence_is_not_changed(drafter: Drafter) -> None:
    given = list(EVIDENCE)
    list(drafter.draft(QUESTION, given, soon()))
    assert given == EVIDENCE


def test_a_drafter_has_a_name(drafter: Drafter) -> None:
    assert drafter.name.strip() == drafter.name != ""


@pytest.mark.parametrize("unanswered", ["Which taxes are owed on dividends?", "Who won the football match?"])
@pytest.mark.parametrize("kind", ["extractive", "chat"])
def test_what_the_evidence_does_not_answer_is_not_answered(kind: str, unanswered: str) -> None:
    with ModelServer([claiming()]) as server:
        made: Drafter = (
            ExtractiveDrafter()
            if kind == "extractive"
            else ChatDrafter(base_url=server.url, model="m", clock=SystemClock())
        )
        assert list(made.draft(question(unanswered), EVIDENCE, soon())) == []
