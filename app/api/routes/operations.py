"""Whether it lives, is ready, and what it is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from app.about import about
from app.api import views
from app.api.problems import problem
from app.bootstrap import Consilium
from domain.errors import CODES


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.get(
        "/healthz", response_model=views.HealthView, response_model_exclude_unset=True, summary="Is the process alive"
    )
    async def healthz() -> Any:
        # async, so that it needs no thread: under a load that takes all of them the process is alive all the same
        return {"status": "alive"}

    @application.get("/v1/about", response_model=views.AboutView, summary="Version, configuration and models")
    def what_runs() -> Any:
        return about(consilium)

    @application.get("/readyz", response_model=views.HealthView, summary="Can questions be answered")
    def readyz() -> Any:
        operations = consilium.operations
        if operations.draining.is_set():
            return problem("service.draining")
        if faults := operations.readiness.faults():
            code = next((code for code in faults.values() if code in CODES), "service.internal")
            return problem(code, "; ".join(f"{part}: {fault}" for part, fault in faults.items()), status=503)
        return {"status": "ready", "passages": consilium.index.count()}
