"""Durable work: what runs, how far it is, cancelling it, and retrying what was set aside."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query

from app.api.callers import CallerHere
from app.api.job_views import JobsView, JobView, JobWithItemsView
from app.bootstrap import Consilium
from app.jobs.outcomes import job_json
from app.jobs.service import PAGE
from domain.callers import Caller, Resource
from domain.jobs import Job


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    def known(job_id: str, caller: Caller, action: str) -> Job:
        job = consilium.jobs.jobs.job(job_id)
        # One that is not there is refused as somebody else's is, so that nobody learns which there are.
        of, owner = (job.tenant, job.owner) if job else (caller.tenant, "")
        consilium.access.require(caller, action, Resource(kind="job", id=job_id, tenant=of, owner=owner))
        return consilium.jobs.find(job_id)

    @application.get(
        "/v1/jobs", response_model=JobsView, response_model_exclude_unset=True, summary="List jobs, newest first"
    )
    def jobs(
        caller: CallerHere,
        tenant: Annotated[str, Query(max_length=200)] = "default",
        cursor: Annotated[str | None, Query(max_length=200, description="``next`` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
    ) -> Any:
        consilium.access.require(caller, "job.list", Resource(kind="tenant", id=tenant, tenant=tenant))
        found = consilium.jobs.jobs.all(tenant, limit=limit + 1, before=cursor)
        body: dict[str, Any] = {"jobs": [job_json(job) for job in found[:limit]]}
        if len(found) > limit:
            body["next"] = found[limit - 1].id
        return body

    @application.get(
        "/v1/jobs/{job_id}",
        response_model=JobWithItemsView,
        response_model_exclude_unset=True,
        summary="Show a job and how each of its pieces ended",
    )
    def job(job_id: str, caller: CallerHere) -> Any:
        found = known(job_id, caller, "job.read")
        return job_json(found, consilium.jobs.jobs.items(found.id))

    @application.post(
        "/v1/reindexings",
        response_model=JobView,
        response_model_exclude_unset=True,
        status_code=202,
        summary="Make the index anew beside the one that answers, and switch over",
    )
    def reindex(caller: CallerHere) -> Any:
        consilium.access.require(caller, "index.rebuild", Resource(kind="index", id="index", tenant=caller.tenant))
        return job_json(consilium.jobs.reindex(caller))

    @application.post(
        "/v1/jobs/{job_id}/cancel", response_model=JobView, response_model_exclude_unset=True, summary="Cancel a job"
    )
    def cancel(job_id: str, caller: CallerHere) -> Any:
        return job_json(consilium.jobs.cancel(known(job_id, caller, "job.cancel").id))

    @application.post(
        "/v1/jobs/{job_id}/retry",
        response_model=JobView,
        response_model_exclude_unset=True,
        summary="Try again what was set aside",
    )
    def retry(job_id: str, caller: CallerHere) -> Any:
        return job_json(consilium.jobs.retry(known(job_id, caller, "job.retry").id))
