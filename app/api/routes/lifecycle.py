"""Erasures and legal holds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request

from app.api import views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_place, next_page
from app.api.waiting import ACCEPTED, Waits, accepted
from app.bootstrap import Consilium
from app.outcomes import hold_json, receipt_json
from app.requests import EraseBody, HoldBody
from domain.callers import Resource


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.post(
        "/v1/erasures",
        response_model=views.ReceiptView,
        response_model_exclude_unset=True,
        responses=ACCEPTED,
        summary="Erase a subject or a document; with wait=false, as a job",
    )
    def erase(body: EraseBody, caller: CallerHere, waits: Waits) -> Any:
        target = body.to_target()
        consilium.access.require(
            caller, "erasure.order", Resource(kind=target.kind, id=target.id, tenant=target.tenant)
        )
        if not waits:
            return accepted(consilium.jobs.erase(target, caller, shared=body.shared))
        return receipt_json(consilium.erasures.erase(target, shared=body.shared))

    @application.post("/v1/holds", response_model=views.HoldView, status_code=201, summary="Place a legal hold")
    def place_hold(body: HoldBody, caller: CallerHere) -> Any:
        target = body.to_target()
        consilium.access.require(caller, "hold.place", Resource(kind=target.kind, id=target.id, tenant=target.tenant))
        return hold_json(consilium.erasures.place_hold(target, body.reason))

    @application.get(
        "/v1/holds", response_model=views.HoldsView, response_model_exclude_none=True, summary="List legal holds"
    )
    def holds(
        request: Request,
        caller: CallerHere,
        tenant: Annotated[str, Query(max_length=200)] = "default",
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Any:
        consilium.access.require(caller, "hold.list", Resource(kind="tenant", id=tenant, tenant=tenant))
        after = after_place(cursor)
        every = consilium.erasures.holds.all(tenant)
        left = [one for one in every if after is None or (one.placed_at, one.id) > (after.at, after.id)]
        found = left[:limit]
        more = len(left) > limit
        return {
            "holds": [hold_json(hold) for hold in found],
            "next": next_page(request, found[-1].placed_at, found[-1].id) if more else None,
        }

    @application.delete("/v1/holds/{hold_id}", status_code=204, summary="Release a legal hold")
    def release_hold(
        hold_id: str, caller: CallerHere, tenant: Annotated[str, Query(max_length=200)] = "default"
    ) -> None:
        consilium.access.require(caller, "hold.release", Resource(kind="hold", id=hold_id, tenant=tenant))
        consilium.erasures.release_hold(tenant, hold_id)
