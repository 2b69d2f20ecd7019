"""``consilium audit``: verify the trail, search it, hand out an extract, go on after events were lost."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.options import Home, Json, day, print_json
from app.settings import load_settings
from domain.errors import RequestError

application = typer.Typer(
    help="Verify, search and export the audit trail; it holds ids and decisions, never text.", no_args_is_help=True
)

Since = Annotated[str | None, typer.Option(metavar="DATE", help="First day, in UTC.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="First day that is not meant any more, in UTC.")]


@application.command()
def verify(
    extract: Annotated[Path | None, typer.Argument(help="An extract that export wrote; default: the trail.")] = None,
    key: Annotated[str | None, typer.Option(help="Id of the only key to trust, for an extract.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Prove that no event was changed, removed, added or moved. Exits with 1 where one was."""
    from app.auditing import verify as verify_trail
    from app.auditing import verify_export
    from app.store.opening import open_audit
    from domain.audit import FAULTS

    if extract and key:
        found, keys = verify_export(extract, key, None), [key]
    else:
        with open_audit(load_settings(home=home)) as trail:
            found = verify_export(extract, None, trail) if extract else verify_trail(trail)
            keys = list(trail.public_keys())
    if as_json:
        print_json({**asdict(found), "keys": keys})
    else:
        console = Console(highlight=False, soft_wrap=True)
        for fault in found.faults:
            console.print(f"[red]{fault.code}[/] at {fault.seq}: {FAULTS[fault.code]}")
        if found.more:
            console.print(f"[red]and {found.more} more[/]")
        state = "[red]not whole[/]" if found.faults else "whole"
        console.print(f"{found.events} events, {state}; the last is {found.last}, digest {found.digest or '-'}")
        console.print(f"Signed by: {', '.join(keys)}")
    if found.faults:
        raise typer.Exit(1)


@application.command()
def search(
    event: Annotated[str | None, typer.Option(help="Kind of event: question, answer, search, …")] = None,
    actor: Annotated[str | None, typer.Option(help="Who asked.")] = None,
    answer: Annotated[str | None, typer.Option(help="Id of an answer.")] = None,
    subject: Annotated[str | None, typer.Option(help="Patient or matter in scope.")] = None,
    since: Since = None,
    until: Until = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say who asked what kind of thing when, and what was decided."""
    from app.auditing import Selection
    from app.auditing import search as search_trail
    from app.store.opening import open_audit

    chosen = Selection(
        event=event, actor=actor, answer=answer, subject=subject, since=day(since), until=day(until)
    )  # fmt: skip
    console = Console(highlight=False, soft_wrap=True)
    with open_audit(load_settings(home=home)) as trail:
        for found in search_trail(trail, chosen):
            if as_json:
                sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
            else:
                facts = " ".join(
                    f"{name}={_plain(value)}" for name, value in found.facts.items() if value not in ("", [])
                )
                console.print(f"{found.seq} {found.at} {found.event} {facts}", markup=False)


@application.command()
def export(
    out: Annotated[Path, typer.Argument(help="New file of JSON lines.")],
    since: Since = None,
    until: Until = None,
    home: Home = None,
) -> None:
    """Write an extract that anybody can verify who knows the id of our key."""
    from app.auditing import Selection
    from app.auditing import export as export_trail
    from app.store.opening import open_audit

    chosen = Selection(since=day(since), until=day(until))
    with open_audit(load_settings(home=home)) as trail:
        try:
            with out.open("x", encoding="utf-8") as file:
                written = export_trail(trail, file, chosen)
        except FileExistsError:
            raise RequestError("request.invalid", f"{out.name} is there already") from None
        except OSError as error:
            raise RequestError("request.invalid", f"{out.name}: {type(error).__name__}") from None
        if not written:
            out.unlink()
            raise RequestError("request.invalid", "no event is of these days")
        keys = ", ".join(trail.public_keys())
    Console(highlight=False, soft_wrap=True).print(f"{written} events. Verify with --key, one of: {keys}")


@application.command()
def resume(
    home: Home = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Go on after events were lost, as after restoring an older backup; that they were is recorded for good."""
    from app.store.opening import open_audit

    if not yes:
        typer.confirm("The events that the signed head knows and the database lacks stay lost. Go on?", abort=True)
    with open_audit(load_settings(home=home)) as trail:
        trail.resume()
    Console().print("Resumed; the trail takes events again.")


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
