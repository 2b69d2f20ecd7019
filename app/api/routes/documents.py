"""Documents and their passages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, UploadFile
from pydantic import ValidationError

from app.api import views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_id, next_page
from app.api.problems import faults, problem
from app.api.scopes import ScopeQuery
from app.api.waiting import ACCEPTED, Waits, accepted
from app.bootstrap import Consilium
from app.outcomes import outcome_json
from app.requests import IngestOptions, Scoped
from domain.callers import Caller, Resource
from domain.errors import RequestError
from domain.questions import Question


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.post(
        "/v1/documents",
        response_model=views.UploadView,
        response_model_exclude_unset=True,
        status_code=201,
        responses=ACCEPTED,
        summary="Upload a file; with wait=false, as a job",
    )
    def upload(
        file: UploadFile,
        caller: CallerHere,
        waits: Waits,
        options: Annotated[str, Form(description="IngestOptions as JSON.")] = "{}",
    ) -> Any:
        try:
            request = IngestOptions.model_validate_json(options).to_request()
        except ValidationError as error:
            raise RequestError("request.invalid", faults(error)) from None
        tenant = request.labels.tenant
        consilium.access.require(caller, "document.ingest", Resource(kind="tenant", id=tenant, tenant=tenant))
        content = file.file.read(consilium.settings.max_bytes + 1)
        if len(content) > consilium.settings.max_bytes:
            return problem("document.too_large", f"limit {consilium.settings.max_bytes} bytes")
        name = file.filename or "upload"
        if not waits:
            return accepted(consilium.jobs.ingest([(name, content)], request, caller))
        outcomes = consilium.ingestor.ingest_bytes(content, name, request)
        if len(outcomes) == 1 and outcomes[0].code:
            return problem(outcomes[0].code, outcomes[0].detail)
        return {"files": [outcome_json(outcome) for outcome in outcomes]}

    @application.get("/v1/documents", response_model=views.DocumentsView, summary="List documents")
    def documents(
        request: Request, scope: ScopeQuery, caller: CallerHere, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Any:
        page = consilium.library.documents(_asker(scope, consilium, caller), after=after_id(cursor), limit=limit)
        found = page["documents"]
        return {"documents": found, "next": next_page(request, found[-1]["id"]) if page["more"] else None}

    @application.get("/v1/documents/{document_id}", response_model=views.DocumentView, summary="Show a document")
    def document(document_id: str, scope: ScopeQuery, caller: CallerHere) -> Any:
        return consilium.library.document(document_id, _asker(scope, consilium, caller))

    @application.get(
        "/v1/passages/{passage_id}",
        response_model=views.SinglePassageView,
        response_model_exclude_unset=True,
        summary="Show a passage",
    )
    def passage(passage_id: str, scope: ScopeQuery, caller: CallerHere) -> Any:
        return consilium.library.passage(passage_id, _asker(scope, consilium, caller))


def _asker(scope: Scoped, consilium: Consilium, caller: Caller) -> Question:
    return scope.question(consilium, "browse", caller=caller)
