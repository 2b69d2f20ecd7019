"""Who calls a route.

What a route depends on and waits for nothing is a coroutine: the framework gives other functions a thread each.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.authentication import CALLER, recognised
from domain.callers import Caller
from domain.errors import AccessError, ConsiliumError

# These only stand in the OpenAPI document; app/api/authentication.py reads the header.
_TOKEN: Final = HTTPBearer(
    scheme_name="token",
    bearerFormat="JWT",
    description="An access token (RFC 9068) of the issuer that /v1/identity/configuration names.",
    auto_error=False,
)
_KEY: Final = HTTPBearer(
    scheme_name="key", bearerFormat="csk_…", description="A key of a system; see /v1/keys.", auto_error=False
)
_OWNER: Final = HTTPBearer(
    scheme_name="owner",
    bearerFormat="cso_…",
    description="The token of the machine's owner, in the file owner.token of the store's folder.",
    auto_error=False,
)
_Sent = HTTPAuthorizationCredentials | None


async def caller_of(
    request: Request,
    token: Annotated[_Sent, Security(_TOKEN)],
    key: Annotated[_Sent, Security(_KEY)],
    owner: Annotated[_Sent, Security(_OWNER)],
) -> Caller:
    """Return who calls. Raises AccessError ``access.identity_required`` where nobody found out."""
    del token, key, owner
    caller = request.scope.get(CALLER)
    if not isinstance(caller, Caller):
        raise AccessError("access.identity_required")
    return caller


def caller_or_stranger(request: Request) -> Caller | None:
    """Return who calls an open route, or ``None``; a bad token is as good as none there."""
    try:
        return recognised(request.app.state.authenticator, request.scope)
    except ConsiliumError:
        return None


async def admitted(request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
    """Return the caller, once the idempotency key of the request allows it."""
    await request.app.state.once.take(request, caller)
    return caller


CallerHere = Annotated[Caller, Depends(admitted)]
CallerOrStranger = Annotated[Caller | None, Depends(caller_or_stranger)]
