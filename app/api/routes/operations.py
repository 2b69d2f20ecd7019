"""Whether it lives, is ready, and what it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Response

from app.about import about
from app.api import views
from app.api.callers import CallerOrStranger, caller_of
from app.bootstrap import Consilium
from app.identity.authenticator import MOST_CHARACTERS_OF_A_CHALLENGE


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.get(
        "/healthz", response_model=views.HealthView, response_model_exclude_unset=True, summary="Is the process alive"
    )
    def healthz(
        response: Response,
        challenge: Annotated[
            str | None,
            Header(
                alias="Consilium-Challenge",
                max_length=MOST_CHARACTERS_OF_A_CHALLENGE,
                description="Answered in Consilium-Proof, by which our commands know the server of their own home.",
            ),
        ] = None,
    ) -> Any:
        if challenge:
            response.headers["Consilium-Proof"] = consilium.identity.prove(challenge)
        return {"status": "alive"}

    @application.get(
        "/v1/about",
        response_model=views.AboutView,
        summary="Version, configuration and models",
        dependencies=[Depends(caller_of)],
    )
    def what_runs() -> Any:
        return about(consilium)

    @application.get(
        "/readyz",
        response_model=views.HealthView,
        response_model_exclude_none=True,
        summary="Can questions be answered",
    )
    def readyz(caller: CallerOrStranger) -> Any:
        consilium.deidentifier.prove()
        passages = consilium.index.count()
        return {"status": "ready", "passages": passages if caller else None}
