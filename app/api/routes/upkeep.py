"""Backups, the doctor, retention, and answers run again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import StreamingResponse

from app import upkeep
from app.api import upkeep_views as views
from app.api.callers import CallerHere
from app.bootstrap import Consilium
from app.requests import DoctorBody, RetentionBody


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.post(
        "/v1/backups",
        summary="Take a backup",
        response_class=StreamingResponse,
        responses={200: {"content": {"application/x-tar": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    def backups(caller: CallerHere) -> StreamingResponse:
        return StreamingResponse(
            upkeep.backup(consilium, caller), media_type="application/x-tar", headers={"Cache-Control": "no-store"}
        )

    @application.post("/v1/doctor", response_model=views.ReportView, summary="Examine the store, and mend it")
    def doctor(body: DoctorBody, caller: CallerHere) -> Any:
        return upkeep.examine(consilium, body, caller)

    @application.post(
        "/v1/retention",
        response_model=views.RetentionView,
        response_model_exclude_unset=True,
        summary="Say or apply what the rules of retention say is due",
    )
    def retention(body: RetentionBody, caller: CallerHere) -> Any:
        return upkeep.retain(consilium, body, caller)

    @application.post("/v1/answers/{answer_id}/replay", response_model=views.ReplayView, summary="Run an answer again")
    def replay(answer_id: str, caller: CallerHere, tenant: Annotated[str, Query(max_length=200)] = "default") -> Any:
        return upkeep.replay(consilium, tenant, answer_id, caller)
