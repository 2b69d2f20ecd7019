"""Whether it lives, is ready, and what it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Response

from app.about import about
from app.api import views
from app.api.callers import CallerOrStranger, caller_of
from app.api.problems import problem
from app.bootstrap import Consilium
from app.identity.authenticator import MOST_CHARACTERS_OF_A_CHALLENGE
from domain.errors import CODES


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.get(
        "/healthz", response_model=views.HealthView, response_model_exclude_unset=True, summary="Is the process alive"
    )
    async def healthz(
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
        # async, so that it needs no thread: under a load that takes all of them the process is alive all the same
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
        operations = consilium.operations
        if operations.draining.is_set():
            return problem("service.draining")
        if faults := operations.readiness.faults():
            code = next((code for code in faults.values() if code in CODES), "service.internal")
            return problem(code, "; ".join(f"{part}: {fault}" for part, fault in faults.items()), status=503)
        return {"status": "ready", "passages": consilium.index.count() if caller else None}
