"""``consilium jobs``: what durable work runs, cancelling it, and retrying what was set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings

application = typer.Typer(help="Durable work: ingestion, erasure and batches.", no_args_is_help=True)

JobId = Annotated[str, typer.Argument(help="Id of the job.")]


@application.command("list")
def list_jobs(
    tenant: Tenant = "default",
    cursor: Annotated[str | None, typer.Option(help="Id of the last job of the page before.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the newest jobs."""
    with _door(home) as door:
        body = door.jobs(tenant, cursor)
    if as_json:
        print_json(body)
        return
    for job in body["jobs"]:
        _line(job)


@application.command()
def show(job: JobId, home: Home = None, as_json: Json = False) -> None:
    """Show a job and how each of its pieces ended."""
    with _door(home) as door:
        _show(door.job(job), as_json=as_json)


@application.command()
def cancel(job: JobId, home: Home = None, as_json: Json = False) -> None:
    """Cancel what is not done yet, and give up what was set aside."""
    with _door(home) as door:
        _show(door.cancel_job(job), as_json=as_json)


@application.command()
def retry(job: JobId, home: Home = None, as_json: Json = False) -> None:
    """Try again what was set aside; the server works on it."""
    with _door(home) as door:
        _show(door.retry_job(job), as_json=as_json)


def _door(home: Path | None) -> Any:
    from contextlib import closing

    from app.cli.door import open_door

    return closing(open_door(load_settings(home=home)))


def _show(job: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(job)
        return
    _line(job)
    console = Console(highlight=False, soft_wrap=True)
    for piece in job.get("pieces", []):
        told = f"{piece['number']}: {piece['state']}"
        if piece.get("code"):
            told += f" ({piece['code']}: {piece['detail']})"
        console.print(f"  {told}", markup=False)


def _line(job: dict[str, Any]) -> None:
    told = f"{job['id']} {job['kind']} {job['state']}: {job['done']} of {job['items']} done"
    told += f", {job['aside']} set aside" if job["aside"] else ""
    told += f", {job['cancelled']} cancelled" if job["cancelled"] else ""
    told += f", waits ({job['trouble']})" if job.get("trouble") else ""
    Console(highlight=False, soft_wrap=True).print(told, markup=False)
