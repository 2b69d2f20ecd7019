"""``consilium assistants``: assistants without code, carried as files and published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings
from domain.assistants import Assistant, AssistantVersion
from domain.callers import OWNER
from domain.errors import RequestError

application = typer.Typer(
    help="Assistants: what changes here is effective at once, also in a running server.", no_args_is_help=True
)

Named = Annotated[str, typer.Argument(help="Name or id of the assistant.")]
Version = Annotated[int | None, typer.Option(help="Version; default the newest.")]


@application.command("list")
def list_assistants(tenant: Tenant = "default", home: Home = None, as_json: Json = False) -> None:
    """Show all assistants with their newest version, and which one is published."""
    with _service(home) as service:
        _show(service.every(OWNER, tenant), as_json=as_json)


@application.command()
def export(
    assistant: Named,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: standard output.")] = None,
    version: Version = None,
    tenant: Tenant = "default",
    home: Home = None,
) -> None:
    """Write an assistant as a file, without who made it and when."""
    from app.assistant_requests import file_of

    with _service(home) as service:
        found = service.editable(OWNER, tenant, assistant)
        meant = service.version_of(found, version) if version else service.kept.versions(found.id)[0]
    text = file_of(found, meant)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError:
        raise RequestError("request.invalid", "the file cannot be written") from None


@application.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="File that export wrote.")],
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in a file: a new assistant, or the next version of the one by its name. Nothing is published by it."""
    from app.assistant_requests import read_file

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise RequestError("request.invalid", "the file cannot be read as UTF-8 text") from None
    read = read_file(text)
    with _service(home) as service:
        _show([service.take_in(OWNER, tenant, read.name, read.design.design())], as_json=as_json)


@application.command()
def publish(
    assistant: Named,
    version: Version = None,
    client: Annotated[bool, typer.Option(help="In the client.")] = True,
    model: Annotated[bool, typer.Option(help="As a model of the OpenAI-compatible interface.")] = True,
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Let a version be used; with --no-client and --no-model it is used nowhere any more."""
    with _service(home) as service:
        found = service.editable(OWNER, tenant, assistant)
        latest = service.kept.versions(found.id)[0]
        found = service.publish(OWNER, tenant, found.id, version or latest.number, client=client, model=model)
        _show([(found, latest)], as_json=as_json)


def _service(home: Path | None) -> Any:
    from app.store.opening import open_assistants

    return open_assistants(load_settings(home=home))


def _show(found: list[tuple[Assistant, AssistantVersion]], *, as_json: bool) -> None:
    from app.assistant_requests import assistant_json

    if as_json:
        print_json({"assistants": [assistant_json(one, latest) for one, latest in found]})
        return
    console = Console(highlight=False, soft_wrap=True)
    for one, latest in found:
        where = " and ".join(name for name, on in (("client", one.client), ("model", one.model)) if on)
        state = f"version {one.published} published in {where}" if where else "not published"
        line = f"{one.id} {one.name} ({latest.design.title}): newest version {latest.number}, {state}"
        console.print(line, markup=False)
