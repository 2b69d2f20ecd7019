"""Whatever is sent, no answer is undocumented, nothing fails inside, and no log says what was sent."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.bootstrap import Consilium
from tests.bench.api_fuzz import fuzz, listened
from tests.clients import application_of
from tests.data import shared_data

CHEAP = (
    "/v1/conversations",
    "/v1/conversations/{conversation_id}",
    "/v1/conversations/{conversation_id}/messages",
    "/v1/feedback",
    "/v1/feedback/{feedback_id}",
    "/v1/webhooks",
    "/v1/webhooks/{webhook_id}",
    "/v1/versions/{version_id}",
    "/v1/versions/{version_id}/outline",
    "/v1/versions/{version_id}/text",
    "/v1/versions/{version_id}/locator",
    "/v1/versions/{version_id}/original",
    "/v1/versions/{version_id}/changes",
    "/v1/documents/{document_id}/versions",
    "/v1/models/{model}",
    "/v1/audit",
)
CANARY = "zqlogcanaryx"


def test_a_few_examples_of_each_operation_are_as_documented(house: Consilium) -> None:
    assert fuzz(application_of(house), 4, 4, CHEAP) == {}


def test_a_planted_error_is_found_with_enough_examples(house: Consilium) -> None:
    planted: FastAPI = application_of(house)

    @planted.get("/v1/planted")
    def odd(number: int) -> dict[str, int]:
        return {"number": 1 // (number % 7 - 3)}

    assert list(fuzz(planted, 100, 4, ("/v1/planted",))) == ["GET /v1/planted"]


@pytest.mark.slow
def test_naughty_strings_and_orders_through_text_fields_fail_nothing_and_reach_no_log(house: Consilium) -> None:
    naughty = json.loads(shared_data("faults/blns.json").read_text(encoding="utf-8"))[::40]
    lines = shared_data("faults/prompt_injection.jsonl").read_text(encoding="utf-8").splitlines()
    orders = [json.loads(line)["text"] for line in lines[:: max(1, len(lines) // 8)]]

    def send() -> None:
        with TestClient(application_of(house), raise_server_exceptions=False) as client:
            for text in (f"{CANARY} {one}" for one in [*naughty, *orders]):
                for route, body in (
                    ("/v1/answers", {"question": text}),
                    ("/v1/search", {"query": text}),
                    ("/v1/chat/completions", {"model": "consilium", "messages": [{"role": "user", "content": text}]}),
                    ("/v1/conversations", {"subjects": [text[:200]]}),
                    ("/v1/feedback", {"answer_id": text[:200], "verdict": "wrong", "comment": text}),
                    ("/v1/webhooks", {"url": text, "events": ["erasure.done"]}),
                ):
                    reply = client.post(route, json=body)
                    assert reply.status_code < 500, (route, reply.status_code)
                    assert "html" not in reply.headers["content-type"]
                    if reply.status_code >= 400:
                        assert CANARY not in reply.text

    assert CANARY not in listened(send)
