from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.documents import Interval, Labels, Locator, Passage
from domain.questions import Actor, Scope
from policies.access.passages import decide

DAY = date(2025, 6, 1)
SCOPE = Scope(as_of=DAY, tenant="elm", subjects=("anna",), collections=("patients",))
ACTOR = Actor(id="u", tenant="elm", walls=("w1",))
PASSAGE = Passage(
    id="p", document_id="d", version_id="v", start=0, end=1, text="x", title="t", section=(), locator=Locator(),
    labels=Labels(tenant="elm", collection="patients", subjects=("anna",), walls=("w1",)),
    in_force=Interval(effective_from=date(2025, 1, 1), effective_to=date(2025, 12, 31)), parent_start=0, parent_end=1,
)  # fmt: skip


def test_a_passage_within_every_rule_is_allowed() -> None:
    assert decide(PASSAGE, SCOPE, ACTOR).decision == "allow"


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ({"tenant": "oak"}, "it belongs to another tenant"),
        ({"collection": "law"}, "its collection is not in the question's scope"),
        ({"subjects": ("anna", "bert")}, "it is about a subject outside of the question's scope"),
        ({"subjects": ("bert",)}, "it is about a subject outside of the question's scope"),
        ({"walls": ("w1", "w2")}, "it stands behind a wall that the actor is not inside of"),
    ],
)
def test_one_broken_rule_denies_and_says_why(labels: dict[str, object], reason: str) -> None:
    passage = replace(PASSAGE, labels=replace(PASSAGE.labels, **labels))  # type: ignore[arg-type]  # a table of fields
    decision = decide(passage, SCOPE, ACTOR)
    assert (decision.decision, decision.reason) == ("deny", reason)


@pytest.mark.parametrize(("day", "decision"), [("2024-12-31", "deny"), ("2025-01-01", "allow"), ("2025-12-31", "deny")])
def test_dates_in_force_are_half_open(day: str, decision: str) -> None:
    assert decide(PASSAGE, replace(SCOPE, as_of=date.fromisoformat(day)), ACTOR).decision == decision
