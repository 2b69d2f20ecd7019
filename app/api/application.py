"""The FastAPI application over a built product."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.admission import Admission
from app.api.allowance import Allowance
from app.api.authentication import Authentication
from app.api.client import WebClient
from app.api.edge import REQUEST_ID, Edge
from app.api.front import Front, describe
from app.api.once import Once
from app.api.problems import MEDIA_TYPE, Problem, install, refusal
from app.api.routes import (
    activity,
    answering,
    assistants,
    break_glass,
    chat,
    configuration,
    conversations,
    documents,
    feedback,
    identity,
    jobs,
    keys,
    lifecycle,
    members,
    operations,
    readings,
    records,
    reports,
    reviews,
    scim,
    shelves,
    sources,
    supervision,
    upkeep,
    versions,
    webhooks,
)
from app.api.streams import Attendance
from app.bootstrap import Consilium

MAX_BODY: Final = 4 * 2**20
_UPLOADS: Final = frozenset({"/v1/documents", "/v1/readings"})
_LENGTH: Final = re.compile("[0-9]{1,18}")
ROUTES: Final[tuple[Callable[[FastAPI, Consilium], None], ...]] = (
    answering.add,
    documents.add,
    shelves.add,
    readings.add,
    jobs.add,
    lifecycle.add,
    identity.add,
    keys.add,
    operations.add,
    members.add,
    break_glass.add,
    scim.add,
    upkeep.add,
    conversations.add,
    feedback.add,
    versions.add,
    sources.add,
    supervision.add,
    webhooks.add,
    reports.add,
    chat.add,
    assistants.add,
    reviews.add,
    activity.add,
    configuration.add,
    records.add,
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
        (429, "More is asked than can be answered. Retry-After says when to go on."),
        (500, "Something unexpected failed."),
        (503, "A part that safety needs is unavailable, so nothing is said."),
        (504, "The model server did not finish before the deadline."),
    )
}


class Application(FastAPI):
    """The API with its edge around everything, error pages of the framework included."""

    def __init__(self, consilium: Consilium, **options: Any) -> None:
        super().__init__(**options)
        self._consilium = consilium

    def build_middleware_stack(self) -> ASGIApp:
        """Return the routes and what is around them, from the inside outwards."""
        settings, metrics = self._consilium.settings, self._consilium.operations.metrics
        return Edge(WebClient(super().build_middleware_stack()), metrics, behind_tls=settings.behind_tls)


def create_application(consilium: Consilium) -> FastAPI:
    """Return the application; it answers only while ``consilium`` is open."""
    application = Application(
        consilium,
        title="Consilium",
        version=version("consilium"),
        description="Answers from your own records and the law in force; every claim carries verbatim, checked quotes.",
        responses=_PROBLEMS,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    settings = consilium.settings
    application.state.once = Once(consilium.replies, consilium.clock)
    application.state.attendance = Attendance(settings.running(), settings.heartbeat_seconds)
    install(application)
    application.state.authenticator = consilium.identity
    # From the inside outwards: who is let in is known to the layer outside of it.
    application.add_middleware(
        Admission,
        settings=settings,
        allowance=Allowance(settings, consilium.clock),
        metrics=consilium.operations.metrics,
    )
    application.add_middleware(Authentication, authenticator=consilium.identity)
    application.add_middleware(BodyLimit, upload_limit=settings.max_bytes)
    _allow_origins(application, settings.cors_origins)
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


class BodyLimit:
    """An ASGI layer that lets in no body that is too large, or does not say how large it is."""

    def __init__(self, app: ASGIApp, upload_limit: int) -> None:
        self._app, self._upload_limit = app, upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 413."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            allowed = self._upload_limit + 2**16 if scope["path"] in _UPLOADS else MAX_BODY
            declared = headers.get("content-length", "0")
            if not _LENGTH.fullmatch(declared) or int(declared) > allowed or "transfer-encoding" in headers:
                detail = f"limit {allowed} bytes, and Content-Length must say how many"
                await refusal(scope["path"], "request.too_large", detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _allow_origins(application: FastAPI, origins: tuple[str, ...]) -> None:
    """Let the pages of some origins call the API; without any, browsers let none."""
    if origins:
        application.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Accept", "Idempotency-Key", "If-None-Match", REQUEST_ID],
            expose_headers=[REQUEST_ID, "Retry-After", "ETag"],
            max_age=600,
        )
