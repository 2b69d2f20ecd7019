"""A patient's chart, a matter, and clauses side by side."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query

from app.api import records_views as views
from app.api.callers import CallerHere
from app.api.scopes import scope_of
from app.bootstrap import Consilium
from app.requests import Scoped
from domain.callers import Caller
from domain.questions import Question

VersionId = Annotated[str, Query(max_length=200, description="A version of a document about the subject.")]


def without_subject(
    tenant: Annotated[str | None, Query(max_length=200, description="Default: the caller's own.")] = None,
    collection: Annotated[list[str] | None, Query(description="Collections in scope; all when absent.")] = None,
    as_of: Annotated[date | None, Query(description="Text in force on this date; default today.")] = None,
    purpose: Annotated[str | None, Query(description="Why it is asked; decides what is redacted.")] = None,
) -> Scoped:
    """Return a scope that lacks the subject, which the path names. Raises RequestError ``request.invalid``."""
    return scope_of(tenant=tenant, collection=collection, as_of=as_of, purpose=purpose)


Wider = Annotated[Scoped, Depends(without_subject)]
Subject = Annotated[str, Path(min_length=1, max_length=200, description="A patient or matter.")]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes. Each is a question about its one subject, and goes through the guarded point."""

    @application.get("/v1/subjects/{subject}/chart", response_model=views.ChartView, summary="Show a patient's chart")
    def chart(subject: Subject, scope: Wider, caller: CallerHere) -> Any:
        return consilium.charts.chart(_asker(subject, scope, consilium, caller))

    @application.get("/v1/subjects/{subject}/matter", response_model=views.MatterView, summary="Show a matter")
    def matter(subject: Subject, scope: Wider, caller: CallerHere) -> Any:
        return consilium.matters.matter(_asker(subject, scope, consilium, caller))

    @application.get(
        "/v1/subjects/{subject}/clauses", response_model=views.ClausesView, summary="Show two versions clause by clause"
    )
    def clauses(subject: Subject, left: VersionId, right: VersionId, scope: Wider, caller: CallerHere) -> Any:
        return consilium.matters.clauses(left, right, _asker(subject, scope, consilium, caller))


def _asker(subject: str, scope: Scoped, consilium: Consilium, caller: Caller) -> Question:
    return scope.model_copy(update={"subjects": [subject]}).question(consilium, "browse", caller=caller)
