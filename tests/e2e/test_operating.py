"""A real server: what it logs at its most talkative, and how it stops."""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from io import StringIO
from pathlib import Path

import httpx
import pytest

from app.operating import logs
from tests.fakes.model_server import ModelServer, saying
from tests.served import serving

pytestmark = pytest.mark.xdist_group("cli")

TEXT = "The warfarin dose of Ygritte Canaryperson is 5 mg; canarydocument follows."
CANARIES = (
    "canarydocument",
    "Canaryperson",
    "canaryfile",
    "canaryquestion",
    "canaryanswer",
    "canarypath",
    "canaryheader",
)


def lines(log: Path) -> list[dict[str, object]]:
    """Return the lines of JSON of a log; what the console is told in words is not among them."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def reached(model: ModelServer) -> None:
    """Return when a draft is being asked for."""
    until = time.monotonic() + 30
    while not model.requests or "messages" not in model.requests[-1]:
        assert time.monotonic() < until, "nobody asked the model"
        time.sleep(0.01)


def test_no_log_line_holds_content_at_debug_whatever_a_library_says(tmp_path: Path) -> None:
    draft = '{"claims": [{"quotes": [{"passage_id": "p1", "text": "x"}], "claim": "canaryanswer"}]}'
    with ModelServer([saying(draft)], listing=200) as model:
        settings = {"CONSILIUM_LOG_LEVEL": "debug", "CONSILIUM_DRAFTER": "chat", "CONSILIUM_CHAT_URL": model.url}
        with (
            serving(tmp_path / "home", **settings) as served,
            httpx.Client(base_url=served.url, timeout=60, headers=served.headers) as client,
        ):
            upload = {"file": ("canaryfile.txt", TEXT.encode())}
            options = {"options": json.dumps({"subject": "Canaryperson", "collection": "canarypath"})}
            assert client.post("/v1/documents", files=upload, data=options).status_code == 201
            asked = {"question": "What dose, canaryquestion?", "subjects": ["Canaryperson"]}
            id_ = "canary-free-request-id"
            answer = client.post("/v1/answers", json=asked, headers={"X-Request-Id": id_, "X-Other": "canaryheader"})
            assert answer.status_code == 200
            assert len(model.requests) >= 1
            stream = client.post("/v1/answers", json=asked, headers={"Accept": "text/event-stream"})
            assert "event: answer" in stream.text
            client.post("/v1/checks", json={"draft": "canaryanswer, said Canaryperson.", "subjects": ["Canaryperson"]})
            client.post("/v1/redactions", json={"text": "canarydocument of Canaryperson, a@canaryfile.example"})
            client.post("/v1/documents", files={"file": ("canaryfile.json", b'{"canarydocument"')})
            client.post(
                "/v1/answers", content=b'{"question": "canaryquestion', headers={"content-type": "application/json"}
            )
            client.get("/v1/canarypath", params={"subject": "Canaryperson"})
            client.get("/v1/documents/canarypath", params={"subject": "Canaryperson", "as_of": "canarypath"})
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(60) == 0
    text = served.log.read_text(encoding="utf-8")
    for canary in CANARIES:
        assert canary.lower() not in text.lower(), canary
    written = lines(served.log)
    loggers = {str(line["logger"]).split(".")[0] for line in written}
    assert {"consilium", "httpcore", "openai"} <= loggers, "libraries were not talkative, so this shows nothing"
    (request,) = [line for line in written if line.get("request_id") == id_ and line.get("event") == "request"]
    assert (request["route"], request["status"], request["method"]) == ("/v1/answers", 200, "POST")
    assert any(line.get("request_id") == id_ and line["logger"] == "openai._base_client" for line in written)


def test_sigterm_lets_a_running_answer_finish_and_closes_in_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ModelServer([saying('{"claims": []}', pause=0.6)], listing=200) as model:
        settings = {"CONSILIUM_DRAFTER": "chat", "CONSILIUM_CHAT_URL": model.url, "CONSILIUM_DRAIN_DELAY": "1"}
        with serving(home, **settings) as served:
            httpx.post(
                f"{served.url}/v1/documents",
                files={"file": ("a.txt", TEXT.encode())},
                timeout=60,
                headers=served.headers,
            )
            answers: list[int] = []

            def ask() -> None:
                body = {"question": "What is the warfarin dose?"}
                answers.append(
                    httpx.post(f"{served.url}/v1/answers", json=body, timeout=60, headers=served.headers).status_code
                )

            asking = threading.Thread(target=ask)
            asking.start()
            reached(model)
            served.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            ready = httpx.get(f"{served.url}/readyz")
            assert (ready.status_code, ready.json()["code"]) == (503, "service.draining")
            assert httpx.get(f"{served.url}/healthz").status_code == 200
            time.sleep(1)
            asking.join()
            assert answers == [200]
            assert served.process.wait(30) == 0
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"{served.url}/healthz")
    assert not (home / "server.json").exists()
    assert [line["cut"] for line in lines(served.log) if line.get("event") == "server.stopped"] == [False]


def test_an_answer_that_takes_longer_than_the_drain_may_is_cut(tmp_path: Path) -> None:
    with ModelServer([saying('{"claims": []}', pause=60)], listing=200) as model:
        settings = {"CONSILIUM_DRAFTER": "chat", "CONSILIUM_CHAT_URL": model.url, "CONSILIUM_DRAIN_SECONDS": "1"}
        with serving(tmp_path / "home", **settings) as served:
            httpx.post(
                f"{served.url}/v1/documents",
                files={"file": ("a.txt", TEXT.encode())},
                timeout=60,
                headers=served.headers,
            )

            def ask() -> None:
                with pytest.raises(httpx.HTTPError):
                    httpx.post(
                        f"{served.url}/v1/answers",
                        json={"question": "What is the dose?"},
                        timeout=60,
                        headers=served.headers,
                    )

            asking = threading.Thread(target=ask)
            asking.start()
            reached(model)
            started = time.monotonic()
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(30) == 69
            assert time.monotonic() - started < 15
            asking.join()


def test_a_server_that_cannot_start_says_what_is_wrong_and_the_way_out(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError) as caught,
        serving(tmp_path / "home", CONSILIUM_PACK="astrology", CONSILIUM_PAKC="legal"),
    ):
        pass
    said = " ".join(str(caught.value).split())
    assert "error pack: it cannot be loaded" in said
    assert "Choose general, medical or legal" in said
    assert "PAKC is set, and nothing reads it" in said


def test_a_library_s_words_and_an_error_s_words_never_reach_a_line() -> None:
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonFormatter())
    for name in ("vendor", "consilium.test"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.propagate = False
        try:
            int("canarydocument")
        except ValueError:
            logger.exception("event")
    logs.say(logging.getLogger("consilium.test"), logging.ERROR, "event", text="canary document", id="a_1", count=2)
    first, second, third = (json.loads(line) for line in out.getvalue().splitlines())
    assert "event" not in first
    assert first["error"] == "ValueError"
    assert second["event"] == "event"
    assert (third["text"], third["id"], third["count"]) == ("withheld", "a_1", 2)
    assert "canary" not in out.getvalue()
