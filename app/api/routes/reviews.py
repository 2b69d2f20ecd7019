"""The reviewer's queue, decisions, and what was accepted as cases for evaluation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import FastAPI, Request

from app.api import review_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_place, next_page
from app.api.routes.conversations import Tenant
from app.bootstrap import Consilium
from app.reviewing.cases import cases


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    reviews = consilium.reviews

    @application.get("/v1/feedback/reviews", response_model=views.ReviewsView, summary="List feedback that waits")
    def queue(
        request: Request, caller: CallerHere, tenant: Tenant = None, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Any:
        of = tenant or caller.tenant
        found, last = reviews.queue(caller, of, after=after_place(cursor), limit=limit)
        return {
            "feedback": found,
            "counts": reviews.counts(caller, of),
            "next": next_page(request, last.at, last.id) if last else None,
        }

    @application.get(
        "/v1/feedback/reviews/{feedback_id}", response_model=views.ReviewView, summary="Show feedback to a reviewer"
    )
    def show(feedback_id: str, caller: CallerHere, tenant: Tenant = None) -> Any:
        return reviews.show(caller, tenant or caller.tenant, feedback_id)

    @application.post(
        "/v1/feedback/reviews/{feedback_id}/decision",
        response_model=views.DecidedView,
        summary="Accept or reject feedback",
    )
    def decide(feedback_id: str, body: views.DecisionBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        decided = reviews.decide(
            caller,
            tenant or caller.tenant,
            feedback_id,
            decision=body.decision,
            finding=body.finding,
            reason=body.reason,
        )
        return asdict(decided)

    @application.get("/v1/feedback/cases", response_model=views.CasesView, summary="Write accepted feedback as cases")
    def written(caller: CallerHere, suite: Literal["answers", "grounding"] = "answers", tenant: Tenant = None) -> Any:
        return cases(reviews, caller, tenant or caller.tenant, suite)
