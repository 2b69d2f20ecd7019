"""The FastAPI application over a built product."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.api.problems import MEDIA_TYPE, Problem, install, problem
from app.api.routes import answering, documents, jobs, lifecycle, operations
from app.bootstrap import Consilium

MAX_BODY: Final = 4 * 2**20
ROUTES: Final[tuple[Callable[[FastAPI, Consilium], None], ...]] = (
    answering.add,
    documents.add,
    jobs.add,
    lifecycle.add,
    operations.add,
)
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA_TYPE: {}}}
    for status, text in (
        (400, "The request cannot be read."),
        (401, "Who asks is not known."),
        (403, "The caller may not do this."),
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
    for add in ROUTES:
        add(application, consilium)
    return application


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
