"""The FastAPI application over a built product."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.api.admission import Admission
from app.api.front import Front, describe
from app.api.problems import MEDIA_TYPE, Problem, install, problem
from app.api.routes import (
    answering,
    chat,
    conversations,
    documents,
    feedback,
    lifecycle,
    operations,
    supervision,
    versions,
    webhooks,
)
from app.api.streams import Attendance
from app.bootstrap import Consilium

MAX_BODY: Final = 4 * 2**20
ROUTES: Final[tuple[Callable[[FastAPI, Consilium], None], ...]] = (
    answering.add,
    documents.add,
    lifecycle.add,
    operations.add,
    conversations.add,
    feedback.add,
    versions.add,
    supervision.add,
    webhooks.add,
    chat.add,
)
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA_TYPE: {}}}
    for status, text in (
        (400, "The request cannot be read."),
        (401, "Who asks is not known."),
        (403, "The caller may not do this."),
        (404, "Nothing by that id within the scope."),
        (405, "Not a method of this route."),
        (409, "Labels or dates disagree with what is kept, or the idempotency key is in use."),
        (413, "The request is too large."),
        (415, "No reader for this type of file."),
        (422, "The request or the file is not valid."),
        (429, "Too many requests; Retry-After says how long to wait."),
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
    application.state.admission = Admission(consilium.settings, consilium.replies, consilium.clock)
    application.state.attendance = Attendance(consilium.settings.concurrency, consilium.settings.heartbeat_seconds)
    install(application)
    _limit_bodies(application, consilium.settings.max_bytes)
    application.add_middleware(Front, replies=consilium.replies)
    for add in ROUTES:
        add(application, consilium)
    _describe(application)
    return application


def _describe(application: FastAPI) -> None:
    """Let the OpenAPI document say what layers around the routes add."""
    plain = application.openapi

    def described() -> dict[str, Any]:
        fresh = application.openapi_schema is None
        document = plain()
        if fresh:
            describe(document)
        return document

    application.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend the document


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
