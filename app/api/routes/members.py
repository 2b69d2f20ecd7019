"""Members of patients, matters and walls, and what systems are granted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query

from app.access_requests import GrantBody, MemberBody, WallBody
from app.api.access_views import MembershipsView, MembershipView, membership_json
from app.api.callers import CallerHere
from app.bootstrap import Consilium
from domain.access import SUBJECT, TENANT, WALL, Membership

TenantHere = Annotated[str | None, Query(max_length=200, description="Default: the caller's own.")]
SubjectHere = Annotated[str, Path(min_length=1, max_length=200, description="The patient or matter.")]
WallHere = Annotated[str, Path(min_length=1, max_length=200, description="The wall.")]


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _subjects(application, consilium)
    _walls(application, consilium)
    _grants(application, consilium)


def _subjects(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.memberships

    @application.get(
        "/v1/subjects/{subject:path}/members", response_model=MembershipsView, summary="List members of a subject"
    )
    def members(subject: SubjectHere, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return _listed(service.of(caller, tenant or caller.tenant, SUBJECT, subject))

    @application.post(
        "/v1/subjects/{subject:path}/members",
        response_model=MembershipView,
        status_code=201,
        summary="Add a member of a subject, or wall somebody off from it",
    )
    def add_member(subject: SubjectHere, body: MemberBody, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return membership_json(service.add(caller, body.of_subject(tenant or caller.tenant, subject)))

    @application.delete(
        "/v1/subjects/{subject:path}/members/{membership_id}",
        status_code=204,
        summary="Remove a member of a subject, or take a wall down",
    )
    def remove_member(subject: SubjectHere, membership_id: str, caller: CallerHere, tenant: TenantHere = None) -> None:
        service.remove(caller, tenant or caller.tenant, SUBJECT, subject, membership_id)


def _walls(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.memberships

    @application.get("/v1/walls/{wall}/members", response_model=MembershipsView, summary="List who is inside a wall")
    def inside(wall: WallHere, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return _listed(service.of(caller, tenant or caller.tenant, WALL, wall))

    @application.post(
        "/v1/walls/{wall}/members", response_model=MembershipView, status_code=201, summary="Let somebody inside a wall"
    )
    def let_in(wall: WallHere, body: WallBody, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return membership_json(service.add(caller, body.of_wall(tenant or caller.tenant, wall)))

    @application.delete(
        "/v1/walls/{wall}/members/{membership_id}", status_code=204, summary="Put somebody outside of a wall"
    )
    def put_out(wall: WallHere, membership_id: str, caller: CallerHere, tenant: TenantHere = None) -> None:
        service.remove(caller, tenant or caller.tenant, WALL, wall, membership_id)


def _grants(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.memberships

    @application.get("/v1/grants", response_model=MembershipsView, summary="List what systems are granted")
    def grants(caller: CallerHere, tenant: TenantHere = None) -> Any:
        own = tenant or caller.tenant
        return _listed(service.of(caller, own, TENANT, own))

    @application.post("/v1/grants", response_model=MembershipView, status_code=201, summary="Grant a system something")
    def grant(body: GrantBody, caller: CallerHere, tenant: TenantHere = None) -> Any:
        return membership_json(service.add(caller, body.of_tenant(tenant or caller.tenant)))

    @application.delete("/v1/grants/{membership_id}", status_code=204, summary="Take a grant back")
    def take_back(membership_id: str, caller: CallerHere, tenant: TenantHere = None) -> None:
        own = tenant or caller.tenant
        service.remove(caller, own, TENANT, own, membership_id)


def _listed(members: Iterable[Membership]) -> dict[str, Any]:
    return {"members": [membership_json(one) for one in members]}
