"""Assistants: those one may use, and making, changing, publishing and carrying them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query
from fastapi.responses import Response

from app.api import assistant_views as views
from app.api.callers import CallerHere
from app.api.routes.conversations import Tenant
from app.assistant_requests import (
    AssistantBody,
    AssistantFile,
    ChangeBody,
    PublicationBody,
    assistant_json,
    file_of,
    version_json,
)
from app.bootstrap import Consilium
from domain.assistants import Serving
from policies.pack import pack_names

Version = Annotated[int, Path(ge=1, lt=2**31)]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _using(application, consilium)
    _editing(application, consilium)
    _versions(application, consilium)
    _publishing(application, consilium)


def _using(application: FastAPI, consilium: Consilium) -> None:
    @application.get("/v1/assistants", response_model=views.UsableAssistantsView, summary="List assistants one may use")
    def usable(caller: CallerHere, tenant: Tenant = None) -> Any:
        found = consilium.assistants.usable(caller, tenant or caller.tenant)
        return {"assistants": [_usable_json(one) for one in found], "drafter": consilium.answers.drafter.name}

    @application.get(
        "/v1/assistants/{assistant}", response_model=views.UsableAssistantView, summary="Show an assistant"
    )
    def one(assistant: str, caller: CallerHere, tenant: Tenant = None) -> Any:
        return _usable_json(consilium.assistants.serving(caller, tenant or caller.tenant, assistant))


def _editing(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.assistants

    @application.get("/v1/assistant-designs", response_model=views.AssistantsView, summary="List all assistants")
    def every(caller: CallerHere, tenant: Tenant = None) -> Any:
        found = service.every(caller, tenant or caller.tenant)
        return {
            "assistants": [assistant_json(one, latest) for one, latest in found],
            "packs": pack_names(),
            "pack": consilium.pack.name,
            "drafter": consilium.answers.drafter.name,
        }

    @application.post(
        "/v1/assistant-designs", response_model=views.AssistantView, status_code=201, summary="Make an assistant"
    )
    def create(body: AssistantBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        return assistant_json(*service.create(caller, tenant or caller.tenant, body.name, body.design.design()))

    @application.post(
        "/v1/assistant-designs/imports", response_model=views.AssistantView, summary="Take in an assistant's file"
    )
    def take_in(body: AssistantFile, caller: CallerHere, tenant: Tenant = None) -> Any:
        return assistant_json(*service.take_in(caller, tenant or caller.tenant, body.name, body.design.design()))

    @application.get(
        "/v1/assistant-designs/{assistant}", response_model=views.AssistantView, summary="Show an assistant to edit it"
    )
    def show(assistant: str, caller: CallerHere, tenant: Tenant = None) -> Any:
        found = service.editable(caller, tenant or caller.tenant, assistant)
        return assistant_json(found, service.kept.versions(found.id)[0])

    @application.put(
        "/v1/assistant-designs/{assistant}", response_model=views.AssistantView, summary="Add a version to an assistant"
    )
    def save(assistant: str, body: ChangeBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        design = body.design.design()
        return assistant_json(*service.save(caller, tenant or caller.tenant, assistant, design, base=body.base))

    @application.delete("/v1/assistant-designs/{assistant}", status_code=204, summary="Let nobody use it any more")
    def retire(assistant: str, caller: CallerHere, tenant: Tenant = None) -> None:
        service.retire(caller, tenant or caller.tenant, assistant)


def _versions(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.assistants

    @application.get(
        "/v1/assistant-designs/{assistant}/versions",
        response_model=views.AssistantVersionsView,
        summary="List the versions of an assistant",
    )
    def versions(assistant: str, caller: CallerHere, tenant: Tenant = None) -> Any:
        found = service.editable(caller, tenant or caller.tenant, assistant)
        return {"versions": [version_json(one) for one in service.kept.versions(found.id)]}

    @application.post(
        "/v1/assistant-designs/{assistant}/versions/{version}/restore",
        response_model=views.AssistantView,
        summary="Add a version that says what an older one said",
    )
    def restore(assistant: str, version: Version, caller: CallerHere, tenant: Tenant = None) -> Any:
        return assistant_json(*service.restore(caller, tenant or caller.tenant, assistant, version))

    @application.get(
        "/v1/assistant-designs/{assistant}/file",
        summary="Hand out an assistant as a file",
        response_class=Response,
        responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
    )
    def hand_out(
        assistant: str,
        caller: CallerHere,
        tenant: Tenant = None,
        version: Annotated[int | None, Query(ge=1, lt=2**31, description="Default: the newest.")] = None,
    ) -> Response:
        found = service.editable(caller, tenant or caller.tenant, assistant)
        meant = service.version_of(found, version) if version else service.kept.versions(found.id)[0]
        name = f"attachment; filename={found.name}.assistant.json"
        return Response(
            file_of(found, meant),
            media_type="application/json",
            headers={"Content-Disposition": name, "Cache-Control": "no-store"},
        )


def _publishing(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.assistants

    @application.put(
        "/v1/assistant-designs/{assistant}/publication",
        response_model=views.AssistantView,
        summary="Publish a version, or take it back",
    )
    def publish(assistant: str, body: PublicationBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        found = service.publish(caller, of, assistant, body.version, client=body.client, model=body.model)
        return assistant_json(found, service.kept.versions(found.id)[0])


def _usable_json(serving: Serving) -> dict[str, Any]:
    design = serving.design
    return {
        "id": serving.id,
        "name": serving.name,
        "version": serving.number,
        "title": design.title,
        "description": design.description,
        "collections": list(design.collections),
        "pack": design.pack,
        "purpose": design.purpose,
        "as_of": design.as_of,
        "starters": list(design.starters),
    }
