"""Who asked what class of question when, how it went, and how it has been measured: for stewards and auditors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request

from app.api import supervision_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_number, next_page
from app.api.routes.members import TenantHere
from app.api.routes.supervision import Since, Until
from app.bootstrap import Consilium
from domain.activity import Choice
from domain.callers import Caller, Resource

Word = Annotated[str, Query(max_length=100)]
_DAYS = 30


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _activity(application, consilium)
    _evaluations(application, consilium)


def _activity(application: FastAPI, consilium: Consilium) -> None:
    service, access = consilium.activity, consilium.access

    @application.get("/v1/activity", response_model=views.ActivityView, summary="Who asked what class of thing when")
    def activity(  # noqa: PLR0913, PLR0917 - each is one field of the query
        request: Request,
        caller: CallerHere,
        since: Since = None,
        until: Until = None,
        operation: Word = "",
        purpose: Word = "",
        status: Literal["answered", "refused", "denied", "done", "open"] | None = None,
        tenant: TenantHere = None,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Any:
        whole = _whole(caller, tenant)
        access.require(caller, "activity.read", whole)
        chosen = Choice(
            tenant=whole.tenant, since=since, until=until, operation=operation, purpose=purpose, status=status or ""
        )
        found, behind = service.page(chosen, before=after_number(cursor), limit=limit + 1)
        more, found = len(found) > limit, found[:limit]
        names = access.allows(caller, "activity.names", whole)
        return {
            "activity": [views.operation_json(one, names=names) for one in found],
            "behind": behind,
            "next": next_page(request, found[-1].seq) if more else None,
        }

    @application.get("/v1/statistics", response_model=views.StatisticsView, summary="Rates, times and costs")
    def statistics(  # noqa: PLR0913, PLR0917 - each is one field of the query
        caller: CallerHere,
        since: Since = None,
        until: Until = None,
        bucket: Literal["day", "hour"] = "day",
        operation: Word = "",
        purpose: Word = "",
        tenant: TenantHere = None,
    ) -> Any:
        whole = _whole(caller, tenant)
        access.require(caller, "statistic.read", whole)
        last = until or consilium.clock.today() + timedelta(days=1)
        first = since or max(last, date(1, 2, 1)) - timedelta(days=_DAYS)
        chosen = Choice(tenant=whole.tenant, since=first, until=last, operation=operation, purpose=purpose)
        found, behind = service.statistics(chosen, bucket)
        return views.statistics_json(found, consilium.settings.price_per_thousand_tokens, behind=behind)


def _evaluations(application: FastAPI, consilium: Consilium) -> None:
    reports, access = consilium.evaluations, consilium.access

    @application.get("/v1/evaluations", response_model=views.EvaluationsView, summary="List reports of evaluations")
    def evaluations(caller: CallerHere) -> Any:
        access.require(caller, "evaluation.read", _whole(caller, None))
        found, unreadable = reports.all()
        return {"evaluations": [views.summary_json(name, one) for name, one in found], "unreadable": unreadable}

    @application.get(
        "/v1/evaluations/{evaluation_id}", response_model=views.EvaluationView, summary="Show a report of an evaluation"
    )
    def evaluation(evaluation_id: str, caller: CallerHere) -> Any:
        access.require(caller, "evaluation.read", _whole(caller, None))
        return views.report_json(evaluation_id, reports.report(evaluation_id))

    @application.get(
        "/v1/evaluations/{evaluation_id}/comparison",
        response_model=views.ComparisonView,
        summary="Compare a report with an earlier one of the same suite and dataset",
    )
    def comparison(
        evaluation_id: str,
        caller: CallerHere,
        against: Annotated[str, Query(min_length=1, max_length=200, description="Id of the earlier report.")],
    ) -> Any:
        access.require(caller, "evaluation.read", _whole(caller, None))
        found = reports.comparison(against, evaluation_id)
        return views.comparison_json(against, evaluation_id, found)


def _whole(caller: Caller, tenant: str | None) -> Resource:
    whose = tenant or caller.tenant
    return Resource(kind="tenant", id=whose, tenant=whose)
