"""One suite for every store of conversations and feedback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app.store.conversations import SqlConversations
from app.store.feedbacks import SqlFeedbacks
from domain.conversations import Conversation, Feedback, Message, Resolution
from domain.paging import Place
from domain.ports.conversations import Conversations
from domain.ports.feedbacks import Feedbacks
from tests.conftest import Empty
from tests.fakes.conversations import MemoryConversations, MemoryFeedbacks

Stores = tuple[Conversations, Feedbacks]


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def stores(request: pytest.FixtureRequest, empty: Empty) -> Iterator[Stores]:
    if request.param == "memory":
        yield MemoryConversations(), MemoryFeedbacks()
        return
    database = empty(request.param)
    yield SqlConversations(database), SqlFeedbacks(database)


def talk(name: str, *subjects: str, tenant: str = "acme", owner: str = "mia", minute: int = 0) -> Conversation:
    return Conversation(
        id=name, tenant=tenant, owner=owner, subjects=subjects, collections=("law",), as_of=date(2026, 1, 2),
        purpose="treatment", created_at=f"2026-05-01T00:{minute:02}:00+00:00",
    )  # fmt: skip


def message(of: str, answer: str, *documents: str, subjects: tuple[str, ...] = ()) -> Message:
    return Message(
        conversation_id=of, number=0, question="And in adults?", asked_as="And in adults? dose", answer_id=answer,
        answer={"id": answer, "as_of": "2026-01-02", "claims": [{}, {}]}, at="2026-05-01T00:00:00+00:00",
        subjects=subjects, documents=documents,
    )  # fmt: skip


def said(name: str, *documents: str, subjects: tuple[str, ...] = (), owner: str = "mia") -> Feedback:
    return Feedback(
        id=name, tenant="acme", owner=owner, answer_id="a_1", claim=0, verdict="better_quote", passage_id="p_1",
        start=3, end=9, comment="Here.", at="2026-05-01T00:00:00+00:00", subjects=subjects, documents=documents,
    )  # fmt: skip


def test_messages_are_numbered_and_read_from_a_number_on(stores: Stores) -> None:
    kept, _ = stores
    kept.add(talk("c_1", "anna"))
    assert kept.find("c_1") == talk("c_1", "anna")
    assert kept.last("c_1") is None
    assert [kept.say(message("c_1", f"a_{n}", "d_2", "d_1", subjects=("anna",))) for n in range(3)] == [1, 2, 3]
    page = kept.messages("c_1", after=1, limit=1)
    assert (page.items[0].number, page.items[0].documents, page.more) == (2, ("d_1", "d_2"), True)
    assert [one.number for one in kept.messages("c_1", after=2, limit=5).items] == [3]
    last = kept.last("c_1")
    assert last is not None
    assert (last.answer_id, last.asked_as, last.subjects) == ("a_2", "And in adults? dose", ("anna",))
    assert kept.say(message("c_none", "a_9")) == 0


def test_conversations_are_listed_for_their_owner_newest_first_and_stay_in_place_as_others_come(
    stores: Stores,
) -> None:
    kept, _ = stores
    for name, minute in (("c_1", 1), ("c_2", 2), ("c_3", 2)):
        kept.add(talk(name, minute=minute))
    kept.add(talk("c_other", owner="tom", minute=9))
    kept.add(talk("c_elsewhere", tenant="elm", minute=9))
    first = kept.of_owner("acme", "mia", after=None, limit=2)
    assert ([one.id for one in first.items], first.more) == (["c_3", "c_2"], True)
    kept.add(talk("c_4", minute=5))
    place = Place(at=first.items[-1].created_at, id=first.items[-1].id)
    second = kept.of_owner("acme", "mia", after=place, limit=2)
    assert ([one.id for one in second.items], second.more) == (["c_1"], False)


def test_a_given_answer_knows_whose_it_is(stores: Stores) -> None:
    kept, _ = stores
    kept.add(talk("c_1", "anna"))
    kept.say(message("c_1", "a_1", "d_1", subjects=("anna",)))
    given = kept.given("a_1")
    assert given is not None
    assert (given.owner, given.claims, given.documents, given.as_of) == ("mia", 2, ("d_1",), date(2026, 1, 2))
    assert kept.given("a_none") is None


def test_what_is_forgotten_is_what_touches_and_nothing_else(stores: Stores) -> None:
    kept, _ = stores
    kept.add(talk("c_anna", "anna"))
    kept.add(talk("c_law"))
    kept.add(talk("c_elm", "anna", tenant="elm"))
    kept.say(message("c_law", "a_1", "d_1"))
    kept.say(message("c_law", "a_2", "d_2"))
    assert kept.forget("acme", ["anna"], []) == 1
    assert kept.find("c_anna") is None
    assert kept.find("c_elm") is not None
    assert kept.forget("acme", [], ["d_1", "d_9"]) == 1
    assert [one.answer_id for one in kept.messages("c_law", after=0, limit=9).items] == ["a_2"]
    assert kept.forget("acme", ["anna"], ["d_1"]) == 0
    assert kept.remove("c_law")
    assert not kept.remove("c_law")
    assert kept.messages("c_law", after=0, limit=9).items == ()


def test_feedback_is_listed_removed_and_forgotten(stores: Stores) -> None:
    _, kept = stores
    kept.add(said("f_1", "d_1", subjects=("anna",)))
    kept.add(said("f_2", "d_2"))
    kept.add(said("f_3", "d_3", owner="tom"))
    page = kept.of_owner("acme", "mia", after=None, limit=1)
    assert (page.items, page.more) == ((said("f_2", "d_2"),), True)
    place = Place(at=page.items[0].at, id=page.items[0].id)
    assert kept.of_owner("acme", "mia", after=place, limit=1).items == (said("f_1", "d_1", subjects=("anna",)),)
    assert kept.forget("acme", ["anna"], ["d_3"]) == 2
    assert kept.find("f_2") == said("f_2", "d_2")
    assert kept.remove("f_2")
    assert not kept.remove("f_2")


def decided(key: str, decision: str = "accepted", finding: str = "supported") -> Resolution:
    return Resolution(
        feedback_id=key, decision=decision, finding=finding, reason="Checked.", reviewer="tom", at="2026-02-01T00:00:00"
    )


def test_feedback_waits_until_it_is_decided_of_once(stores: Stores) -> None:
    _, kept = stores
    for key in ("f_1", "f_2", "f_3"):
        kept.add(said(key, "d_1"))
    assert [one.id for one in kept.waiting("acme", after=None, limit=9).items] == ["f_3", "f_2", "f_1"]
    assert kept.resolve(decided("f_2"))
    assert not kept.resolve(decided("f_2", "rejected", ""))
    assert not kept.resolve(decided("f_none"))
    assert kept.resolve(decided("f_3", "rejected", ""))
    assert kept.resolution("f_2") == decided("f_2")
    assert kept.resolution("f_1") is None
    page = kept.waiting("acme", after=None, limit=1)
    assert ([one.id for one in page.items], page.more) == (["f_1"], False)
    assert kept.waiting("elm", after=None, limit=9).items == ()
    assert kept.accepted("acme") == [(said("f_2", "d_1"), decided("f_2"))]
    verdict = said("f_1", "d_1").verdict
    assert kept.counts("acme") == {(verdict, ""): 1, (verdict, "accepted"): 1, (verdict, "rejected"): 1}


def test_a_decision_goes_with_what_it_is_of(stores: Stores) -> None:
    _, kept = stores
    kept.add(said("f_1", "d_1"))
    kept.add(said("f_2", "d_2"))
    kept.resolve(decided("f_1"))
    kept.resolve(decided("f_2"))
    kept.forget("acme", [], ["d_1"])
    kept.remove("f_2")
    assert kept.resolution("f_1") is None
    assert kept.resolution("f_2") is None
    assert kept.accepted("acme") == []


def test_the_message_of_an_answer_is_found(stores: Stores) -> None:
    kept, _ = stores
    kept.add(talk("c_1"))
    kept.say(message("c_1", "a_1", "d_1"))
    found = kept.message_of("a_1")
    assert found is not None
    assert (found.conversation_id, found.number, found.documents) == ("c_1", 1, ("d_1",))
    assert kept.message_of("a_none") is None
