"""Whether it lives, is ready, and what it is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from app.about import about
from app.api import views
from app.bootstrap import Consilium


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.get(
        "/healthz", response_model=views.HealthView, response_model_exclude_unset=True, summary="Is the process alive"
    )
    def healthz() -> Any:
        return {"status": "alive"}

    @application.get("/v1/about", response_model=views.AboutView, summary="Version, configuration and models")
    def what_runs() -> Any:
        return about(consilium)

    @application.get("/readyz", response_model=views.HealthView, summary="Can questions be answered")
    def readyz() -> Any:
        consilium.deidentifier.prove()
        return {"status": "ready", "passages": consilium.index.count()}
