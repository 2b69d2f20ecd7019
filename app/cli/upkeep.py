"""``consilium backup | restore | doctor | retention | replay``: what keeps a store in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings
from domain.errors import ServiceError

retention = typer.Typer(help="Retention: what a collection's rule says is due goes.", no_args_is_help=True)


def add(application: typer.Typer) -> None:
    """Add the commands."""
    for command in (backup, restore, doctor, replay):
        application.command()(command)
    application.add_typer(retention, name="retention")


def backup(
    target: Annotated[Path, typer.Argument(help="New folder, or new file that ends with .tar.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Copy the store while it goes on answering: rows, originals, vectors, keys, under a signed manifest."""
    import json

    from app.lifecycle.archive import MANIFEST, open_archive, write_archive

    with _door(home) as door, _progress() as watch:
        write_archive(door.backup(watch), target, lambda done: watch("bytes", done))
    with open_archive(target) as source:
        manifest = json.loads(source.read(MANIFEST))
    rows = sum(table["rows"] for table in manifest["tables"].values())
    body = {
        "backup": manifest["id"], "taken_at": manifest["taken_at"], "path": str(target), "rows": rows,
        "originals": manifest["counts"].get("originals", 0), "vectors": manifest["counts"].get("vectors", 0),
        "sealed_by": manifest["sealed_by"],
    }  # fmt: skip
    if as_json:
        print_json(body)
        return
    sealed = f"sealed by key {body['sealed_by']}" if body["sealed_by"] else "not sealed: no storage key is configured"
    _print(f"{rows} rows, {body['originals']} originals, {body['vectors']} vectors; {sealed}.")


def restore(
    path: Annotated[Path, typer.Argument(help="A backup: a folder or a .tar file.")],
    foreign: Annotated[bool, typer.Option("--foreign", help="It may be of another store.")] = False,
    discard_previous: Annotated[
        bool, typer.Option("--discard-previous", help="Do not keep the store that is there now.")
    ] = False,
    register: Annotated[Path | None, typer.Option(help="A register.jsonl that was kept elsewhere.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put a backup in the place of the store; what was erased since then is erased from it first."""
    from app.cli.door import running_server
    from app.lifecycle.restore import RestoreOrder
    from app.lifecycle.restore import restore as carry_out

    settings = load_settings(home=home)
    if running_server(settings):
        raise ServiceError("service.index_in_use", "stop the server first")
    if not yes:
        typer.confirm("The backup takes the place of the store. Go on?", abort=True)
    order = RestoreOrder(path=path, foreign=foreign, discard_previous=discard_previous, register=register)
    with _progress() as watch:
        body = carry_out(settings, order, watch=watch)
    if as_json:
        print_json(body)
        return
    _print(
        f"Restored {body['backup']} of {body['taken_at']}: {body['versions']} versions, {body['originals']} originals,"
        f" {body['embedded']} passages embedded anew, {len(body['erased_again'])} later erasures carried out again,"
        f" {body['events_carried_over']} later events kept."
    )
    if body["previous"]:
        _print(f"The store before is in {body['previous']}; erasures reach it only as a whole. Remove it in time.")


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    reencrypt: Annotated[bool, typer.Option("--reencrypt", help="Seal originals with the newest key.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find where catalogue, originals and index disagree. Exits with 1 when anything is left that is wrong."""
    with _door(home) as door, _progress() as watch:
        body = door.doctor({"repair": repair, "reencrypt": reencrypt}, watch)
    if as_json:
        print_json(body)
    else:
        for name, colour in (("mended", "green"), ("findings", "red")):
            for finding in body[name]:
                ids = " ".join(finding["ids"][:10])
                _print(f"[{colour}]{name}[/] {finding['kind']} {finding['count']}: {finding['meaning']} {ids}")
        _print(
            f"{body['versions']} versions, {body['passages']} passages, {body['originals']} originals;"
            f" {len(body['findings'])} kinds of findings left."
        )
    if body["findings"]:
        raise typer.Exit(1)


def replay(
    answer: Annotated[str, typer.Argument(help="Id of the answer.")],
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Run an answer again on what it was given, and say what differs. Exits with 1 when anything does."""
    with _door(home) as door:
        body = door.replay(tenant, answer)
    if as_json:
        print_json(body)
    else:
        for name, value in body["differs"].items():
            if value:
                _print(f"[red]{name.replace('_', ' ')}[/]: {len(value)}")
                for text in value if name == "claims_gained" else ():
                    Console(highlight=False).print(f"  {text}", markup=False)
        found = body["retrieval_now"]
        _print(f"{'The same' if body['same'] else 'Not the same'} as on {body['asked_at']}.")
        _print(f"A search today finds {len(found['gained'])} other passages, and {len(found['lost'])} no longer.")
    if not body["same"]:
        raise typer.Exit(1)


@retention.command()
def apply(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Erase what the rules in retention.toml say is due, with receipts; what is under a hold stays."""
    with _door(home) as door:
        body = door.retain({"dry_run": dry_run})
    if as_json:
        print_json(body)
        return
    for rule in body["rules"]:
        what = f"collection {rule['collection']}" if rule["collection"] else "answers"
        _print(
            f"{rule['tenant']} {what}, {rule['days']} days after {rule['basis']}: {len(rule['documents'])} documents"
            f" and {rule['answers']} answers {'are due' if dry_run else 'went'}, {len(rule['held'])} held,"
            f" {rule['undated']} without a date."
        )
    if not body["rules"]:
        _print("No rules: write [[rule]] with collection and days into retention.toml in the home folder.")


@contextmanager
def _door(home: Path | None) -> Iterator[Any]:
    from app.cli.door import open_door

    with closing(open_door(load_settings(home=home))) as door:
        yield door


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    console = Console(stderr=True)
    with console.status("Working…") as status:
        yield lambda step, done: status.update(f"{step}: {done}")


def _print(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text)
