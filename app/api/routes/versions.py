"""Versions of documents with their text, and the subjects that documents are about."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request

from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_id, next_page
from app.api.routes.conversations import Tenant
from app.api.scopes import ScopeQuery
from app.bootstrap import Consilium
from domain.callers import Caller, Resource

_LONGEST: Final = 20_000
Sought = Annotated[str, Query(max_length=200, description="Only those whose name holds this, in any case.")]
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

    @application.get("/v1/subjects", response_model=views.SubjectsView, summary="List patients and matters one may see")
    def subjects(
        request: Request,
        caller: CallerHere,
        tenant: Tenant = None,
        q: Sought = "",
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Any:
        of, after, sought = tenant or caller.tenant, after_id(cursor), q.casefold()
        consilium.access.require(caller, "document.list", Resource(kind="tenant", id=of, tenant=of))
        found: list[str] = []
        for name in consilium.library.subjects(of):
            if name > after and sought in name.casefold() and _may_see(consilium, caller, of, name):
                found.append(name)
            if len(found) > limit:
                break
        more = len(found) > limit
        return {"subjects": found[:limit], "next": next_page(request, found[limit - 1]) if more else None}

    @application.get(
        "/v1/collections", response_model=views.CollectionsView, summary="List the collections within a scope"
    )
    def collections(scope: ScopeQuery, caller: CallerHere) -> Any:
        asker = scope.question(consilium, "browse", caller=caller)
        of = asker.scope.tenant
        consilium.access.require(caller, "document.list", Resource(kind="tenant", id=of, tenant=of))
        return {"collections": consilium.library.collections(asker)}


def _place(version: dict[str, Any]) -> str:
    return f"{version['in_force']['from'] or ''} {version['id']}"


def _may_see(consilium: Consilium, caller: Caller, tenant: str, subject: str) -> bool:
    return consilium.access.allows(caller, "document.list", Resource(kind="subject", id=subject, tenant=tenant))
