"""Whether a caller waits for a piece of work, or takes a job instead (RFC 7240, section 4.1)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Header, Query
from fastapi.responses import JSONResponse

from app.api.job_views import JobView
from app.jobs.outcomes import job_json
from domain.jobs import Job

ACCEPTED: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": JobView, "description": "The work is kept durably; the job says how far it is."}
}


async def waits(
    *,
    wait: Annotated[bool, Query(description="False: answer at once with a job.")] = True,
    prefer: Annotated[str, Header(description="respond-async: the same as wait=false.")] = "",
) -> bool:
    """Say whether the caller waits."""
    preferences = {part.split(";")[0].strip().lower() for part in prefer.split(",")}
    return wait and "respond-async" not in preferences


Waits = Annotated[bool, Depends(waits)]


def accepted(job: Job) -> JSONResponse:
    """Return the answer that names a job."""
    return JSONResponse(job_json(job), status_code=202, headers={"Location": f"/v1/jobs/{job.id}"})
