"""The FastAPI application over a built product."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Form, Header, Query, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.responses import Response

from app.about import about
from app.answering.presentation import JSON
from app.api import views
from app.api.problems import MEDIA_TYPE, Problem, install, problem
from app.bootstrap import Consilium
from app.outcomes import hold_json, outcome_json, receipt_json
from app.requests import AskBody, CheckBody, EraseBody, HoldBody, IngestOptions, RedactBody, Scoped, SearchBody
from domain.errors import ConsiliumError, RequestError
from domain.questions import Question

MAX_BODY: Final = 4 * 2**20
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA_TYPE: {}}}
    for status, text in (
        (400, "The request cannot be read."),
        (404, "Nothing by that id within the scope."),
        (409, "Labels or dates disagree with what is kept."),
        (413, "The request is too large."),
        (415, "No reader for this type of file."),
        (422, "The request or the file is not valid."),
        (500, "Something unexpected failed."),
        (503, "A part that safety needs is unavailable, so nothing is said."),
        (504, "The model server did not finish before the deadline."),
    )
}


def create_application(consilium: Consilium) -> FastAPI:
    """Return the application; it answers only while ``consilium`` is open."""
    application = FastAPI(
        title="Consilium",
        version=version("consilium"),
        description="Answers from your own records and the law in force; every claim carries verbatim, checked quotes.",
        responses=_PROBLEMS,
        openapi_url="/openapi.json",
    )
    install(application)
    _limit_bodies(application, consilium.settings.max_bytes)
    _answering(application, consilium)
    _tools(application, consilium)
    _documents(application, consilium)
    _lifecycle(application, consilium)
    _operations(application, consilium)
    return application


def _scope(
    tenant: Annotated[str, Query(max_length=200)] = "default",
    subject: Annotated[list[str] | None, Query(description="Patients or matters in scope.")] = None,
    collection: Annotated[list[str] | None, Query(description="Collections in scope; all when absent.")] = None,
    as_of: Annotated[date | None, Query(description="Text in force on this date; default today.")] = None,
    purpose: Annotated[str | None, Query(description="Why it is asked.")] = None,
) -> Scoped:
    try:
        return Scoped.model_validate(
            {
                "tenant": tenant,
                "subjects": subject or [],
                "collections": collection or [],
                "as_of": as_of,
                "purpose": purpose,
            }
        )
    except ValidationError as error:
        raise RequestError("request.invalid", _faults(error)) from None


ScopeQuery = Annotated[Scoped, Depends(_scope)]


def _asker(scope: Scoped, consilium: Consilium) -> Question:
    return scope.question(consilium, "browse")


def _answering(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/answers",
        response_model=views.AnswerView,
        response_model_exclude_unset=True,
        summary="Ask a question",
        responses={200: {"content": {"text/event-stream": {"example": 'event: claim\ndata: {"text": "…"}\n\n'}}}},
    )
    def answers(body: AskBody, accept: Annotated[str, Header()] = "application/json") -> Any:
        question = body.to_question(consilium)
        if "text/event-stream" in accept:
            return StreamingResponse(
                _events(consilium, question), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        return consilium.answers.answer(question)


def _events(consilium: Consilium, question: Question) -> Iterator[str]:
    """Yield server-sent events: "claim" as each stands, then "answer", or "problem" when a part fails."""
    try:
        for event, data in consilium.answers.stream(question):
            yield _event(event, data)
    except ConsiliumError as error:
        yield _event("problem", json.loads(bytes(problem(error.code, error.detail).body)))


def _event(name: str, data: JSON) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _tools(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/search", response_model=views.SearchView, response_model_exclude_unset=True, summary="Find passages"
    )
    def search(body: SearchBody) -> Any:
        return consilium.search.search(body.to_question(consilium), body.mode)

    @application.post(
        "/v1/checks", response_model=views.CheckView, response_model_exclude_unset=True, summary="Check a draft"
    )
    def checks(body: CheckBody) -> Any:
        return consilium.checks.check(body.to_question(consilium))

    @application.post("/v1/redactions", response_model=views.RedactionView, summary="Redact a text by purpose")
    def redactions(body: RedactBody) -> Any:
        return consilium.redactions.redact(body.to_question(consilium))


def _documents(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/documents",
        response_model=views.UploadView,
        response_model_exclude_unset=True,
        status_code=201,
        summary="Upload a file",
    )
    def upload(file: UploadFile, options: Annotated[str, Form(description="IngestOptions as JSON.")] = "{}") -> Any:
        try:
            request = IngestOptions.model_validate_json(options).to_request()
        except ValidationError as error:
            raise RequestError("request.invalid", _faults(error)) from None
        content = file.file.read(consilium.settings.max_bytes + 1)
        if len(content) > consilium.settings.max_bytes:
            return problem("document.too_large", f"limit {consilium.settings.max_bytes} bytes")
        outcomes = consilium.ingestor.ingest_bytes(content, file.filename or "upload", request)
        if len(outcomes) == 1 and outcomes[0].code:
            return problem(outcomes[0].code, outcomes[0].detail)
        return {"files": [outcome_json(outcome) for outcome in outcomes]}

    @application.get("/v1/documents", response_model=views.DocumentsView, summary="List documents")
    def documents(scope: ScopeQuery) -> Any:
        return consilium.library.documents(_asker(scope, consilium))

    @application.get("/v1/documents/{document_id}", response_model=views.DocumentView, summary="Show a document")
    def document(document_id: str, scope: ScopeQuery) -> Any:
        return consilium.library.document(document_id, _asker(scope, consilium))

    @application.get(
        "/v1/passages/{passage_id}",
        response_model=views.SinglePassageView,
        response_model_exclude_unset=True,
        summary="Show a passage",
    )
    def passage(passage_id: str, scope: ScopeQuery) -> Any:
        return consilium.library.passage(passage_id, _asker(scope, consilium))


def _lifecycle(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/erasures",
        response_model=views.ReceiptView,
        response_model_exclude_unset=True,
        summary="Erase a subject or a document",
    )
    def erase(body: EraseBody) -> Any:
        return receipt_json(consilium.erasures.erase(body.to_target(), shared=body.shared))

    @application.post("/v1/holds", response_model=views.HoldView, status_code=201, summary="Place a legal hold")
    def place_hold(body: HoldBody) -> Any:
        return hold_json(consilium.erasures.place_hold(body.to_target(), body.reason))

    @application.get("/v1/holds", response_model=views.HoldsView, summary="List legal holds")
    def holds(tenant: Annotated[str, Query(max_length=200)] = "default") -> Any:
        return {"holds": [hold_json(hold) for hold in consilium.erasures.holds.all(tenant)]}

    @application.delete("/v1/holds/{hold_id}", status_code=204, summary="Release a legal hold")
    def release_hold(hold_id: str, tenant: Annotated[str, Query(max_length=200)] = "default") -> None:
        consilium.erasures.release_hold(tenant, hold_id)


def _operations(application: FastAPI, consilium: Consilium) -> None:
    @application.get(
        "/healthz", response_model=views.HealthView, response_model_exclude_unset=True, summary="Is the process alive"
    )
    def healthz() -> Any:
        return {"status": "alive"}

    @application.get("/v1/about", response_model=views.AboutView, summary="Version, configuration and models")
    def what_runs() -> Any:
        return about(consilium)

    @application.get("/readyz", response_model=views.HealthView, summary="Can questions be answered")
    def readyz() -> Any:
        consilium.deidentifier.prove()
        return {"status": "ready", "passages": consilium.index.count()}


def _limit_bodies(application: FastAPI, upload_limit: int) -> None:
    @application.middleware("http")
    async def limit(request: Request, call_next: Any) -> Response:
        allowed = upload_limit + 2**16 if request.url.path == "/v1/documents" else MAX_BODY
        declared = request.headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > allowed or "transfer-encoding" in request.headers:
            return problem("request.too_large", f"limit {allowed} bytes, and Content-Length must say how many")
        response: Response = await call_next(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in error.errors()[:20])
