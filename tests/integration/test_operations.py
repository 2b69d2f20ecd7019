"""What an operator sees: headers, ids, metrics, traces, readiness."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app.answering.chat import ChatDrafter
from app.answering.model_probe import ModelProbe
from app.bootstrap import Consilium, Replacements, build
from app.operating.metered import MeteredAuditLog
from app.operating.metrics import Metrics
from app.operating.readiness import Readiness
from app.operating.tracing import TRACING
from app.settings import load_settings
from app.system import SystemClock
from domain.errors import PolicyUnavailableError, ServiceError
from domain.ports.embedder import Embedder
from tests.clients import client_of
from tests.fakes.model_server import ModelServer, saying

QUESTION = {"question": "Is the patient allergic to penicillin?", "subjects": ["lind-anna-1951"]}


@pytest.fixture
def client(house: Consilium) -> Iterator[TestClient]:
    with client_of(house, raise_server_exceptions=False) as client:
        yield client


def value(metrics: Metrics, name: str, **labels: str) -> float:
    """Return a sample of what a scrape would read; 0 where there is none."""
    for family in text_string_to_metric_families(generate_latest(metrics.registry).decode()):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return 0.0


@pytest.mark.parametrize("path", ["/healthz", "/v1/nothing", "/v1/documents", "/docs"])
def test_every_response_has_the_security_headers_and_an_id(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert len(headers["x-request-id"]) == 32


def test_the_api_page_runs_scripts_of_this_server_alone(client: TestClient) -> None:
    policy = client.get("/docs").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_hsts_is_said_only_behind_tls(house: Consilium) -> None:
    settings = house.settings.model_copy(update={"behind_tls": True})
    with client_of(replace(house, settings=settings)) as client:
        assert client.get("/healthz").headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("req-0123456789", True), ("short", False), ("x" * 65, False), ("a b c d e f g", False), ("<script>alert", False)],
)
def test_a_request_id_is_returned_when_it_is_well_formed_and_replaced_otherwise(
    client: TestClient, given: str, *, kept: bool
) -> None:
    assert (client.get("/healthz", headers={"X-Request-Id": given}).headers["x-request-id"] == given) is kept


def test_no_other_page_may_call_the_api_until_it_is_named(house: Consilium, client: TestClient) -> None:
    asking = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/v1/answers", headers=asking).headers
    settings = house.settings.model_copy(update={"cors_origins": ("https://a.example",)})
    with client_of(replace(house, settings=settings)) as opened:
        allowed = opened.options("/v1/answers", headers=asking).headers
        assert allowed["access-control-allow-origin"] == "https://a.example"
        assert "access-control-allow-credentials" not in allowed
        other = opened.options("/v1/answers", headers=asking | {"Origin": "https://b.example"}).headers
        assert "access-control-allow-origin" not in other


def test_the_metrics_count_by_template_status_and_code_and_hold_no_ids(house: Consilium, client: TestClient) -> None:
    metrics = house.operations.metrics
    answered = value(metrics, "consilium_answers_total", status="answered", code="none")
    refused = value(metrics, "consilium_answers_total", status="refused", code="refusal.no_evidence")
    verdicts = value(metrics, "consilium_verdicts_total", kind="supported")
    assert client.post("/v1/answers", json=QUESTION).status_code == 200
    client.post("/v1/answers", json={"question": "Who won the regatta?", "collections": ["none-such"]})
    client.get("/v1/documents/lind-anna-1951")
    assert value(metrics, "consilium_answers_total", status="answered", code="none") == answered + 1
    assert value(metrics, "consilium_answers_total", status="refused", code="refusal.no_evidence") == refused + 1
    assert value(metrics, "consilium_verdicts_total", kind="supported") > verdicts
    labels = {"method": "GET", "route": "/v1/documents/{document_id}", "status": "404"}
    assert value(metrics, "consilium_requests_total", **labels) >= 1
    assert value(metrics, "consilium_request_seconds_count", method="POST", route="/v1/answers") >= 2
    assert value(metrics, "consilium_index_passages") == house.index.count()
    text = generate_latest(metrics.registry).decode()
    for word in ("lind-anna", "penicillin", "regatta", "none-such"):
        assert word not in text


def test_the_metrics_have_a_port_of_their_own() -> None:
    metrics = Metrics()
    with metrics.served("127.0.0.1", 0) as port:
        assert "consilium_audit_failures_total 0.0" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        with pytest.raises(ServiceError) as caught, metrics.served("127.0.0.1", port):
            pass
    assert caught.value.code == "service.port_unavailable"


def test_an_event_that_cannot_be_recorded_is_counted() -> None:
    class Broken:
        def append(self, event: str, facts: object) -> None:
            raise PolicyUnavailableError("policy.audit_unavailable")

    metrics = Metrics()
    with pytest.raises(PolicyUnavailableError):
        MeteredAuditLog(Broken(), metrics).append("question", {})
    assert value(metrics, "consilium_audit_failures_total") == 1


def test_traces_hold_routes_and_components_and_no_content(client: TestClient) -> None:
    exporter = InMemorySpanExporter()
    above = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with TRACING.started(exporter=exporter):
        client.post("/v1/answers", json=QUESTION, headers={"traceparent": above, "tracestate": "x=penicillin"})
    spans = exporter.get_finished_spans()
    by_name = {span.name: span for span in spans}
    server = by_name["POST /v1/answers"]
    assert format(server.context.trace_id, "032x") == "0af7651916cd43dd8448eb211c80319c"
    assert dict(server.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/answers",
        "http.response.status_code": 200,
    }
    components = {(s.attributes or {}).get("haystack.component.name") for s in spans}
    assert "fusion" in components
    assert {span.context.trace_id for span in spans} == {server.context.trace_id}
    everything = " ".join(span.to_json() for span in spans)
    for word in ("penicillin", "lind-anna", "allergic", "Anna"):
        assert word not in everything


def test_the_model_s_span_follows_the_conventions_without_content(house: Consilium) -> None:
    usage = b'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":'
    usage += b'{"prompt_tokens":812,"completion_tokens":9,"total_tokens":821}}\n\n'
    honest = saying('{"claims": []}')
    reply = replace(honest, parts=[*honest.parts[:-1], usage, honest.parts[-1]])
    exporter = InMemorySpanExporter()
    with ModelServer([reply]) as server, TRACING.started(exporter=exporter):
        drafter = ChatDrafter(base_url=server.url, model="med-7b", clock=SystemClock())
        with client_of(replace(house, answers=replace(house.answers, drafter=drafter))) as client:
            assert client.post("/v1/answers", json=QUESTION).json()["status"] == "refused"
    spans = {span.name: span for span in exporter.get_finished_spans()}
    span = spans["chat med-7b"]
    found = dict(span.attributes or {})
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.request.model"] == "med-7b"
    assert (found["gen_ai.usage.input_tokens"], found["gen_ai.usage.output_tokens"]) == (812, 9)
    assert span.parent is not None
    assert span.context.trace_id == spans["POST /v1/answers"].context.trace_id
    assert "penicillin" not in span.to_json()


def test_readiness_names_the_part_that_is_not_ready_and_recovers(house: Consilium) -> None:
    broken = threading.Event()

    def audit() -> None:
        if broken.is_set():
            raise PolicyUnavailableError("policy.audit_unavailable")

    readiness = Readiness({"audit": audit, "index": house.index.count}, Metrics(), fresh=0)
    operations = replace(house.operations, readiness=readiness)
    with client_of(replace(house, operations=operations)) as client:
        assert client.get("/readyz").status_code == 200
        broken.set()
        response = client.get("/readyz")
        assert (response.status_code, response.json()["code"]) == (503, "policy.audit_unavailable")
        assert "audit: policy.audit_unavailable" in response.json()["detail"]
        assert client.get("/healthz").status_code == 200
        broken.clear()
        assert client.get("/readyz").status_code == 200


def test_a_part_that_hangs_costs_the_probe_its_time_and_no_more_and_is_not_asked_twice() -> None:
    release, asked = threading.Event(), list[int]()

    def hangs() -> None:
        asked.append(1)
        release.wait(10)

    metrics = Metrics()
    readiness = Readiness({"database": hangs}, metrics, seconds=0.05, fresh=0)
    started = time.monotonic()
    assert readiness.faults() == {"database": "timeout"}
    assert readiness.faults() == {"database": "timeout"}
    assert time.monotonic() - started < 2
    assert len(asked) == 1
    assert value(metrics, "consilium_part_ready", part="database") == 0
    release.set()
    time.sleep(0.05)
    assert readiness.faults() == {}


def test_who_drains_is_not_ready(house: Consilium) -> None:
    draining = threading.Event()
    draining.set()
    operations = replace(house.operations, draining=draining)
    with client_of(replace(house, operations=operations)) as client:
        response = client.get("/readyz")
        assert (response.status_code, response.json()["code"]) == (503, "service.draining")
        assert client.get("/healthz").json() == {"status": "alive"}


def test_the_audit_sink_is_proved_without_an_event(tmp_path: Path, encoder: Embedder) -> None:
    with build(load_settings(home=tmp_path), Replacements(embedder=encoder)) as consilium:
        assert consilium.operations.readiness.faults() == {}
        assert not (tmp_path / "audit-head.json").exists()
        (tmp_path / "audit-head.json").mkdir()
        time.sleep(1.1)
        assert consilium.operations.readiness.faults() == {"audit": "policy.audit_unavailable"}


@pytest.mark.parametrize(("status", "ready"), [(200, True), (404, True), (401, False), (503, False)])
def test_a_model_server_is_ready_when_it_answers_and_takes_our_key(status: int, *, ready: bool) -> None:
    with ModelServer([], listing=status) as server:
        probe = ModelProbe(base_url=server.url, api_key="k")
        if ready:
            probe.prove()
        else:
            with pytest.raises(ServiceError) as caught:
                probe.prove()
            assert caught.value.detail == f"http_{status}"


def test_a_model_server_that_is_not_there_is_not_ready() -> None:
    with pytest.raises(ServiceError) as caught:
        ModelProbe(base_url="http://127.0.0.1:9/v1").prove()
    assert caught.value.code == "service.drafter_unavailable"
