"""SCIM 2.0 (RFC 7644): the organisation's directory keeps users and teams here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Body, FastAPI, Query, Response
from fastapi.responses import JSONResponse

from app.api.callers import CallerHere
from app.api.problems import SCIM_MEDIA_TYPE
from app.bootstrap import Consilium
from app.scim import JSON

Filter = Annotated[
    str | None, Query(alias="filter", max_length=500, description='userName eq "…", displayName eq "…".')
]
Start = Annotated[int, Query(alias="startIndex", description="First one, counted from 1.")]
Count = Annotated[int, Query(description="How many.")]
Without = Annotated[str, Query(alias="excludedAttributes", max_length=500, description="members leaves these out.")]
ScimBody = Annotated[JSON, Body(description="A resource or a PatchOp of SCIM 2.0.")]
_SHOWN: Final[dict[str, Any]] = {SCIM_MEDIA_TYPE: {"schema": {"type": "object"}}}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    **{status: {"description": "Done.", "content": _SHOWN} for status in (200, 201)},
    **{
        status: {"description": "An error of SCIM.", "content": _SHOWN}
        for status in (400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503)
    },
}
_GONE: Final[dict[int | str, dict[str, Any]]] = {k: v for k, v in _RESPONSES.items() if k not in {200, 201}}


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _users(application, consilium)
    _groups(application, consilium)

    @application.get(
        "/scim/v2/ServiceProviderConfig", response_class=JSONResponse, responses=_RESPONSES, summary="What SCIM can do"
    )
    def config(caller: CallerHere) -> Any:
        return _answered(lambda: consilium.directory.config(caller))


def _users(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.directory

    @application.get("/scim/v2/Users", response_class=JSONResponse, responses=_RESPONSES, summary="List users")
    def users(caller: CallerHere, where: Filter = None, start: Start = 1, count: Count = 100) -> Any:
        return _answered(lambda: service.users(caller, where, start, count))

    @application.post(
        "/scim/v2/Users", response_class=JSONResponse, status_code=201, responses=_RESPONSES, summary="Add a user"
    )
    def create(body: ScimBody, caller: CallerHere) -> Any:
        return _answered(lambda: service.create_user(caller, body), 201)

    @application.get(
        "/scim/v2/Users/{user_id}", response_class=JSONResponse, responses=_RESPONSES, summary="Show a user"
    )
    def user(user_id: str, caller: CallerHere) -> Any:
        return _answered(lambda: service.user(caller, user_id))

    @application.put(
        "/scim/v2/Users/{user_id}", response_class=JSONResponse, responses=_RESPONSES, summary="Describe a user anew"
    )
    def replace(user_id: str, body: ScimBody, caller: CallerHere) -> Any:
        return _answered(lambda: service.replace_user(caller, user_id, body))

    @application.patch(
        "/scim/v2/Users/{user_id}", response_class=JSONResponse, responses=_RESPONSES, summary="Change a user"
    )
    def patch(user_id: str, body: ScimBody, caller: CallerHere) -> Any:
        return _answered(lambda: service.patch_user(caller, user_id, body))

    @application.delete(
        "/scim/v2/Users/{user_id}", response_class=Response, status_code=204, responses=_GONE, summary="Remove a user"
    )
    def remove(user_id: str, caller: CallerHere) -> Response:
        return _answered(lambda: service.remove_user(caller, user_id), 204)


def _groups(application: FastAPI, consilium: Consilium) -> None:
    service = consilium.directory

    @application.get("/scim/v2/Groups", response_class=JSONResponse, responses=_RESPONSES, summary="List teams")
    def groups(
        caller: CallerHere,
        where: Filter = None,
        start: Start = 1,
        count: Count = 100,
        without: Without = "",
    ) -> Any:
        return _answered(lambda: service.teams(caller, where, start, count, members="members" not in without))

    @application.post(
        "/scim/v2/Groups", response_class=JSONResponse, status_code=201, responses=_RESPONSES, summary="Add a team"
    )
    def create(body: ScimBody, caller: CallerHere) -> Any:
        return _answered(lambda: service.create_team(caller, body), 201)

    @application.get(
        "/scim/v2/Groups/{team_id}", response_class=JSONResponse, responses=_RESPONSES, summary="Show a team"
    )
    def group(team_id: str, caller: CallerHere, without: Without = "") -> Any:
        return _answered(lambda: service.team(caller, team_id, members="members" not in without))

    @application.put(
        "/scim/v2/Groups/{team_id}", response_class=JSONResponse, responses=_RESPONSES, summary="Describe a team anew"
    )
    def replace(team_id: str, body: ScimBody, caller: CallerHere) -> Any:
        return _answered(lambda: service.replace_team(caller, team_id, body))

    @application.patch(
        "/scim/v2/Groups/{team_id}", response_class=JSONResponse, responses=_RESPONSES, summary="Change a team"
    )
    def patch(team_id: str, body: ScimBody, caller: CallerHere) -> Any:
        return _answered(lambda: service.patch_team(caller, team_id, body))

    @application.delete(
        "/scim/v2/Groups/{team_id}", response_class=Response, status_code=204, responses=_GONE, summary="Remove a team"
    )
    def remove(team_id: str, caller: CallerHere) -> Response:
        return _answered(lambda: service.remove_team(caller, team_id), 204)


def _answered(call: Callable[[], JSON | None], status: int = 200) -> Response:
    """Return what a call gives as SCIM; its errors become those of SCIM in app/api/problems.py."""
    body = call()
    if body is None:
        return Response(status_code=status)
    location = {"Location": body["meta"]["location"]} if status == 201 else {}  # noqa: PLR2004 - HTTP's "created"
    return JSONResponse(body, status_code=status, media_type=SCIM_MEDIA_TYPE, headers=location)
