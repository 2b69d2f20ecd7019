"""Errors as RFC 9457 problems: ids, counts, limits and codes, never text of a document, a question or an answer."""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from app.answering.abandoning import AbandonedError
from app.api.once import ReplyKeptError
from app.scim import error_json
from app.statuses import HTTP_STATUS
from domain.errors import CODES, ConsiliumError

MEDIA_TYPE: Final = "application/problem+json"
SCIM_MEDIA_TYPE: Final = "application/scim+json"
CHAT_ROUTES: Final = ("/v1/chat/", "/v1/models")
SCIM_ROUTES: Final = "/scim/"
_LOG = logging.getLogger("consilium.api")


class Problem(BaseModel):
    """A problem (RFC 9457)."""

    type: str = Field(examples=["urn:consilium:problem:policy.detector_unavailable"])
    title: str = Field(examples=["Service Unavailable"])
    status: int = Field(examples=[503])
    code: str = Field(examples=["policy.detector_unavailable"])
    detail: str = Field(examples=["The personal-data detector failed its check, so the text is withheld."])


def problem(code: str, detail: str = "", *, status: int | None = None) -> JSONResponse:
    """Return the response for an error code."""
    number = status or HTTP_STATUS[code]
    body = Problem(
        type=f"urn:consilium:problem:{code}",
        title=HTTPStatus(number).phrase,
        status=number,
        code=code,
        detail=f"{CODES[code]} ({detail})" if detail else CODES[code],
    )
    return JSONResponse(
        body.model_dump(), status_code=number, media_type=MEDIA_TYPE, headers=_headers(code, given=bool(detail))
    )


def _headers(code: str, *, given: bool) -> dict[str, str]:
    """Return what a client does next: send a token (RFC 6750, section 3), or wait."""
    if code == "access.identity_required":
        return {"WWW-Authenticate": 'Bearer realm="consilium"' + (', error="invalid_token"' if given else "")}
    return {"Retry-After": "60"} if code == "access.too_many_attempts" else {}


def chat_problem(code: str, detail: str = "", *, status: int | None = None) -> JSONResponse:
    """Return the response for an error code in the shape that OpenAI's clients read."""
    number = status or HTTP_STATUS[code]
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    message = f"{CODES[code]} ({detail})" if detail else CODES[code]
    kind = kinds.get(number, "invalid_request_error" if number < HTTPStatus.INTERNAL_SERVER_ERROR else "server_error")
    return JSONResponse({"error": {"message": message, "type": kind, "param": None, "code": code}}, status_code=number)


def scim_problem(code: str, detail: str = "", *, status: int | None = None) -> JSONResponse:
    """Return the response for an error code as SCIM has errors (RFC 7644 section 3.12); not valid is 400 there."""
    number = status or HTTP_STATUS[code]
    number = HTTPStatus.BAD_REQUEST.value if number == HTTPStatus.UNPROCESSABLE_ENTITY else number
    body = error_json(number, f"{code}: {detail}" if detail else code)
    return JSONResponse(
        body, status_code=number, media_type=SCIM_MEDIA_TYPE, headers=_headers(code, given=bool(detail))
    )


def _answer(request: Request, code: str, detail: str = "", *, status: int | None = None) -> JSONResponse:
    return refusal(request.url.path, code, detail, status=status)


def refusal(path: str, code: str, detail: str = "", *, status: int | None = None) -> JSONResponse:
    """Return the response for an error code in the shape that the clients of a path read."""
    shape = chat_problem if path.startswith(CHAT_ROUTES) else scim_problem if path.startswith(SCIM_ROUTES) else problem
    return shape(code, detail, status=status)


def faults(error: ValidationError | RequestValidationError) -> str:
    """Return where a request is at fault and how, without its values."""
    return "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in error.errors()[:20])


def install(application: FastAPI) -> None:
    """Make every error of the application a problem."""

    @application.exception_handler(ConsiliumError)
    async def known(request: Request, error: ConsiliumError) -> JSONResponse:
        return _answer(request, error.code, error.detail)

    @application.exception_handler(ReplyKeptError)
    async def kept(request: Request, error: ReplyKeptError) -> Response:  # noqa: ARG001 - the framework's signature
        reply = error.reply
        return Response(reply.body, reply.status, {"Idempotency-Replayed": "true"}, reply.media_type)

    @application.exception_handler(AbandonedError)
    async def gone(request: Request, error: AbandonedError) -> Response:  # noqa: ARG001
        return Response(status_code=499)

    @application.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _answer(request, "request.invalid", faults(error))

    @application.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:
        code = "request.not_found" if error.status_code == HTTPStatus.NOT_FOUND else "request.invalid"
        response = _answer(request, code, status=error.status_code)
        response.headers.update(error.headers or {})
        return response

    @application.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        incident = uuid.uuid4().hex
        _LOG.error("incident %s: %s", incident, type(error).__name__)
        return _answer(request, "service.internal", f"incident {incident}")
