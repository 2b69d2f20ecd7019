"""Conversations, feedback, pages, keys, tags and limits over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from domain.documents import Labels
from domain.erasure import Target
from domain.ports.embedder import Embedder
from ingestion.workflow import IngestRequest
from tests.clients import client_of
from tests.store_bytes import files_with

CHART = {"subjects": ["lind-anna-1951"], "collections": ["patients"]}
ASKED = {"question": "Is the patient allergic to penicillin?"}


@pytest.fixture
def client(house: Consilium) -> Iterator[TestClient]:
    with client_of(house, raise_server_exceptions=False) as client:
        yield client


def begin(client: TestClient, **scope: Any) -> str:
    reply = client.post("/v1/conversations", json=scope)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def test_a_follow_up_takes_over_the_topic_and_says_so(client: TestClient) -> None:
    route = f"/v1/conversations/{begin(client, **CHART)}"
    first = client.post(f"{route}/messages", json=ASKED).json()
    assert first["status"] == "answered"
    second = client.post(f"{route}/messages", json={"question": "And since when?"}).json()
    assert second["policies"][0]["policy"] == "follow-up"
    kept = client.get(f"{route}/messages", params={"limit": 1}).json()
    assert [one["question"] for one in kept["messages"]] == [ASKED["question"]]
    assert kept["messages"][0]["answer"]["id"] == first["id"]
    rest = client.get(kept["next"]).json()
    assert [one["question"] for one in rest["messages"]] == ["And since when?"]
    assert rest["next"] is None
    assert client.delete(route).status_code == 204
    for gone in (client.get(route), client.post(f"{route}/messages", json=ASKED), client.delete(route)):
        assert (gone.status_code, gone.json()["code"]) == (404, "request.not_found")


def test_feedback_is_on_a_claim_of_an_answer_and_a_better_quote_is_verbatim(client: TestClient) -> None:
    route = f"/v1/conversations/{begin(client, **CHART)}"
    answer = client.post(f"{route}/messages", json=ASKED).json()
    body = {"answer_id": answer["id"], "claim": 0, "verdict": "right", "comment": "Good."}
    given = client.post("/v1/feedback", json=body)
    assert given.status_code == 201
    assert client.get("/v1/feedback").json()["feedback"][0]["id"] == given.json()["id"]
    quote = answer["claims"][0]["quotes"][0]
    span = {name: quote[name] for name in ("passage_id", "start", "end", "text")}
    better = body | {"verdict": "better_quote", "quote": span}
    assert client.post("/v1/feedback", json=better).json()["quote"]["start"] == span["start"]
    for wrong in (
        better | {"quote": span | {"text": "Not there."}},
        better | {"quote": span | {"end": span["end"] + 1}},
        better | {"verdict": "wrong"},
        body | {"verdict": "better_quote"},
        body | {"claim": 99},
    ):
        assert client.post("/v1/feedback", json=wrong).json()["code"] == "request.invalid"
    assert client.post("/v1/feedback", json=body | {"answer_id": "a_none"}).status_code == 404
    assert client.delete(f"/v1/feedback/{given.json()['id']}").status_code == 204
    assert client.delete(f"/v1/feedback/{given.json()['id']}").status_code == 404


def test_pages_lead_to_every_document_once(client: TestClient) -> None:
    whole = [one["id"] for one in client.get("/v1/documents").json()["documents"]]
    found, link = [], "/v1/documents?limit=1"
    while link:
        page = client.get(link).json()
        found += [one["id"] for one in page["documents"]]
        link = page["next"]
    assert found == whole
    assert client.get("/v1/documents", params={"cursor": "bm9uc2Vuc2U"}).json()["code"] == "request.invalid"


def test_versions_and_their_text_exist_only_within_their_scope(client: TestClient) -> None:
    scope = {"subject": "lind-anna-1951", "collection": "patients"}
    document = client.get("/v1/documents", params=scope).json()["documents"][0]
    (version, *_) = client.get(f"/v1/documents/{document['id']}/versions", params=scope).json()["versions"]
    text = client.get(f"/v1/versions/{version['id']}", params=scope | {"start": 0, "end": 40}).json()
    assert text["start"] == 0
    assert len(text["text"]) >= 10
    for route in (f"/v1/documents/{document['id']}/versions", f"/v1/versions/{version['id']}"):
        assert client.get(route).status_code == 404
    assert "lind-anna-1951" in client.get("/v1/subjects").json()["subjects"]
    first = client.get("/v1/subjects", params={"q": "ANNA", "limit": 1}).json()
    assert first["subjects"] == ["lind-anna-1951"]
    assert client.get(first["next"]).json()["subjects"] == ["lind-anna-1987"]
    assert client.get("/v1/subjects", params={"q": "nobody"}).json() == {"subjects": [], "names": {}, "next": None}


def test_patients_are_found_and_shown_by_name_where_the_purpose_may_read_it(client: TestClient) -> None:
    found = client.post("/v1/subjects/search", json={"words": "LINDT"}).json()
    assert found == {"subjects": ["lindt-anna-1951"], "names": {"lindt-anna-1951": "Anna Lindt"}, "more": False}
    assert client.post("/v1/subjects/search", json={"words": "anna lindt"}).json() == found
    research = client.post("/v1/subjects/search", json={"words": "anna lindt", "purpose": "research"}).json()
    assert research == {"subjects": [], "names": {}, "more": False}
    assert client.get("/v1/subjects", params={"q": "lindt"}).json()["names"] == {"lindt-anna-1951": "Anna Lindt"}
    assert client.get("/v1/subjects", params={"q": "lindt", "purpose": "research"}).json()["names"] == {}
    few = client.post("/v1/subjects/search", json={"words": "anna", "limit": 1}).json()
    assert few["subjects"] == ["lind-anna-1951"]
    assert few["more"] is True


def test_collections_are_those_with_documents_in_scope(client: TestClient) -> None:
    assert client.get("/v1/collections").json() == {"collections": ["guidelines", "law"]}
    found = client.get("/v1/collections", params={"subject": "matter-orchid"}).json()["collections"]
    assert found == ["guidelines", "law", "matters"]


def test_who_has_an_answer_already_is_told_so(client: TestClient) -> None:
    first = client.get("/v1/documents")
    tag = first.headers["etag"]
    again = client.get("/v1/documents", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/v1/documents", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_request_under_one_key_is_done_once(client: TestClient) -> None:
    key = {"Idempotency-Key": '"one"'}
    first = client.post("/v1/conversations", json={}, headers=key)
    again = client.post("/v1/conversations", json={}, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post("/v1/conversations", json=CHART, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")
    wrong = client.post("/v1/conversations", json={"colour": 1}, headers={"Idempotency-Key": "two"})
    assert wrong.status_code == 422
    assert client.post("/v1/conversations", json={}, headers={"Idempotency-Key": "two"}).status_code == 201


def test_the_trail_is_searched_and_verified(client: TestClient) -> None:
    client.post("/v1/answers", json=ASKED | CHART)
    page = client.get("/v1/audit", params={"event": "question", "limit": 1}).json()
    assert page["events"][0]["event"] == "question"
    assert ASKED["question"] not in str(page)
    status = client.get("/v1/audit/status").json()
    assert (status["whole"], status["faults"]) == (True, [])


def test_webhooks_show_their_secret_once_and_never_point_inside(client: TestClient) -> None:
    made = client.post("/v1/webhooks", json={"url": "https://example.org/x", "events": ["erasure.done"]}).json()
    assert made["secret"].startswith("whsec_")
    (listed,) = client.get("/v1/webhooks").json()["webhooks"]
    assert (listed["id"], "secret" in listed) == (made["id"], False)
    inside = client.post("/v1/webhooks", json={"url": "https://127.0.0.1/x", "events": ["erasure.done"]})
    assert (inside.status_code, inside.json()["code"]) == (422, "request.invalid")
    assert client.delete(f"/v1/webhooks/{made['id']}").status_code == 204
    assert client.delete(f"/v1/webhooks/{made['id']}").status_code == 404


def test_a_text_of_separators_alone_is_no_question(client: TestClient) -> None:
    conversation = begin(client)
    blank = "\x1f\x1c"
    chat = {"model": "consilium", "messages": [{"role": "user", "content": blank}]}
    sent = {
        "/v1/answers": {"question": blank},
        "/v1/search": {"query": blank},
        "/v1/checks": {"draft": blank},
        "/v1/redactions": {"text": blank},
        f"/v1/conversations/{conversation}/messages": {"question": blank},
        "/v1/chat/completions": chat,
    }
    for route, body in sent.items():
        reply = client.post(route, json=body)
        assert 400 <= reply.status_code < 500, (route, reply.status_code)
    assert client.post("/v1/answers", json=sent["/v1/answers"]).json()["code"] == "request.invalid"


@pytest.fixture
def limited(tmp_path: Path, encoder: Embedder) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path / "home", rate_per_minute=3)
    with build(settings, Replacements(embedder=encoder)) as consilium:
        yield consilium


def test_who_asks_too_often_is_told_when_to_come_back(limited: Consilium) -> None:
    with client_of(limited, raise_server_exceptions=False) as client:
        replies = [client.get("/v1/documents") for _ in range(5)]
        assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
        assert replies[0].headers["ratelimit"].startswith('"minute";r=2;t=')
        assert replies[0].headers["ratelimit-policy"] == '"minute";q=3;w=60'
        assert 1 <= int(replies[4].headers["retry-after"]) <= 121
        assert replies[4].json()["code"] == "request.rate_limited"
        chat = client.get("/v1/models")
        assert (chat.status_code, chat.json()["error"]["type"]) == (429, "rate_limit_error")
        assert client.get("/healthz").status_code == 200


def test_an_erasure_takes_conversations_feedback_and_kept_replies(fresh: Consilium) -> None:
    home = fresh.settings.home
    note = b"The patient takes zqcanaryone twice a day."
    labels = Labels(subjects=("s01",))
    fresh.ingestor.ingest_bytes(note, "note.txt", IngestRequest(labels=labels))
    with client_of(fresh, raise_server_exceptions=False) as client:
        route = f"/v1/conversations/{begin(client, subjects=['s01'])}"
        key = {"Idempotency-Key": "k"}
        answer = client.post(f"{route}/messages", json={"question": "What is taken twice a day?"}, headers=key).json()
        assert "zqcanaryone" in str(answer)
        said = {"answer_id": answer["id"], "verdict": "wrong", "comment": "It is zqcanarytwo."}
        assert client.post("/v1/feedback", json=said).status_code == 201
        assert files_with(home, "zqcanaryone", "zqcanarytwo") == ["zqcanaryone", "zqcanarytwo"]
        fresh.erasures.erase(Target(tenant="default", kind="subject", id="s01"))
        assert files_with(home, "zqcanaryone", "zqcanarytwo") == []
        assert client.get(route).status_code == 404
        again = client.post(f"{route}/messages", json={"question": "What is taken twice a day?"}, headers=key)
        assert (again.status_code, again.json()["code"]) == (409, "request.key_spent")
