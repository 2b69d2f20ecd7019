"""Versions of documents with their text, and the subjects that documents are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request

from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_id, next_page
from app.api.routes.conversations import Tenant
from app.api.scopes import ScopeQuery
from app.bootstrap import Consilium
from app.requests import Purpose, SubjectsBody
from domain.callers import Caller, Resource

_LONGEST: Final = 20_000
_PERSON: Final = "PERSON"
Sought = Annotated[str, Query(max_length=200, description="Only those whose id holds this, in any case.")]
Why = Annotated[Purpose | None, Query(description="Why it is asked; decides whether names are shown.")]
Place = Annotated[int, Query(ge=0, lt=2**31, description="Character of the canonical text.")]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.get(
        "/v1/documents/{document_id}/versions", response_model=views.VersionsView, summary="List versions of a document"
    )
    def versions(
        request: Request,
        document_id: str,
        scope: ScopeQuery,
        caller: CallerHere,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Any:
        asker = scope.question(consilium, "browse", caller=caller)
        after = after_id(cursor)
        every = sorted(consilium.library.versions(document_id, asker), key=_place)
        left = [one for one in every if _place(one) > after]
        found = left[:limit]
        return {
            "versions": found,
            "next": next_page(request, _place(found[-1])) if len(left) > limit else None,
        }

    @application.get(
        "/v1/versions/{version_id}", response_model=views.VersionTextView, summary="Show text of a version"
    )
    def text(version_id: str, scope: ScopeQuery, caller: CallerHere, start: Place = 0, end: Place | None = None) -> Any:
        asker = scope.question(consilium, "browse", caller=caller)
        last = start + _LONGEST if end is None else min(end, start + _LONGEST)
        return consilium.library.text(version_id, start, last, asker)

    _subjects(application, consilium)

    @application.get(
        "/v1/collections", response_model=views.CollectionsView, summary="List the collections within a scope"
    )
    def collections(scope: ScopeQuery, caller: CallerHere) -> Any:
        asker = scope.question(consilium, "browse", caller=caller)
        of = asker.scope.tenant
        consilium.access.require(caller, "document.list", Resource(kind="tenant", id=of, tenant=of))
        return {"collections": consilium.library.collections(asker)}


def _subjects(application: FastAPI, consilium: Consilium) -> None:
    @application.get("/v1/subjects", response_model=views.SubjectsView, summary="List patients and matters one may see")
    def subjects(  # noqa: PLR0913, PLR0917 - each is one field of the query
        request: Request,
        caller: CallerHere,
        tenant: Tenant = None,
        q: Sought = "",
        purpose: Why = None,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Any:
        of, after, sought = tenant or caller.tenant, after_id(cursor), q.casefold()
        every = (one for one in _seen(consilium, caller, of) if one > after and sought in one.casefold())
        found = list(islice(every, limit + 1))
        more, found = len(found) > limit, found[:limit]
        return {
            "subjects": found,
            "names": _names(consilium, of, found, purpose),
            "next": next_page(request, found[-1]) if more else None,
        }

    @application.post(
        "/v1/subjects/search", response_model=views.FoundSubjectsView, summary="Find patients and matters by name or id"
    )
    def search(body: SubjectsBody, caller: CallerHere) -> Any:
        of, sought = body.tenant or caller.tenant, body.words.casefold()
        named = consilium.library.named(of, body.words) if _names_people(consilium, body.purpose) else frozenset()
        every = (one for one in _seen(consilium, caller, of) if one in named or sought in one.casefold())
        found = list(islice(every, body.limit + 1))
        more, found = len(found) > body.limit, found[: body.limit]
        return {"subjects": found, "names": _names(consilium, of, found, body.purpose), "more": more}


def _seen(consilium: Consilium, caller: Caller, tenant: str) -> Iterator[str]:
    """Yield the subjects that a caller may see, by id."""
    consilium.access.require(caller, "document.list", Resource(kind="tenant", id=tenant, tenant=tenant))
    return (one for one in consilium.library.subjects(tenant) if _may_see(consilium, caller, tenant, one))


def _names(consilium: Consilium, tenant: str, subjects: Sequence[str], purpose: str | None) -> dict[str, str]:
    return consilium.library.names(tenant, subjects) if _names_people(consilium, purpose) else {}


def _names_people(consilium: Consilium, purpose: str | None) -> bool:
    """Say whether who asks for a purpose may read names of people, as redaction has it."""
    return _PERSON not in consilium.pack.redact[purpose or consilium.pack.default_purpose]


def _place(version: dict[str, Any]) -> str:
    return f"{version['in_force']['from'] or ''} {version['id']}"


def _may_see(consilium: Consilium, caller: Caller, tenant: str, subject: str) -> bool:
    return consilium.access.allows(caller, "document.list", Resource(kind="subject", id=subject, tenant=tenant))
