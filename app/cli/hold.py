"""``consilium hold``: forbid the erasure of a patient, a matter or a document, and allow it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, of_one, print_json
from app.settings import load_settings

application = typer.Typer(help="Legal holds: while one stands, nothing that it covers is erased.", no_args_is_help=True)


@application.command()
def place(
    reason: Annotated[str, typer.Option(help="Why, for those who ask later.")],
    subject: Annotated[str | None, typer.Option(help="Patient or matter.")] = None,
    document: Annotated[str | None, typer.Option(help="Id of a document.")] = None,
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forbid an erasure."""
    of_one(subject, document)
    given = {"tenant": tenant, "subject": subject, "document": document, "reason": reason}
    with _door(home) as door:
        _show([door.place_hold({name: value for name, value in given.items() if value is not None})], as_json=as_json)


@application.command("list")
def list_holds(tenant: Tenant = "default", home: Home = None, as_json: Json = False) -> None:
    """Show the legal holds."""
    with _door(home) as door:
        _show(door.holds(tenant)["holds"], as_json=as_json)


@application.command()
def release(
    hold: Annotated[str, typer.Argument(help="Id of the hold.")], tenant: Tenant = "default", home: Home = None
) -> None:
    """Allow the erasure again."""
    with _door(home) as door:
        door.release_hold(tenant, hold)


def _door(home: Path | None) -> Any:
    from contextlib import closing

    from app.cli.door import open_door

    return closing(open_door(load_settings(home=home)))


def _show(holds: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"holds": holds})
        return
    console = Console(highlight=False, soft_wrap=True)
    for hold in holds:
        console.print(
            f"{hold['id']} {hold['kind']} {hold['target']} since {hold['placed_at']}: {hold['reason']}", markup=False
        )
