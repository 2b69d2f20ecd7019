"""The audit trail for auditors: ids and decisions, never text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request

from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_number, next_page
from app.auditing import Selection, verify
from app.bootstrap import Consilium
from domain.callers import Caller, Resource, Role
from domain.errors import PolicyUnavailableError
from domain.ports.audit_log import AuditTrail

Word = Annotated[str | None, Query(max_length=200)]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.get("/v1/audit", response_model=views.AuditEventsView, summary="Search the audit trail")
    def search(  # noqa: PLR0913, PLR0917 - each is one field of the query
        request: Request,
        caller: CallerHere,
        event: Word = None,
        actor: Word = None,
        answer: Word = None,
        subject: Word = None,
        since: Annotated[date | None, Query(description="First day, in UTC.")] = None,
        until: Annotated[date | None, Query(description="First day that is not meant any more, in UTC.")] = None,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Any:
        trail, after = _trail(consilium, caller), after_number(cursor)
        chosen = Selection(event=event, actor=actor, answer=answer, subject=subject, since=since, until=until)
        everywhere = Role.OWNER in caller.roles
        meant = (
            one
            for one in trail.events(after=after)
            if chosen.takes(one) and (everywhere or one.facts.get("tenant") == caller.tenant)
        )
        found = list(islice(meant, limit + 1))
        more, found = len(found) > limit, found[:limit]
        return {
            "events": [{**asdict(one), "facts": dict(one.facts)} for one in found],
            "next": next_page(request, found[-1].seq) if more else None,
        }

    @application.get("/v1/audit/status", response_model=views.AuditStatusView, summary="Verify the audit trail")
    def status(caller: CallerHere) -> Any:
        trail = _trail(consilium, caller)
        found = asdict(verify(trail))
        return {"whole": not found["faults"], **found, "keys": sorted(trail.public_keys())}


def _trail(consilium: Consilium, caller: Caller) -> AuditTrail:
    tenant = caller.tenant
    consilium.access.require(caller, "audit.read", Resource(kind="tenant", id=tenant, tenant=tenant))
    if consilium.trail is None:
        raise PolicyUnavailableError("policy.audit_unavailable", "no trail to read")
    return consilium.trail
