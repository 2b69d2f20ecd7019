"""Feedback is looked at by colleagues who may read what it is about, and becomes cases for evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from domain.access import BreakGlass, Membership, Relation
from domain.callers import Caller, Role
from domain.documents import Labels
from domain.erasure import Target
from evaluation.datasets.claims import read_claims
from evaluation.datasets.questions import read_questions
from ingestion.workflow import IngestRequest
from tests.clients import Door, Person, trail_of
from tests.fakes.embedder import FakeEmbedder
from tests.store_bytes import files_with

NOTE = "The patient takes zqcanaryone 5 mg twice a day.\n\nNo allergy to zqcanaryone is known."
LAW = "The controller may keep a health record for ten years. A copy of the health record is free of charge."
OF_LAW = {"question": "How long may the controller keep a health record?"}
OF_NOTE = {"question": "How often does the patient take zqcanaryone?", "subjects": ["s01"]}
PEOPLE = {
    "mia": Role.PROFESSIONAL,
    "tom": Role.PROFESSIONAL,
    "eve": Role.PROFESSIONAL,
    "rea": Role.READER,
    "sam": Role.STEWARD,
    "aud": Role.AUDITOR,
    "adm": Role.ADMINISTRATOR,
    "owner": Role.OWNER,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path_factory.mktemp("reviews"), index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        yield consilium


@pytest.fixture(scope="module")
def door(house: Consilium) -> Iterator[Door]:
    door = Door(house)
    with door.client:
        yield door


@pytest.fixture
def tenant(house: Consilium, request: pytest.FixtureRequest) -> str:
    """Return a tenant of the test's own, with a law and a note."""
    name = f"tenant-of-{request.function.__name__}"
    filled(house, name)
    return name


@pytest.fixture
def people(door: Door, tenant: str) -> dict[str, Person]:
    return everybody(door, tenant)


def filled(consilium: Consilium, tenant: str) -> None:
    for name, text, labels in (
        ("law.txt", LAW, Labels(tenant=tenant, collection="law")),
        ("note.txt", NOTE, Labels(tenant=tenant, collection="charts", subjects=("s01",))),
    ):
        consilium.ingestor.ingest_bytes(text.encode(), name, IngestRequest(labels=labels))
    for who in ("mia", "tom"):
        relate(consilium, tenant, who, Relation.MEMBER)


def everybody(door: Door, tenant: str) -> dict[str, Person]:
    return {name: door.of(Caller(id=name, tenant=tenant, roles=frozenset({role}))) for name, role in PEOPLE.items()}


def relate(consilium: Consilium, tenant: str, who: str, relation: Relation) -> None:
    consilium.memberships.members.add(
        Membership(
            id=f"m_{tenant}_{who}_{relation.value}", tenant=tenant, kind="subject", target="s01", relation=relation,
            party_kind="caller", party=who,
        )
    )  # fmt: skip


def said(client: Person, body: dict[str, Any], verdict: str = "right", **more: Any) -> tuple[str, dict[str, Any]]:
    """Ask, say something of the first claim, and return the feedback's id and the answer."""
    answer = client.post("/v1/answers", json=body).json()
    assert answer["status"] == "answered", answer
    given = client.post("/v1/feedback", json={"answer_id": answer["id"], "claim": 0, "verdict": verdict} | more)
    assert given.status_code == 201, given.text
    return str(given.json()["id"]), answer


def queue(client: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/feedback/reviews").json()["feedback"]
    return found


def decide(client: Person, key: str, **body: Any) -> Any:
    return client.post(f"/v1/feedback/reviews/{key}/decision", json={"decision": "accepted"} | body)


def test_feedback_on_any_kept_answer_is_its_askers_alone(people: dict[str, Person]) -> None:
    _, answer = said(people["mia"], OF_NOTE)
    for other in ("tom", "owner"):
        body = {"answer_id": answer["id"], "claim": 0, "verdict": "wrong"}
        assert people[other].post("/v1/feedback", json=body).status_code == 404
    beyond = {"answer_id": answer["id"], "claim": 9, "verdict": "wrong"}
    assert people["mia"].post("/v1/feedback", json=beyond).json()["code"] == "request.invalid"


def test_a_better_quote_is_named_by_its_version_and_checked_word_by_word(people: dict[str, Person]) -> None:
    answer = people["mia"].post("/v1/answers", json=OF_NOTE).json()
    version = answer["claims"][0]["quotes"][0]["version_id"]
    start = NOTE.index("No allergy")
    quote = {"version_id": version, "start": start, "end": start + 10, "text": "No allergy"}
    body = {"answer_id": answer["id"], "claim": 0, "verdict": "better_quote", "quote": quote}
    given = people["mia"].post("/v1/feedback", json=body)
    assert (given.status_code, given.json()["quote"]["start"]) == (201, start)
    for wrong in (
        quote | {"text": "No allergic"},
        quote | {"end": 10_000},
        quote | {"version_id": "v_none"},
        quote | {"passage_id": "p_1"},
        {name: value for name, value in quote.items() if name != "version_id"},
    ):
        refused = people["mia"].post("/v1/feedback", json=body | {"quote": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")
    # an answer about the law opens no words of a chart, named by whatever
    law = people["eve"].post("/v1/answers", json=OF_LAW).json()
    stolen = {"answer_id": law["id"], "claim": 0, "verdict": "better_quote", "quote": quote}
    assert people["eve"].post("/v1/feedback", json=stolen).status_code == 404


def test_who_may_not_read_what_it_is_about_sees_none_of_it(
    people: dict[str, Person], house: Consilium, tenant: str
) -> None:
    key, answer = said(people["mia"], OF_NOTE, "wrong", comment="Look again.")
    assert [(one["id"], one["may_decide"]) for one in queue(people["tom"])] == [(key, True)]
    assert queue(people["eve"]) == []
    assert queue(people["mia"]) == []
    assert people["tom"].get("/v1/feedback/reviews").json()["counts"] is None
    for who in ("sam", "aud"):
        body = people[who].get("/v1/feedback/reviews").json()
        assert [(one["id"], one["answer_id"], one["verdict"], one["may_decide"]) for one in body["feedback"]] == [
            (key, answer["id"], "wrong", False)
        ]
        assert body["counts"] == [{"verdict": "wrong", "decision": "open", "count": 1}]
        assert not any(word in str(body) for word in ("zqcanaryone", "s01", "Look again", "mia"))
        assert people[who].get(f"/v1/feedback/reviews/{key}").status_code == 403
    for who in ("rea", "adm"):
        assert people[who].get("/v1/feedback/reviews").status_code == 403
    for who in ("eve", "mia", "sam", "adm", "rea"):
        assert people[who].get(f"/v1/feedback/reviews/{key}").status_code in {403, 404}
        assert decide(people[who], key).status_code in {403, 404}
    shown = people["tom"].get(f"/v1/feedback/reviews/{key}").json()
    assert (shown["question"], shown["comment"], shown["given_by"]) == (OF_NOTE["question"], "Look again.", "mia")
    assert "5 mg twice a day" in shown["claims"][0]["text"]
    assert shown["claims"][0]["quotes"][0]["version_id"] == answer["claims"][0]["quotes"][0]["version_id"]
    relate(house, tenant, "tom", Relation.EXCLUDED)
    assert queue(people["tom"]) == []
    assert people["tom"].get(f"/v1/feedback/reviews/{key}").status_code == 404


def test_break_glass_opens_no_review(people: dict[str, Person], house: Consilium, tenant: str) -> None:
    key, _ = said(people["mia"], OF_NOTE)
    house.memberships.members.open(
        BreakGlass(
            id="g_1", tenant=tenant, caller="eve", subject="s01", reason="Emergency", purpose="treatment",
            opened_at="2020-01-01T00:00:00+00:00", expires_at="2100-01-01T00:00:00+00:00",
        )
    )  # fmt: skip
    assert people["eve"].post("/v1/answers", json=OF_NOTE).status_code == 200
    assert queue(people["eve"]) == []
    assert people["eve"].get(f"/v1/feedback/reviews/{key}").status_code == 404


def test_a_decision_is_made_once_and_is_on_the_record_without_its_reason(
    people: dict[str, Person], house: Consilium, tenant: str
) -> None:
    key, _ = said(people["mia"], OF_LAW, "wrong")
    for wrong in ({"finding": "supported"}, {"decision": "rejected", "finding": "unsupported"}, {"decision": "maybe"}):
        assert decide(people["tom"], key, **wrong).status_code == 422
    done = decide(people["tom"], key, finding="contradicted", reason="Says the opposite.")
    assert (done.status_code, done.json()["finding"], done.json()["reviewer"]) == (200, "contradicted", "tom")
    assert decide(people["tom"], key, decision="rejected").json()["code"] == "request.invalid"
    assert queue(people["tom"]) == []
    decided = [event for event in trail_of(house) if event.event == "feedback_decided"]
    (event,) = [event for event in decided if event.facts["tenant"] == tenant]
    assert (event.facts["feedback"], event.facts["decision"], event.facts["actor"]) == (key, "accepted", "tom")
    assert "opposite" not in str(event.facts)
    assert people["aud"].get("/v1/feedback/reviews").json()["counts"] == [
        {"verdict": "wrong", "decision": "accepted", "count": 1}
    ]


def written(client: Person, suite: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/v1/feedback/cases", params={"suite": suite}).json()
    return body


def test_accepted_feedback_is_a_case_of_both_suites(people: dict[str, Person], tmp_path: Path) -> None:
    right, law = said(people["mia"], OF_LAW)
    wrong, note = said(people["mia"], OF_NOTE, "wrong")
    good, _ = said(people["mia"], OF_NOTE)
    rejected, _ = said(people["mia"], OF_LAW, "wrong")
    assert decide(people["tom"], wrong, finding="contradicted").status_code == 200
    for key in (right, good):
        assert decide(people["tom"], key).status_code == 200
    decide(people["tom"], rejected, decision="rejected", reason="It is right.")
    body = written(people["tom"], "grounding")
    assert (body["cases"], body["left_out"]) == (3, {})
    (tmp_path / "claims.jsonl").write_text(body["files"]["claims.jsonl"], encoding="utf-8")
    claims = read_claims(tmp_path / "claims.jsonl")
    assert {key: claim.label for key, claim in claims.items()} == {
        right: "supported", wrong: "contradicted", good: "supported"
    }  # fmt: skip
    assert claims[right].text == law["claims"][0]["text"]
    assert claims[right].evidence == (law["claims"][0]["quotes"][0]["text"],)
    body = written(people["tom"], "answers")
    assert (body["cases"], body["left_out"]) == (2, {"nothing_right": 1})
    for name, text in body["files"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    questions = read_questions(tmp_path)
    asked = questions.questions[law["id"]]
    assert (asked.text, asked.ideal) == (OF_LAW["question"], (law["claims"][0]["text"],))
    assert asked.gold == {law["claims"][0]["quotes"][0]["passage_id"]}
    assert "s01" not in str(body["files"])
    assert note["id"] not in questions.questions
    assert {text.subject for text in questions.corpus} == {None, "subject-1"}


def test_a_case_is_written_only_for_who_may_read_it(people: dict[str, Person]) -> None:
    key, _ = said(people["mia"], OF_NOTE)
    decide(people["tom"], key)
    assert written(people["mia"], "grounding")["cases"] == 1
    theirs = written(people["eve"], "grounding")
    assert (theirs["cases"], theirs["files"]["claims.jsonl"]) == (0, "")
    for who in ("rea", "sam", "aud", "adm"):
        assert people[who].get("/v1/feedback/cases").status_code == 403


def test_what_was_erased_waits_for_nobody_and_is_in_no_case(tmp_path: Path) -> None:
    words = ("zqcanaryone", "zqcanarytwo", "zqcanarythree")
    settings = load_settings(home=tmp_path / "home", index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as house:
        filled(house, "elm")
        people = everybody(Door(house), "elm")
        accepted, _ = said(people["mia"], OF_NOTE, comment="zqcanarytwo")
        decide(people["tom"], accepted, reason="zqcanarythree")
        said(people["mia"], OF_NOTE, "wrong")
        assert set(files_with(settings.home, *words)) == set(words)
        house.erasures.erase(Target(tenant="elm", kind="subject", id="s01"))
        assert files_with(settings.home, *words) == []
        assert queue(people["owner"]) == []
        assert people["aud"].get("/v1/feedback/reviews").json()["counts"] == []
        assert written(people["owner"], "answers")["cases"] == 0


def test_an_answer_in_a_conversation_is_reviewed_by_the_words_that_were_shown(people: dict[str, Person]) -> None:
    conversation = people["mia"].post("/v1/conversations", json={"subjects": ["s01"]}).json()["id"]
    route = f"/v1/conversations/{conversation}/messages"
    answer = people["mia"].post(route, json={"question": OF_NOTE["question"]}).json()
    body = {"answer_id": answer["id"], "verdict": "wrong", "comment": "All of it."}
    key = people["mia"].post("/v1/feedback", json=body).json()["id"]
    shown = people["tom"].get(f"/v1/feedback/reviews/{key}").json()
    assert [claim["text"] for claim in shown["claims"]] == [claim["text"] for claim in answer["claims"]]
    assert (shown["claim"], shown["finding"]) == (None, "")
    people["mia"].delete(f"/v1/conversations/{conversation}")
    again = people["tom"].get(f"/v1/feedback/reviews/{key}").json()
    assert again["claims"][0]["quotes"][0]["text"] == answer["claims"][0]["quotes"][0]["text"]
