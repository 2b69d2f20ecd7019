"""Who calls a route, and how much one caller may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from domain.callers import OWNER, Caller


def caller_of() -> Caller:
    """Return who calls. Until identities exist, the server listens to this machine alone, and it is its owner."""
    return OWNER


async def admitted(request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> AsyncIterator[Caller]:
    """Yield the caller, once their limits and the idempotency key of the request allow it."""
    async with request.app.state.admission.admit(request, caller):
        yield caller


CallerHere = Annotated[Caller, Depends(admitted)]
