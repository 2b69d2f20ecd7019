"""Jobs as JSON, the same for HTTP and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.errors import CODES
from domain.jobs import Job, JobItem


def job_json(job: Job, items: Sequence[JobItem] | None = None) -> dict[str, Any]:
    """Return ``{id, tenant, owner, kind, state, trouble?, created_at, changed_at, items, done, aside, cancelled}``.

    With ``items``, ``pieces`` says of each how it ended.
    """
    body: dict[str, Any] = {
        "id": job.id,
        "tenant": job.tenant,
        "owner": job.owner,
        "kind": job.kind.value,
        "state": job.state.value,
        "created_at": job.created_at,
        "changed_at": job.changed_at,
        "items": job.items,
        "done": job.done,
        "aside": job.aside,
        "cancelled": job.cancelled,
    }
    if job.trouble:
        body["trouble"] = job.trouble
    if items is not None:
        body["pieces"] = [_item_json(item) for item in items]
    return body


def _item_json(item: JobItem) -> dict[str, Any]:
    body: dict[str, Any] = {"number": item.number, "state": item.state.value, "passages": item.passages}
    if item.digest:
        body["digest"] = item.digest
    if item.code:
        body |= {"code": item.code, "detail": CODES[item.code]}
    if item.document_ids:
        body["document_ids"] = list(item.document_ids)
    return body
