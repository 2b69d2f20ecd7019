"""The audit trail for auditors: ids and decisions, never text."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request
from fastapi.responses import StreamingResponse

from app.answering import abandoning
from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_number, next_page
from app.api.routes.answering import event
from app.api.streams import EVENTS, Attendance
from app.auditing import Finding, Progress, Selection, extract, tenants, verify, verifying
from app.bootstrap import Consilium
from domain.callers import Caller, Resource, Role
from domain.errors import AccessError, PolicyUnavailableError, RequestError
from domain.ports.audit_log import AuditTrail

Since = Annotated[date | None, Query(description="First day, in UTC.")]
Until = Annotated[date | None, Query(description="First day that is not meant any more, in UTC.")]
Word = Annotated[str | None, Query(max_length=200)]
_LINES_AT_ONCE: Final = 200


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _verification(application, consilium)

    @application.get("/v1/audit", response_model=views.AuditEventsView, summary="Search the audit trail")
    def search(  # noqa: PLR0913, PLR0917 - each is one field of the query
        request: Request,
        caller: CallerHere,
        event: Word = None,
        actor: Word = None,
        answer: Word = None,
        subject: Word = None,
        since: Since = None,
        until: Until = None,
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
        return _status(verify(trail), trail)


def _verification(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/audit/verifications",
        response_class=StreamingResponse,
        summary="Verify the audit trail, with its progress",
        responses={200: {"content": EVENTS}},
    )
    def verification(request: Request, caller: CallerHere) -> StreamingResponse:
        trail = _trail(consilium, caller, "audit.verify")
        attendance: Attendance = request.app.state.attendance

        def events() -> Generator[str]:
            for told in verifying(trail):
                abandoning.check()
                yield event(*_told(told, trail))

        return StreamingResponse(
            attendance.stream(events),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @application.get(
        "/v1/audit/export",
        response_class=StreamingResponse,
        summary="Hand out an extract that can be verified on its own",
        responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
    )
    def export(caller: CallerHere, since: Since = None, until: Until = None) -> StreamingResponse:
        trail = _trail(consilium, caller, "audit.export")
        chosen = Selection(since=since, until=until)
        whose, last = tenants(trail, chosen)
        if Role.OWNER not in caller.roles and whose - {caller.tenant}:
            # A chain with gaps could not be verified, and one without them would tell of others.
            raise AccessError(
                "access.denied", "the extract would hold events of other tenants; ask the machine's owner"
            )
        if not last:
            raise RequestError("request.not_found", "no event is of these days")
        return StreamingResponse(
            _several(extract(trail, chosen, last)),
            media_type="application/x-ndjson",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="consilium-audit.jsonl"',
            },
        )


def _several(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines many at a time: each part of a stream costs a change of threads."""
    rest = iter(lines)
    while some := "".join(islice(rest, _LINES_AT_ONCE)):
        yield some


def _told(told: Progress | Finding, trail: AuditTrail) -> tuple[str, dict[str, Any]]:
    if isinstance(told, Progress):
        return "progress", asdict(told)
    return "finding", _status(told, trail)


def _status(found: Finding, trail: AuditTrail) -> dict[str, Any]:
    return {"whole": not found.faults, **asdict(found), "keys": sorted(trail.public_keys())}


def _trail(consilium: Consilium, caller: Caller, action: str = "audit.read") -> AuditTrail:
    tenant = caller.tenant
    consilium.access.require(caller, action, Resource(kind="tenant", id=tenant, tenant=tenant))
    if consilium.trail is None:
        raise PolicyUnavailableError("policy.audit_unavailable", "no trail to read")
    return consilium.trail
