"""The scope of a request that has no body, read from its query."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import ValidationError

from app.api.problems import faults
from app.requests import Scoped
from domain.errors import RequestError


def scope_of(
    tenant: Annotated[str | None, Query(max_length=200, description="Default: the caller's own.")] = None,
    subject: Annotated[list[str] | None, Query(description="Patients or matters in scope.")] = None,
    collection: Annotated[list[str] | None, Query(description="Collections in scope; all when absent.")] = None,
    as_of: Annotated[date | None, Query(description="Text in force on this date; default today.")] = None,
    purpose: Annotated[str | None, Query(description="Why it is asked.")] = None,
) -> Scoped:
    """Return the scope. Raises RequestError ``request.invalid`` naming the fields at fault."""
    try:
        return Scoped.model_validate(
            {
                **({} if tenant is None else {"tenant": tenant}),
                "subjects": subject or [],
                "collections": collection or [],
                "as_of": as_of,
                "purpose": purpose,
            }
        )
    except ValidationError as error:
        raise RequestError("request.invalid", faults(error)) from None


ScopeQuery = Annotated[Scoped, Depends(scope_of)]
