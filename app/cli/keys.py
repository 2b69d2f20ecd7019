"""``consilium keys``: make, list and revoke the keys by which systems say who they are."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings
from domain.callers import OWNER, Role
from domain.errors import RequestError

application = typer.Typer(
    help="Keys of systems: shown once, kept as digests, expiring; a running server knows of changes at once.",
    no_args_is_help=True,
)


@application.command()
def create(
    name: Annotated[str, typer.Option(help="Which system it is for.")],
    role: Annotated[
        list[str], typer.Option(help="reader, professional, steward, auditor, administrator or system; repeatable.")
    ],
    days: Annotated[int, typer.Option(help="Days until it expires, at most 366.")] = 90,
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a key and show it, this once."""
    from app.api.identity_views import key_view
    from app.store.opening import open_keys

    try:
        roles = [Role(one) for one in role]
    except ValueError:
        raise RequestError("request.invalid", f"roles: {', '.join(one for one in Role if one != 'owner')}") from None
    with open_keys(load_settings(home=home)) as keys:
        key, text = keys.create(OWNER, name=name, tenant=tenant, roles=roles, days=days)
        shown = key_view(key, keys.clock.now())
    if as_json:
        print_json({**shown.model_dump(mode="json"), "key": text})
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(text, markup=False)
    Console(stderr=True, highlight=False).print(
        f"{key.id} until {key.expires_at.date()}. It is not shown again; a system sends it as"
        " 'Authorization: Bearer …'."
    )


@application.command("list")
def list_keys(tenant: Tenant = "default", home: Home = None, as_json: Json = False) -> None:
    """Show the keys of a tenant, without their secrets."""
    from app.api.identity_views import key_view
    from app.store.opening import open_keys

    with open_keys(load_settings(home=home)) as keys:
        now = keys.clock.now()
        shown = [key_view(key, now) for key in keys.keys.all(tenant)]
    if as_json:
        print_json({"keys": [key.model_dump(mode="json") for key in shown]})
        return
    console = Console(highlight=False, soft_wrap=True)
    for key in shown:
        used = f"used {key.last_used}" if key.last_used else "never used"
        roles = ",".join(key.roles)
        console.print(f"{key.id} {key.state} until {key.expires_at.date()} {roles} {used} {key.name}", markup=False)


@application.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Id of the key.")], tenant: Tenant = "default", home: Home = None
) -> None:
    """Refuse a key from now on."""
    from app.store.opening import open_keys

    with open_keys(load_settings(home=home)) as keys:
        keys.revoke(OWNER, tenant, key)
