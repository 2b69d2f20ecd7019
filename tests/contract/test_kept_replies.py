"""Replies under keys, and what endpoints are owed, on both databases."""

from __future__ import annotations

from app.store.database import Database
from app.store.kept_replies import SqlKeptReplies
from app.store.outbox import SqlOutbox
from domain.ports.kept_replies import KeptReply, RequestKey
from domain.webhooks import Endpoint, Event

KEY = RequestKey(tenant="acme", caller="mia", key="k")
DONE = KeptReply(digest="", begun=0, status=201, media_type="application/json", body=b"{}")


def begin(kept: SqlKeptReplies, key: RequestKey = KEY, now: float = 1000.0) -> KeptReply | None:
    return kept.begin(key, "d", now, stale=now - 100, expired=now - 500)


def test_a_key_is_taken_once_and_gives_its_reply_until_it_expires(database: Database) -> None:
    kept = SqlKeptReplies(database)
    assert begin(kept) is None
    assert begin(kept) == KeptReply(digest="d", begun=1000.0)
    assert begin(kept, RequestKey(tenant="acme", caller="tom", key="k")) is None
    kept.end(KEY, DONE)
    found = begin(kept, now=1400.0)
    assert found is not None
    assert (found.status, found.media_type, found.body) == (201, "application/json", b"{}")
    assert begin(kept, now=1600.0) is None


def test_a_key_whose_process_died_is_free_once_it_is_stale_and_one_that_is_given_back_at_once(
    database: Database,
) -> None:
    kept = SqlKeptReplies(database)
    assert begin(kept) is None
    assert begin(kept, now=1050.0) is not None
    assert begin(kept, now=1150.0) is None
    kept.release(KEY)
    assert begin(kept, now=1151.0) is None


def test_an_erasure_takes_the_bodies_of_its_tenant_also_of_what_is_under_way(database: Database) -> None:
    kept = SqlKeptReplies(database)
    other = RequestKey(tenant="acme", caller="mia", key="under way")
    begin(kept)
    kept.end(KEY, DONE)
    begin(kept, other)
    assert kept.forget("elm", ["anna"], []) == 0
    assert kept.forget("acme", ["anna"], []) == 1
    kept.end(other, DONE)
    for key in (KEY, other):
        found = begin(kept, key)
        assert found is not None
        assert (found.status, found.body) == (201, None)


def endpoint(name: str, *kinds: str, tenant: str = "acme") -> Endpoint:
    return Endpoint(
        id=name, tenant=tenant, url="https://example.org", kinds=kinds, secret="whsec_AAAA",
        created_at="2026-05-01T00:00:00+00:00",
    )  # fmt: skip


def event(name: str, kind: str = "erasure.done", tenant: str = "acme") -> Event:
    return Event(id=name, tenant=tenant, kind=kind, at="2026-05-01T00:00:00+00:00", data={"erasure_id": "e_1"})


def test_an_event_is_owed_to_those_who_want_it_until_it_arrives_or_is_given_up(database: Database) -> None:
    outbox = SqlOutbox(database)
    assert outbox.seen() is None
    outbox.add_endpoint(endpoint("w_1", "erasure.done"), 7)
    outbox.add_endpoint(endpoint("w_2", "document.indexed"), 99)
    outbox.add_endpoint(endpoint("w_3", "erasure.done", tenant="elm"), 99)
    assert outbox.seen() == 7
    assert outbox.put(event("evt_1"), 10.0) == 1
    assert outbox.put(event("evt_1"), 10.0) == 0
    assert outbox.claim(9.0, 70.0, 5) == []
    (first,) = outbox.claim(10.0, 70.0, 5)
    assert (first.endpoint.id, first.event, first.attempts) == ("w_1", event("evt_1"), 0)
    assert outbox.claim(11.0, 70.0, 5) == []
    outbox.again(first, 80.0)
    (second,) = outbox.claim(81.0, 140.0, 5)
    assert second.attempts == 1
    outbox.again(second, None)
    assert outbox.claim(9999.0, 99999.0, 5) == []
    assert [(one.id, waiting, lost) for one, waiting, lost in outbox.endpoints("acme")] == [
        ("w_1", 0, 1), ("w_2", 0, 0)
    ]  # fmt: skip
    outbox.delivered(second)
    assert outbox.endpoints("acme")[0][2] == 0


def test_events_of_the_trail_and_how_far_they_reach_are_one_write(database: Database) -> None:
    outbox = SqlOutbox(database)
    outbox.add_endpoint(endpoint("w_1", "erasure.done"), 0)
    outbox.put_seen([event("evt_1"), event("evt_2", "breakglass.opened")], 12, 1.0)
    assert outbox.seen() == 12
    assert [one.event.id for one in outbox.claim(2.0, 3.0, 9)] == ["evt_1"]
    assert outbox.remove_endpoint("acme", "w_1")
    assert not outbox.remove_endpoint("acme", "w_1")
    assert outbox.claim(9.0, 10.0, 9) == []
