"""Asking, searching, checking and redacting."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from app.answering.presentation import JSON
from app.api import views
from app.api.callers import CallerHere
from app.api.problems import problem
from app.api.streams import EVENTS, Attendance
from app.bootstrap import Consilium
from app.requests import AskBody, CheckBody, RedactBody, SearchBody, with_assistant
from domain.errors import ConsiliumError


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _tools(application, consilium)

    @application.post(
        "/v1/answers",
        response_model=views.AnswerView,
        response_model_exclude_unset=True,
        summary="Ask a question",
        responses={200: {"content": EVENTS}},
    )
    async def answers(
        request: Request, body: AskBody, caller: CallerHere, accept: Annotated[str, Header()] = "application/json"
    ) -> Any:
        question = body.to_question(consilium, caller)
        if body.assistant is None and body.assistant_version is None:
            service, asked = consilium.answers, question
        else:
            service, asked = await run_in_threadpool(with_assistant, consilium, question, body, caller)
        return await reply(request, accept, lambda: service.stream(asked), lambda: service.answer(asked))


async def reply(
    request: Request, accept: str, stream: Callable[[], Iterator[tuple[str, JSON]]], whole: Callable[[], JSON]
) -> Any:
    """Return what ``stream`` yields as server-sent events where they are accepted, otherwise ``whole`` as JSON."""
    attendance: Attendance = request.app.state.attendance
    if "text/event-stream" not in accept:
        return await attendance.whole(request, whole)
    return StreamingResponse(
        attendance.stream(lambda: _events(stream())),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _events(events: Iterator[tuple[str, JSON]]) -> Generator[str]:
    """Yield server-sent events: "claim" as each stands, then "answer", or "problem" when a part fails."""
    try:
        for name, data in events:
            yield event(name, data)
    except ConsiliumError as error:
        yield event("problem", json.loads(bytes(problem(error.code, error.detail).body)))


def event(name: str, data: JSON) -> str:
    """Return a server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _tools(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/search", response_model=views.SearchView, response_model_exclude_unset=True, summary="Find passages"
    )
    def search(body: SearchBody, caller: CallerHere) -> Any:
        return consilium.search.search(body.to_question(consilium, caller), body.mode)

    @application.post(
        "/v1/checks",
        response_model=views.CheckView,
        response_model_exclude_unset=True,
        summary="Check a draft",
        responses={200: {"content": EVENTS}},
    )
    async def checks(
        request: Request, body: CheckBody, caller: CallerHere, accept: Annotated[str, Header()] = "application/json"
    ) -> Any:
        draft = body.to_question(consilium, caller)
        return await reply(
            request, accept, lambda: consilium.checks.stream(draft), lambda: consilium.checks.check(draft)
        )

    @application.post("/v1/redactions", response_model=views.RedactionView, summary="Redact a text by purpose")
    def redactions(body: RedactBody, caller: CallerHere) -> Any:
        return consilium.redactions.redact(body.to_question(consilium, caller))
