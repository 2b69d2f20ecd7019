"""``consilium members``: who is a member of a patient, a matter or a wall, and who is walled off."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings
from domain.access import SUBJECT, TENANT, WALL, Membership
from domain.callers import OWNER
from domain.errors import RequestError

application = typer.Typer(
    help="Members of patients, matters and walls; what changes here is effective at once.", no_args_is_help=True
)

Subject = Annotated[str | None, typer.Option(help="Patient or matter.")]
Wall = Annotated[str | None, typer.Option(help="Wall.")]


@application.command()
def add(
    subject: Subject = None,
    wall: Wall = None,
    grant: Annotated[
        str | None, typer.Option(help="For a system, in the whole tenant: collections, directory.")
    ] = None,
    caller: Annotated[str | None, typer.Option(help="Id of a person or system.")] = None,
    team: Annotated[str | None, typer.Option(help="Id or name of a team.")] = None,
    role: Annotated[str, typer.Option(help="What for, as in attending.")] = "",
    since: Annotated[str | None, typer.Option(metavar="TIME", help="From when on (ISO 8601).")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Until when (ISO 8601).")] = None,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Wall them off instead, whatever else they are.")
    ] = False,
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add a member, let somebody inside a wall, wall somebody off, or grant a system something."""
    from app.access_requests import GrantBody, MemberBody, WallBody

    party: dict[str, Any] = {"caller": caller, "team": team, "since": since, "until": until}
    try:
        if _one(subject, wall, grant) == SUBJECT:
            relation = "excluded" if excluded else "member"
            body = MemberBody.model_validate({**party, "role": role, "relation": relation})
            wanted = body.of_subject(tenant, subject or "")
        elif wall:
            wanted = WallBody.model_validate(party).of_wall(tenant, wall)
        else:
            wanted = GrantBody.model_validate({**party, "grant": grant}).of_tenant(tenant)
    except ValidationError as error:
        faults = "; ".join(".".join(map(str, e["loc"])) or e["msg"] for e in error.errors())
        raise RequestError("request.invalid", faults) from None
    with _services(home) as (service, _):
        _show([service.add(OWNER, wanted)], as_json=as_json)


@application.command("list")
def list_members(
    subject: Subject = None, wall: Wall = None, tenant: Tenant = "default", home: Home = None, as_json: Json = False
) -> None:
    """Show the members of a patient, matter or wall; without one, what systems are granted."""
    kind, target = _of(subject, wall, tenant)
    with _services(home) as (service, _):
        _show(service.of(OWNER, tenant, kind, target), as_json=as_json)


@application.command()
def remove(
    membership: Annotated[str, typer.Argument(help="Id of the membership.")],
    subject: Subject = None,
    wall: Wall = None,
    tenant: Tenant = "default",
    home: Home = None,
) -> None:
    """Remove a member, an exclusion or a grant."""
    kind, target = _of(subject, wall, tenant)
    with _services(home) as (service, _):
        service.remove(OWNER, tenant, kind, target, membership)


def _one(subject: str | None, wall: str | None, grant: str | None) -> str:
    named = [kind for kind, value in ((SUBJECT, subject), (WALL, wall), (TENANT, grant)) if value is not None]
    if len(named) != 1:
        raise RequestError("request.invalid", "name one of --subject, --wall and --grant")
    return named[0]


def _of(subject: str | None, wall: str | None, tenant: str) -> tuple[str, str]:
    if subject is None and wall is None:
        return TENANT, tenant
    kind = _one(subject, wall, None)
    return kind, subject or wall or ""


def _services(home: Path | None) -> AbstractContextManager[Any]:
    from app.store.opening import open_memberships

    return open_memberships(load_settings(home=home))


def _show(members: list[Membership], *, as_json: bool) -> None:
    from app.api.access_views import membership_json

    if as_json:
        print_json({"members": [membership_json(one) for one in members]})
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in members:
        time = f" from {one.since}" if one.since else ""
        time += f" until {one.until}" if one.until else ""
        role = f" ({one.role})" if one.role else ""
        line = f"{one.id} {one.party_kind} {one.party} {one.relation.value} of {one.kind} {one.target}{role}{time}"
        console.print(line, markup=False)
