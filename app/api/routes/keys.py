"""Keys of systems."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Response

from app.api.callers import CallerHere
from app.api.identity_views import KeyBody, KeysView, NewKeyView, key_view
from app.bootstrap import Consilium
from domain.callers import Resource

_Tenant = Annotated[str | None, Query(min_length=1, max_length=200, description="Whose keys; default: yours.")]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    keys, access = consilium.keys, consilium.access

    @application.post("/v1/keys", response_model=NewKeyView, status_code=201, summary="Make a key")
    def create(body: KeyBody, caller: CallerHere, response: Response) -> NewKeyView:
        tenant = body.tenant or caller.tenant
        access.require(caller, "key.create", Resource(kind="tenant", id=tenant, tenant=tenant))
        key, text = keys.create(caller, name=body.name, tenant=tenant, roles=body.roles, days=body.days)
        response.headers["Cache-Control"] = "no-store"
        return NewKeyView(**key_view(key, consilium.clock.now()).model_dump(), key=text)

    @application.get("/v1/keys", response_model=KeysView, summary="List keys")
    def listed(caller: CallerHere, tenant: _Tenant = None) -> KeysView:
        whose = tenant or caller.tenant
        access.require(caller, "key.list", Resource(kind="tenant", id=whose, tenant=whose))
        now = consilium.clock.now()
        return KeysView(keys=[key_view(key, now) for key in keys.keys.all(whose)])

    @application.delete("/v1/keys/{key_id}", status_code=204, summary="Revoke a key")
    def revoke(key_id: str, caller: CallerHere, tenant: _Tenant = None) -> None:
        whose = tenant or caller.tenant
        access.require(caller, "key.revoke", Resource(kind="key", id=key_id, tenant=whose))
        keys.revoke(caller, whose, key_id)
