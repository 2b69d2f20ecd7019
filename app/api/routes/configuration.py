"""What is set, from where, and whether the parts are well: for administrators."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import FastAPI

from app.api import supervision_views as views
from app.api.callers import CallerHere
from app.bootstrap import Consilium
from app.settings_report import problems_of, report_in_force
from domain.callers import Resource


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the route. Where settings come from is looked up once, as the files may change afterwards."""
    lines = [asdict(line) for line in report_in_force(consilium.settings)]

    @application.get("/v1/settings", response_model=views.SettingsView, summary="The configuration, and its health")
    def settings(caller: CallerHere) -> Any:
        tenant = caller.tenant
        consilium.access.require(caller, "setting.read", Resource(kind="tenant", id=tenant, tenant=tenant))
        readiness = consilium.operations.readiness
        faults = readiness.faults()
        return {
            "settings": lines,
            "problems": [asdict(problem) for problem in problems_of(consilium.settings)],
            "parts": [
                {"part": part, "ready": part not in faults, "code": faults.get(part)} for part in readiness.parts()
            ],
        }
