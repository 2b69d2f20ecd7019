from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from app.answering.chat import ChatDrafter
from app.system import SystemClock
from domain.answers import DraftedClaim
from domain.errors import ServiceError
from tests.fakes.model_server import JSON, ModelServer, Reply, claiming, draft, event, pieces, saying
from tests.unit.answering.cases import evidence, question

CLAIM = ([("P1", "Aspirin 75 mg daily.")], "Aspirin is taken daily.")
OTHER = ([("P2", "No allergies.")], "There are no allergies.")
EVIDENCE = evidence("Aspirin 75 mg daily.", "No allergies.")
GOOD = claiming(CLAIM, OTHER)
SECRET = "the-server-said-this"
ASKED = "Which dose of quinquedramine?"


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Load the vendors' modules once, outside of the short deadlines of these tests."""
    with ModelServer([saying('{"claims": []}')]) as server:
        assert run(server)[0] == []


def drafter(server: ModelServer, *, max_claims: int = 12, max_bytes: int = 100_000) -> ChatDrafter:
    return ChatDrafter(
        base_url=server.url,
        model="m",
        clock=SystemClock(),
        max_claims=max_claims,
        max_bytes=max_bytes,
        pause=lambda _: None,
    )


def run(server: ModelServer, seconds: float = 20, made: ChatDrafter | None = None) -> tuple[list[DraftedClaim], str]:
    """Return the claims that came, and the error after them."""
    claims = []
    try:
        for claim in (made or drafter(server)).draft(question(ASKED), EVIDENCE, time.monotonic() + seconds):
            claims.append(claim)  # noqa: PERF402 - what came before an error counts
    except ServiceError as error:
        # a traceback would print the server's words otherwise
        shown = "" if error.__suppress_context__ and error.__cause__ is None else " with its context"
        return claims, f"{error.code} {error.detail}".strip() + shown
    return claims, ""


def answer(replies: Sequence[Reply] | Callable[[JSON], Reply], seconds: float = 20) -> tuple[int, str, int]:
    """Return how many claims came, the error after them, and how many requests the server saw."""
    with ModelServer(replies) as server:
        claims, error = run(server, seconds)
        return len(claims), error, len(server.requests)


def test_claims_carry_passage_ids_for_the_short_ids_of_the_prompt() -> None:
    with ModelServer([GOOD]) as server:
        claims, _ = run(server)
    assert [(claim.quotes[0].passage_id, claim.text) for claim in claims] == [
        ("p1", "Aspirin is taken daily."),
        ("p2", "There are no allergies."),
    ]


def test_the_server_is_asked_for_streamed_json_of_the_schema() -> None:
    with ModelServer([GOOD]) as server:
        run(server)
    (request,) = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["stream"] is True
    assert request["response_format"]["type"] == "json_schema"
    assert request["temperature"] == 0
    assert [message["role"] for message in request["messages"]] == ["system", "user"]


def test_the_server_learns_nothing_about_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_API_KEY", "key-secret")
    monkeypatch.setenv("VLLM_API_KEY", "key-secret")
    with ModelServer([GOOD]) as server:
        run(server)
    assert "secret" not in str(server.headers)
    assert not [name for name in server.headers[0] if name.startswith(("x-stainless", "openai"))]


def test_a_claim_comes_before_the_reply_has_ended() -> None:
    text = draft(CLAIM, OTHER)
    first = text.index("}, {", text.index("taken"))
    with ModelServer([Reply(parts=pieces(text[: first + 1]), hang=True)]) as server:
        claims = drafter(server).draft(question("What?"), EVIDENCE, time.monotonic() + 20)
        assert next(claims).text == "Aspirin is taken daily."
        assert [thread for thread in threading.enumerate() if thread.name == "model-server"]
        getattr(claims, "close")()  # noqa: B009 - the port promises an iterator only
        assert not [thread for thread in threading.enumerate() if thread.name == "model-server"]


def test_an_empty_list_is_no_claims_and_no_error() -> None:
    assert answer([saying('{"claims": []}')]) == (0, "", 1)


def test_no_evidence_asks_nobody() -> None:
    with ModelServer([GOOD]) as server:
        assert list(drafter(server).draft(question("What?"), [], time.monotonic() + 20)) == []
        assert server.requests == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=503, parts=[SECRET.encode()]),
        Reply(status=429),
        Reply(parts=pieces(draft(CLAIM))[:5], cut=True),
        Reply(parts=[b"<html>" + SECRET.encode() + b"</html>"]),
        Reply(parts=[b"\xff\xfe\x00" * 50]),
        Reply(parts=[b'data: {"error": {"message": "' + SECRET.encode() + b'"}}\n\n']),
        Reply(parts=[b"data: " + b"[" * 5000 + b"\n\n"]),
        Reply(parts=[b"data: null\n\n"]),
        Reply(parts=[b'data: {"choices": 7}\n\n']),
        saying(SECRET),
        saying('{"claims": [{"quotes": 1}]}'),
        Reply(headers={"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}, parts=[b"\x1f\x8b"]),
        Reply(parts=[], cut=True),
    ],
)
def test_a_reply_that_breaks_before_its_first_claim_is_asked_for_again(reply: Reply) -> None:
    assert answer([reply, reply, GOOD]) == (2, "", 3)


def test_the_third_broken_reply_is_the_last() -> None:
    assert answer([Reply(status=503)]) == (0, "service.drafter_unavailable http_503, tries: 3", 3)


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_request_that_the_server_refuses_is_not_repeated(status: int) -> None:
    reply = Reply(status=status, parts=[b'{"error": {"message": "' + SECRET.encode() + b'"}}'])
    assert answer([reply]) == (0, f"service.drafter_unavailable http_{status}, tries: 1", 1)


def test_a_redirect_is_not_followed() -> None:
    with ModelServer([GOOD]) as elsewhere:
        for status in (301, 302, 307, 308):
            reply = Reply(status=status, headers={"Location": f"{elsewhere.url}/chat/completions"})
            assert answer([reply]) == (0, f"service.drafter_unavailable http_{status}, tries: 1", 1)
        assert elsewhere.requests == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with ModelServer([GOOD]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert answer([GOOD]) == (2, "", 1)
        assert proxy.requests == []


def test_a_reply_that_breaks_later_keeps_its_claims_and_is_not_asked_for_again() -> None:
    broken = Reply(parts=pieces(draft(CLAIM, OTHER))[:-3], cut=True)
    assert answer([broken, GOOD]) == (1, "service.drafter_unavailable broken_reply, tries: 1", 1)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with ModelServer([GOOD]) as server:
        pass
    assert run(server) == ([], "service.drafter_unavailable unreachable, tries: 3")


def test_a_reply_over_the_limit_is_cut() -> None:
    parts = [b"data: " + b"x" * 50_000] * 400
    assert answer([Reply(parts=parts)]) == (0, "service.drafter_unavailable too_large, tries: 1", 1)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(hang_first=True),
        Reply(hang=True),
        Reply(parts=pieces(draft(CLAIM))[:4], hang=True),
        saying(draft(CLAIM), size=1, pause=0.05),
        Reply(parts=[b":\n\n"] * 200, pause=0.05),
    ],
    ids=["says nothing", "only headers", "stops half way", "drips", "drips comments"],
)
def test_the_deadline_holds_whatever_the_server_does(reply: Reply) -> None:
    started = time.monotonic()
    assert answer([reply], 0.25) == (0, "service.drafter_deadline", 1)
    assert time.monotonic() - started < 2
    assert not [thread for thread in threading.enumerate() if thread.name == "model-server"]


def test_a_reader_that_is_slow_meets_the_deadline_as_well() -> None:
    with ModelServer([claiming(*[CLAIM] * 5)]) as server:
        claims = drafter(server).draft(question("What?"), EVIDENCE, time.monotonic() + 0.5)
        assert next(claims).text == "Aspirin is taken daily."
        time.sleep(0.6)
        with pytest.raises(ServiceError) as caught:
            next(claims)
    assert caught.value.code == "service.drafter_deadline"


def test_a_deadline_that_has_passed_asks_nobody() -> None:
    assert answer([GOOD], -1) == (0, "service.drafter_deadline", 0)


def test_retries_wait_longer_each_time_and_not_past_the_deadline() -> None:
    waits: list[float] = []
    with ModelServer([Reply(status=503)]) as server:
        made = ChatDrafter(base_url=server.url, model="m", clock=SystemClock(), pause=waits.append, jitter=lambda: 0.5)
        run(server, 20, made)
        assert waits == [0.2, 0.4]
        assert run(server, 0.15, made) == ([], "service.drafter_unavailable http_503, tries: 1")
    assert len(waits) == 2


def test_no_more_claims_are_taken_than_allowed() -> None:
    with ModelServer([claiming(*[CLAIM] * 50)]) as server:
        assert len(run(server, 20, drafter(server, max_claims=3))[0]) == 3


def test_no_log_holds_a_word_of_the_question_the_evidence_or_the_reply(caplog: pytest.LogCaptureFixture) -> None:
    call = {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "f", "arguments": "{" + SECRET}}]}
    caplog.set_level(logging.DEBUG)
    with ModelServer([GOOD]) as server:
        made = drafter(server)
        caplog.set_level(logging.DEBUG, logger="httpcore")
        run(server, 20, made)
    with ModelServer(
        [saying(SECRET), Reply(parts=[event(call)]), Reply(status=500, parts=[SECRET.encode()])]
    ) as server:
        run(server)
    assert "quinquedramine" not in caplog.text
    assert "Aspirin" not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://host/v1", "127.0.0.1:8000", "http://user:pass@host/v1", "http://", ""]
)
def test_only_plain_http_addresses_are_accepted(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        ChatDrafter(base_url=address, model="m", clock=SystemClock())


def test_the_name_says_which_model() -> None:
    assert ChatDrafter(base_url="http://127.0.0.1:1/v1", model="m", clock=SystemClock()).name == "chat/m"
