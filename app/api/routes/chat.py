"""OpenAI-compatible chat completions, so that existing clients ask and get checked quotes as footnotes."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import reduce
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from app.answering.follow_ups import follow_up
from app.answering.footnotes import Footnotes
from app.answering.presentation import JSON, decision_json
from app.answering.service import AnswerService
from app.answering.vocabulary import vocabulary, words
from app.api import chat_views as views
from app.api.callers import CallerHere
from app.api.problems import chat_problem, faults
from app.api.streams import EVENTS, Attendance
from app.assistants import MODEL as AS_MODEL
from app.bootstrap import Consilium
from app.requests import Scoped
from domain.answers import Decision
from domain.callers import Caller, Resource
from domain.errors import ConsiliumError, RequestError
from domain.questions import Question

MODEL: Final = "consilium"
_PREFIX: Final = "consilium/"
_ASSISTANT: Final = "consilium/assistant/"
_LONGEST: Final = 4_000
_STATUSES: Final = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 504)
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": views.ChatError, "description": "An error in OpenAI's shape.", "content": {}}
    for status in _STATUSES
}
_DONE: Final = "data: [DONE]\n\n"
Asked = Callable[[], Iterator[tuple[str, JSON]]]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _models(application, consilium)

    @application.post(
        "/v1/chat/completions",
        response_model=views.ChatCompletion,
        summary="Ask as OpenAI's clients do",
        responses=_ERRORS | {200: {"content": EVENTS}},
    )
    async def complete(request: Request, body: views.ChatBody, caller: CallerHere) -> Any:
        question, decision = _question(consilium, body, caller)
        answers = consilium.answers
        if body.model.startswith(_ASSISTANT):
            answers, question = await run_in_threadpool(_assisted, consilium, body, question, caller)
        attendance: Attendance = request.app.state.attendance
        base = str(request.base_url).rstrip("/")
        created = int(consilium.clock.now().timestamp())
        writer = _Writer(body, base, created, decision)
        if body.stream:
            return StreamingResponse(
                attendance.stream(lambda: writer.chunks(answers.stream(question))),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
        return await attendance.whole(request, lambda: writer.whole(answers.answer(question)))


def _models(application: FastAPI, consilium: Consilium) -> None:
    def every(caller: Caller) -> list[str]:
        asker = Scoped.model_validate({"tenant": caller.tenant}).question(consilium, "models", caller=caller)
        tenant = Resource(kind="tenant", id=caller.tenant, tenant=caller.tenant)
        consilium.access.require(caller, "model.list", tenant)
        assistants = consilium.assistants.usable(caller, caller.tenant, AS_MODEL)
        collections = [f"{_PREFIX}{name}" for name in consilium.library.collections(asker)]
        found = [MODEL, *collections, *(f"{_ASSISTANT}{one.name}" for one in assistants)]
        return list(dict.fromkeys(found))

    @application.get("/v1/models", response_model=views.ModelsView, summary="List models", responses=_ERRORS)
    def models(caller: CallerHere) -> Any:
        return {"object": "list", "data": [_model(name) for name in every(caller)]}

    @application.get(
        "/v1/models/{model:path}", response_model=views.ModelView, summary="Show a model", responses=_ERRORS
    )
    def model(model: str, caller: CallerHere) -> Any:
        if model not in every(caller):
            raise RequestError("request.not_found", "model")
        return _model(model)


def _model(name: str) -> JSON:
    return {"id": name, "object": "model", "created": 0, "owned_by": "consilium"}


def _question(consilium: Consilium, body: views.ChatBody, caller: Caller) -> tuple[Question, Decision | None]:
    """Return the last user message as a question, with what it took over from those before it."""
    asked = [message.text.strip() for message in body.messages if message.role == "user" and message.text.strip()]
    if not asked or len(asked[-1]) > _LONGEST:
        raise RequestError("request.invalid", f"messages: the last one of a user is the question, 1 to {_LONGEST} long")
    known = vocabulary()
    before = reduce(lambda previous, text: follow_up(text, previous, known)[0], asked[:-1], "")
    text, decision = follow_up(asked[-1], before, known)
    return _scope(body, caller).question(consilium, text, caller=caller), decision


def _scope(body: views.ChatBody, caller: Caller) -> Scoped:
    if body.model != MODEL and not body.model.startswith(_PREFIX):
        raise RequestError("request.not_found", "model: see /v1/models")
    given: dict[str, Any] = {"tenant": caller.tenant} | _from_metadata(body.metadata or {})
    if body.consilium:
        given |= body.consilium.model_dump(exclude_unset=True)
    only = body.model.removeprefix(_PREFIX)
    if body.model != MODEL and not body.model.startswith(_ASSISTANT):
        if given.get("collections") and only not in given["collections"]:
            raise RequestError("request.invalid", "collections: not those of the model")
        given["collections"] = [only]
    try:
        return Scoped.model_validate(given)
    except ValidationError as error:
        raise RequestError("request.invalid", faults(error)) from None


def _assisted(
    consilium: Consilium, body: views.ChatBody, question: Question, caller: Caller
) -> tuple[AnswerService, Question]:
    """Return who answers for the model of an assistant, and the question as it lets it be asked."""
    name = body.model.removeprefix(_ASSISTANT)
    serving = consilium.assistants.serving(caller, question.scope.tenant, name, AS_MODEL)
    given = frozenset(_scope(body, caller).named())
    return consilium.assisted.by(serving), consilium.assisted.narrow(question, serving, given)


def _from_metadata(metadata: Mapping[str, str]) -> JSON:
    found: JSON = {name: metadata[name] for name in ("tenant", "as_of", "purpose") if metadata.get(name)}
    for name in ("subjects", "collections"):
        if named := [part.strip() for part in metadata.get(name, "").split(",") if part.strip()]:
            found[name] = named
    return found


class _Writer:
    """Writes an answer as a completion, whole or in chunks."""

    def __init__(self, body: views.ChatBody, base: str, created: int, decision: Decision | None) -> None:
        self._body, self._created, self._decision = body, created, decision
        self._notes = Footnotes(base)
        self._id = f"chatcmpl-{created}"

    def whole(self, answer: JSON) -> JSON:
        """Return the completion."""
        text = self._rest(answer, 0)
        return self._head("chat.completion", answer["id"]) | {
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": self._message(answer, text), "logprobs": None}
            ],
            "usage": self._usage(text),
            "consilium": self._own(answer),
        }

    def chunks(self, events: Iterator[tuple[str, JSON]]) -> Generator[str]:
        """Yield server-sent events: the role, each claim as it stands, footnotes with annotations, the end."""
        said = 0
        text = ""
        yield self._chunk({"role": "assistant", "content": ""})
        try:
            for event, data in events:
                if event == "claim":
                    said, piece = said + 1, self._notes.claim(data)
                    text += piece
                    yield self._chunk({"content": piece})
                elif event == "answer":
                    rest = self._rest(data, said)
                    text += rest
                    message = self._message(data, rest)
                    del message["role"]
                    yield self._chunk(message)
                    yield self._chunk({}, "stop", consilium=self._own(data))
        except ConsiliumError as error:
            yield f"data: {bytes(chat_problem(error.code, error.detail).body).decode()}\n\n"
            return
        if self._body.stream_options and self._body.stream_options.include_usage:
            last = self._head("chat.completion.chunk", self._id) | {"choices": [], "usage": self._usage(text)}
            yield f"data: {json.dumps(last, ensure_ascii=False)}\n\n"
        yield _DONE

    def _rest(self, answer: JSON, said: int) -> str:
        """Return what is not said yet; claims that are flagged come last."""
        if answer["status"] == "refused":
            return self._notes.refusal(answer["refusal"])
        supported = [claim for claim in answer["claims"] if claim["verdict"] == "supported"]
        flagged = [claim for claim in answer["claims"] if claim["verdict"] != "supported"]
        return "".join(map(self._notes.claim, [*supported[said:], *flagged])) + self._notes.notes()

    def _message(self, answer: JSON, text: str) -> JSON:
        refused = answer["status"] == "refused"
        return {
            "role": "assistant",
            "content": text,
            "refusal": answer["refusal"]["reason"] if refused else None,
            "annotations": [] if refused else self._notes.annotations,
        }

    def _own(self, answer: JSON) -> JSON:
        policies = [decision_json(self._decision)] if self._decision else []
        own: JSON = {"answer_id": answer["id"], "status": answer["status"]}
        own["policies"] = [*policies, *answer["policies"]]
        return own | ({"assistant": answer["assistant"]} if "assistant" in answer else {})

    def _usage(self, text: str) -> JSON:
        asked = sum(len(words(message.text)) for message in self._body.messages)
        said = len(words(text))
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}

    def _head(self, kind: str, key: str) -> JSON:
        return {"id": key, "object": kind, "created": self._created, "model": self._body.model}

    def _chunk(self, delta: JSON, finish: str | None = None, **more: JSON) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        body = self._head("chat.completion.chunk", self._id) | {"choices": [choice]} | more
        return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
