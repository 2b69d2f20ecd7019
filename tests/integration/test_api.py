"""The HTTP API over the samples."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium

CHART = {"subjects": ["lind-anna-1951"]}


@pytest.fixture
def client(house: Consilium) -> Iterator[TestClient]:
    with TestClient(create_application(house), raise_server_exceptions=False) as client:
        yield client


def test_an_answer_comes_as_json(client: TestClient) -> None:
    response = client.post("/v1/answers", json={"question": "Is the patient allergic to penicillin?", **CHART})
    assert response.status_code == 200
    assert response.json()["status"] == "answered"
    assert response.json()["claims"][0]["quotes"][0]["locator"]["resource"].startswith("AllergyIntolerance/")


def test_an_answer_streams_claims_before_the_whole(client: TestClient) -> None:
    response = client.post(
        "/v1/answers",
        json={"question": "Is the patient allergic to penicillin?", **CHART},
        headers={"Accept": "text/event-stream"},
    )
    events = [part.split("\n") for part in response.text.strip().split("\n\n")]
    names = [lines[0] for lines in events]
    assert names[0] == "event: claim"
    assert names[-1] == "event: answer"
    assert json.loads(events[-1][1].removeprefix("data: "))["status"] == "answered"


@pytest.mark.parametrize(
    ("route", "body", "fault"),
    [
        ("/v1/answers", {}, "question"),
        ("/v1/answers", {"question": ""}, "question"),
        ("/v1/answers", {"question": "  "}, "question"),
        ("/v1/answers", {"question": "x", "k": 0}, "k"),
        ("/v1/answers", {"question": "x", "as_of": "tomorrow"}, "as_of"),
        ("/v1/answers", {"question": "x", "purpose": "fun"}, "purpose"),
        ("/v1/answers", {"question": "x", "secret": 1}, "secret"),
        ("/v1/search", {"query": "x", "mode": "magic"}, "mode"),
        ("/v1/checks", {"draft": ""}, "draft"),
        ("/v1/redactions", {"text": ""}, "text"),
    ],
)
def test_a_request_that_is_not_valid_is_a_problem_that_names_the_field(
    client: TestClient, route: str, body: dict[str, object], fault: str
) -> None:
    response = client.post(route, json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "request.invalid"
    assert fault in response.json()["detail"]


def test_a_problem_never_repeats_what_was_sent(client: TestClient) -> None:
    response = client.post("/v1/answers", json={"question": "x", "purpose": "SECRET-TEXT"})
    assert "SECRET-TEXT" not in response.text


def test_a_document_and_a_passage_exist_only_within_their_scope(client: TestClient) -> None:
    found = client.post("/v1/search", json={"query": "penicillin", **CHART, "collections": ["patients"]}).json()
    hit = found["results"][0]
    for route in (f"/v1/passages/{hit['passage_id']}", f"/v1/documents/{hit['document_id']}"):
        assert client.get(route, params={"subject": "lind-anna-1951"}).status_code == 200
        for other in ({}, {"subject": "lind-anna-1987"}, {"subject": "lind-anna-1951", "collection": "law"}):
            response = client.get(route, params=other)
            assert (response.status_code, response.json()["code"]) == (404, "request.not_found")


def test_documents_are_listed_within_the_scope(client: TestClient) -> None:
    titles = {d["collection"] for d in client.get("/v1/documents").json()["documents"]}
    assert titles == {"guidelines", "law"}
    ours = client.get("/v1/documents", params={"subject": "lind-anna-1951", "collection": "patients"}).json()
    assert {tuple(d["subjects"]) for d in ours["documents"]} == {("lind-anna-1951",)}


def test_an_upload_is_searchable_and_a_broken_one_is_a_problem(fresh: Consilium) -> None:
    with TestClient(create_application(fresh)) as client:
        good = client.post(
            "/v1/documents",
            files={"file": ("note.txt", b"The warfarin dose is 5 mg on Mondays.")},
            data={"options": json.dumps({"collection": "notes"})},
        )
        assert good.status_code == 201
        assert good.json()["files"][0]["status"] == "indexed"
        assert client.post("/v1/search", json={"query": "warfarin"}).json()["results"][0]["path"] == "note.txt"
        bad = client.post("/v1/documents", files={"file": ("x.json", b"{")})
        assert (bad.status_code, bad.json()["code"]) == (422, "document.malformed")
        wrong = client.post("/v1/documents", files={"file": ("x.txt", b"x")}, data={"options": '{"colection": 1}'})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "request.invalid")


def test_a_body_over_the_limit_is_refused_unread(client: TestClient) -> None:
    response = client.post("/v1/answers", content=b" " * (5 * 2**20), headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "request.too_large")


def test_a_body_that_does_not_say_its_size_is_refused_unread(client: TestClient) -> None:
    pieces = (piece for piece in (b'{"question": ', b'"What?"}'))
    response = client.post("/v1/answers", content=pieces, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "request.too_large")


def test_what_runs_is_told_without_secrets(client: TestClient) -> None:
    body = client.get("/v1/about").json()
    assert body["product"]["name"] == "consilium"
    assert body["configuration"]["drafter"] == "extractive"
    assert body["models"]["drafter"] == "extractive/1"


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["passages"] > 20


def test_an_unknown_route_and_a_wrong_method_are_problems(client: TestClient) -> None:
    assert client.get("/v1/nothing").json()["code"] == "request.not_found"
    response = client.get("/v1/answers")
    assert (response.status_code, response.headers["content-type"]) == (405, "application/problem+json")


def test_every_operation_of_the_openapi_document_has_a_summary_and_its_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    operations = [(path, method, op) for path, item in document["paths"].items() for method, op in item.items()]
    assert len(operations) == 35
    for path, method, operation in operations:
        assert operation["summary"], (path, method)
        assert {"404", "422", "503"} <= set(operation["responses"]), (path, method)
