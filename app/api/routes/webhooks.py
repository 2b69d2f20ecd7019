"""Where events go."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.routes.conversations import Tenant
from app.bootstrap import Consilium
from app.events.endpoints import endpoint_json
from app.requests import Name
from domain.callers import Resource

Kind = Literal["document.indexed", "document.rejected", "job.finished", "erasure.done", "breakglass.opened"]


class WebhookBody(BaseModel):
    """Where events go, and which."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    tenant: Name | None = Field(None, description="Default: the caller's own.")
    url: str = Field(min_length=1, max_length=2_000, description="An https address.", examples=["https://example.org/"])
    events: list[Kind] = Field(min_length=1, max_length=20, description="Kinds of events that are sent.")


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.post(
        "/v1/webhooks",
        response_model=views.WebhookView,
        response_model_exclude_none=True,
        status_code=201,
        summary="Send events somewhere",
        responses={
            201: {
                "links": {
                    "delete_webhook": {
                        "operationId": "delete_webhook", "parameters": {"webhook_id": "$response.body#/id"}
                    }
                }
            }
        },
    )  # fmt: skip
    def create(body: WebhookBody, caller: CallerHere) -> Any:
        tenant = body.tenant or caller.tenant
        consilium.access.require(caller, "webhook.create", Resource(kind="tenant", id=tenant, tenant=tenant))
        made = consilium.webhooks.add(tenant, body.url, body.events, caller.id)
        return endpoint_json(made) | {"secret": made.secret}

    @application.get(
        "/v1/webhooks",
        response_model=views.WebhooksView,
        response_model_exclude_none=True,
        summary="List where events go",
    )
    def webhooks(caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "webhook.list", Resource(kind="tenant", id=of, tenant=of))
        return {"webhooks": consilium.webhooks.all(of)}

    @application.delete(
        "/v1/webhooks/{webhook_id}",
        status_code=204,
        summary="Send events there no more",
        operation_id="delete_webhook",
    )
    def remove(webhook_id: str, caller: CallerHere, tenant: Tenant = None) -> None:
        of = tenant or caller.tenant
        consilium.access.require(caller, "webhook.delete", Resource(kind="webhook", id=webhook_id, tenant=of))
        consilium.webhooks.remove(of, webhook_id, caller.id)
