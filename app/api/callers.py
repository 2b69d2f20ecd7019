"""Who calls a route."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from domain.callers import OWNER, Caller


def caller_of() -> Caller:
    """Return who calls. Until identities exist, the server listens to this machine alone, and it is its owner."""
    return OWNER


CallerHere = Annotated[Caller, Depends(caller_of)]
