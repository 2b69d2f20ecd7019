"""Legal holds and unfinished erasures on both databases."""

from __future__ import annotations

from app.store.database import Database
from app.store.holds import SqlErasureQueue, SqlHolds
from domain.erasure import Hold, Target

ANNA = Target(tenant="acme", kind="subject", id="anna")
PLAN = Target(tenant="acme", kind="document", id="d_1")
OTHER = Target(tenant="other", kind="subject", id="anna")


def hold(name: str, target: Target, day: str) -> Hold:
    return Hold(id=name, target=target, reason="Litigation", placed_at=f"2026-05-{day}T00:00:00+00:00")


def test_holds_are_of_their_tenant_oldest_first_and_go_one_by_one(database: Database) -> None:
    holds = SqlHolds(database)
    late, early, foreign = hold("h_1", ANNA, "02"), hold("h_2", PLAN, "01"), hold("h_3", OTHER, "01")
    for one in (late, early, foreign):
        holds.place(one)
    assert holds.all("acme") == [early, late]
    assert not holds.release("acme", "h_3")
    assert holds.release("acme", "h_1")
    assert not holds.release("acme", "h_1")
    assert holds.all("acme") == [early]
    assert holds.all("other") == [foreign]


def test_what_has_begun_is_unfinished_until_it_ends(database: Database) -> None:
    queue = SqlErasureQueue(database)
    assert queue.unfinished() == []
    queue.begin("e_1", ANNA, shared=True)
    queue.begin("e_2", PLAN, shared=False)
    assert sorted(queue.unfinished(), key=lambda one: one[0]) == [("e_1", ANNA, True), ("e_2", PLAN, False)]
    queue.end("e_1")
    assert SqlErasureQueue(database).unfinished() == [("e_2", PLAN, False)]
