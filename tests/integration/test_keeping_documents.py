"""Lists, labels, dates and plans of erasures over HTTP, and drafts out of files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Consilium, Replacements, build
from app.requests import IngestOptions
from app.settings import load_settings
from domain.callers import Caller, Role
from tests.clients import client_as, client_of
from tests.fakes.embedder import FakeEmbedder

STEWARD = Caller(id="stella", tenant="default", roles=frozenset({Role.STEWARD}))


@pytest.fixture
def consilium(tmp_path: Path) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path, index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        yield consilium


@pytest.fixture
def owner(consilium: Consilium) -> Iterator[TestClient]:
    with client_of(consilium, raise_server_exceptions=False) as client:
        yield client


def ingest(consilium: Consilium, name: str, text: str, **labels: Any) -> str:
    request = IngestOptions.model_validate(labels).to_request()
    (outcome,) = consilium.ingestor.ingest_bytes(text.encode(), name, request)
    assert outcome.document_id, outcome
    return outcome.document_id


def found(client: TestClient, query: str, **scope: Any) -> int:
    return len(client.post("/v1/search", json={"query": query, **scope}).json()["results"])


def test_a_wall_that_is_put_up_hides_the_passages_at_once_and_taken_down_shows_them(
    consilium: Consilium, owner: TestClient
) -> None:
    document = ingest(consilium, "memo.txt", "The zebra crossing is closed.")
    assert found(owner, "zebra crossing") == 1
    body = owner.patch(f"/v1/documents/{document}", json={"walls": ["merger"], "sensitivity": "high"}).json()
    assert (body["walls"], body["sensitivity"]) == (["merger"], "high")
    assert found(owner, "zebra crossing") == 0
    assert owner.post("/v1/documents/listing", json={}).json()["documents"] == []
    owner.patch(f"/v1/documents/{document}", json={"walls": []})
    assert found(owner, "zebra crossing") == 1


def test_a_document_moves_to_another_subject_whole_and_never_to_nobody(consilium: Consilium, owner: TestClient) -> None:
    document = ingest(consilium, "chart.txt", "The zebra takes warfarin.", subject="anna")
    owner.patch(f"/v1/documents/{document}", json={"subject": "bert"})
    assert found(owner, "zebra warfarin", subjects=["anna"]) == 0
    assert found(owner, "zebra warfarin", subjects=["bert"]) == 1
    assert owner.patch(f"/v1/documents/{document}", json={"subject": ""}).status_code == 422
    assert found(owner, "zebra warfarin") == 0


def test_dates_are_corrected_and_may_not_overlap(consilium: Consilium, owner: TestClient) -> None:
    for name, since in (("a.txt", "2020-01-01"), ("b.txt", "2024-01-01")):
        document = ingest(consilium, name, f"The zebra rule of {since}.", document="rule", effective_from=since)
    old, new = owner.get(f"/v1/documents/{document}/labels").json()["versions"]
    dates = {"effective_from": "2021-01-01", "effective_to": "2023-01-01"}
    assert owner.patch(f"/v1/versions/{old['id']}", json=dates).status_code == 200
    assert found(owner, "zebra rule", as_of="2020-06-01") == 0
    assert found(owner, "zebra rule", as_of="2022-06-01") == 1
    wrong = owner.patch(f"/v1/versions/{old['id']}", json={"effective_from": None, "effective_to": None})
    assert wrong.status_code == 422
    assert new["id"] in wrong.json()["detail"]


def test_a_steward_lists_everything_without_a_word_of_it(consilium: Consilium) -> None:
    ingest(consilium, "zebra.txt", "The zebra takes warfarin.", subject="anna", title="Zebra letter")
    with client_as(consilium, STEWARD) as steward:
        reply = steward.post("/v1/documents/listing", json={"whole": True})
        (one,) = reply.json()["documents"]
        assert (one["title"], one["subjects"], one["state"]) == (None, ["anna"], "indexed")
        assert "zebra" not in reply.text.lower()
        assert "zebra" not in steward.get(f"/v1/documents/{one['id']}/labels").text.lower()
        for body in ({"whole": True, "title": "zebra"}, {"whole": True, "order": "title"}):
            assert steward.post("/v1/documents/listing", json=body).status_code == 422
        assert steward.post("/v1/documents/listing", json={}).status_code == 403


def test_titles_are_found_page_by_page(consilium: Consilium, owner: TestClient) -> None:
    for number in range(5):
        ingest(consilium, f"{number}.txt", f"Text {number}.", title=f"Letter {number}")
    ingest(consilium, "other.txt", "Other.", title="Statute")
    body: dict[str, Any] = {"title": "letter", "order": "title", "down": False, "limit": 2}
    titles: list[str] = []
    while body.get("cursor", "first") is not None:
        page = owner.post("/v1/documents/listing", json=body).json()
        titles += [one["title"] for one in page["documents"]]
        body["cursor"] = page["next"]
    assert titles == [f"Letter {number}" for number in range(5)]


def test_a_plan_says_what_goes_and_what_a_hold_keeps_and_changes_nothing(
    consilium: Consilium, owner: TestClient
) -> None:
    gone = ingest(consilium, "a.txt", "The zebra takes warfarin.", subject="anna")
    held = ingest(consilium, "b.txt", "The zebra takes aspirin.", subject="anna")
    hold = owner.post("/v1/holds", json={"document": held, "reason": "Litigation"}).json()["id"]
    plan = owner.post("/v1/erasures/plan", json={"subject": "anna"}).json()
    assert plan["documents"] == [gone]
    assert [(one["document_id"], one["hold_id"]) for one in plan["kept"]] == [(held, hold)]
    assert consilium.catalogue.document(gone) is not None
    assert owner.post("/v1/erasures", json={"subject": "anna"}).json()["documents"] == plan["documents"]


def test_a_draft_is_read_out_of_a_file_and_nothing_is_kept(consilium: Consilium, owner: TestClient) -> None:
    page = b"<html><body><p>One sentence. Another one.</p></body></html>"
    body = owner.post("/v1/readings", files={"file": ("draft.html", page)}).json()
    assert [body["text"][one["start"] : one["end"]] for one in body["sentences"]] == ["One sentence.", "Another one."]
    bad = owner.post("/v1/readings", files={"file": ("draft.pdf", b"%PDF-1.7 nothing")})
    assert bad.json()["code"].startswith("document.")
    assert list(consilium.catalogue.documents("default", [])) == []
    assert list(consilium.catalogue.every_version()) == []


def test_a_check_streams_its_sentences_and_ends_with_all_of_it(consilium: Consilium, owner: TestClient) -> None:
    ingest(consilium, "act.txt", "The controller shall keep the record for six years.")
    draft = "The record is kept. See Article 99. It says “the controller shall keep the record for ten years”."
    with owner.stream("POST", "/v1/checks", json={"draft": draft}, headers={"Accept": "text/event-stream"}) as reply:
        events = [line.removeprefix("event: ") for line in reply.iter_lines() if line.startswith("event: ")]
    assert events == ["draft", "sentence", "sentence", "sentence", "check"]
    whole = owner.post("/v1/checks", json={"draft": draft}).json()
    assert [(one["text"], one["state"]) for one in whole["citations"]] == [("Article 99", "unknown")]
    (quotation,) = whole["quotations"]
    assert quotation["state"] == "misquoted"
    assert {"of": "source", "text": "six "} in quotation["difference"]
