"""Reading a draft out of a file."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, UploadFile

from app.answering.drafts import DraftReader
from app.api.callers import CallerHere
from app.api.keeping_views import ReadingView
from app.api.problems import problem
from app.api.routes.conversations import Tenant
from app.bootstrap import Consilium
from domain.access import TENANT
from domain.callers import Resource


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the route."""
    reader = DraftReader(sandbox=consilium.sandbox)

    @application.post(
        "/v1/readings", response_model=ReadingView, summary="Read the text of a draft out of a file; nothing is kept"
    )
    def read(file: UploadFile, caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "draft.check", Resource(kind=TENANT, id=of, tenant=of))
        content = file.file.read(consilium.settings.max_bytes + 1)
        if len(content) > consilium.settings.max_bytes:
            return problem("document.too_large", f"limit {consilium.settings.max_bytes} bytes")
        return reader.read(content, file.filename or "draft")
