"""Break-glass, and the reviewer's queue."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from app.access_requests import BreakGlassBody, VerdictBody
from app.api.access_views import BreakGlassView, QueueView, break_glass_json
from app.api.callers import CallerHere
from app.api.routes.members import TenantHere
from app.bootstrap import Consilium


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    service = consilium.break_glass

    @application.post(
        "/v1/break-glass", response_model=BreakGlassView, status_code=201, summary="Open a subject in an emergency"
    )
    def open_subject(body: BreakGlassBody, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return break_glass_json(service.open(caller, body.glass(tenant or caller.tenant), body.minutes))

    @application.get("/v1/break-glass", response_model=QueueView, summary="List what was opened, for review")
    def queue(caller: CallerHere, tenant: TenantHere = None) -> Any:
        return {"break_glass": [break_glass_json(one) for one in service.queue(caller, tenant or caller.tenant)]}

    @application.post(
        "/v1/break-glass/{break_glass_id}/verdict", response_model=BreakGlassView, summary="Say if it was justified"
    )
    def review(break_glass_id: str, body: VerdictBody, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return break_glass_json(service.review(caller, tenant or caller.tenant, break_glass_id, body.verdict))
