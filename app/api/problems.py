"""Errors as RFC 9457 problems: ids, counts, limits and codes, never text of a document, a question or an answer."""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from app.statuses import HTTP_STATUS
from domain.errors import CODES, ConsiliumError

MEDIA_TYPE: Final = "application/problem+json"
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


def faults(error: ValidationError | RequestValidationError) -> str:
    """Return where a request is at fault and how, without its values."""
    return "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in error.errors()[:20])


def install(application: FastAPI) -> None:
    """Make every error of the application a problem."""

    @application.exception_handler(ConsiliumError)
    async def known(request: Request, error: ConsiliumError) -> JSONResponse:  # noqa: ARG001 - the framework's signature
        return problem(error.code, error.detail)

    @application.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:  # noqa: ARG001
        return problem("request.invalid", faults(error))

    @application.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:  # noqa: ARG001
        code = "request.not_found" if error.status_code == HTTPStatus.NOT_FOUND else "request.invalid"
        response = problem(code, status=error.status_code)
        response.headers.update(error.headers or {})
        return response

    @application.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
        incident = uuid.uuid4().hex
        _LOG.error("incident %s: %s", incident, type(error).__name__)
        return problem("service.internal", f"incident {incident}")
