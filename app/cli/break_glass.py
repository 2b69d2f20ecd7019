"""``consilium break-glass``: the reviewer's queue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings
from domain.access import BreakGlass
from domain.callers import OWNER

application = typer.Typer(help="What was opened in an emergency, and whether it was justified.", no_args_is_help=True)


@application.command("list")
def list_opened(tenant: Tenant = "default", home: Home = None, as_json: Json = False) -> None:
    """Show what was opened; what nobody has looked at comes first."""
    with _services(home) as (_, service):
        _show(service.queue(OWNER, tenant), as_json=as_json)


@application.command()
def review(
    opened: Annotated[str, typer.Argument(help="Id of what was opened.")],
    verdict: Annotated[str, typer.Option(help="justified or unjustified.")],
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say whether it was justified, once."""
    with _services(home) as (_, service):
        _show([service.review(OWNER, tenant, opened, verdict)], as_json=as_json)


def _services(home: Path | None) -> Any:
    from app.store.opening import open_memberships

    return open_memberships(load_settings(home=home))


def _show(opened: list[BreakGlass], *, as_json: bool) -> None:
    from app.api.access_views import break_glass_json

    if as_json:
        print_json({"break_glass": [break_glass_json(one) for one in opened]})
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in opened:
        said = f"{one.verdict} by {one.reviewer}" if one.verdict else "to be reviewed"
        line = f"{one.id} {one.caller} {one.subject} {one.opened_at} to {one.expires_at}: {one.reason} [{said}]"
        console.print(line, markup=False)
