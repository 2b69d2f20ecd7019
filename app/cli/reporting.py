"""``consilium report``: ``TEMPLATE --cohort FILE|GROUP --out DIR``, and looking at templates and batches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from app.cli.options import Home, Json, day, print_json
from app.settings import load_settings
from app.statuses import DATA
from domain.errors import RequestError

_LOOK_EVERY: Final = 0.3  # seconds
_SHEETS: Final = ("docx", "pdf", "html", "json")


class _Verbs(TyperGroup):
    """``report TEMPLATE …`` is ``report run TEMPLATE …``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put "run" before the name of a template."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


application = typer.Typer(
    cls=_Verbs, no_args_is_help=True, help="Reports in batches: report TEMPLATE --cohort FILE|GROUP --out DIR."
)

Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder that the files are written into.")]
ReportId = Annotated[str, typer.Argument(help="Id of the batch.")]


@application.command()
def run(
    template: Annotated[str, typer.Argument(help="Name of a template; see consilium report list.")],
    cohort: Annotated[
        str,
        typer.Option(
            metavar="FILE|GROUP",
            help="File with an id a line, or a team; collection:NAME; subject:ID for all of its documents.",
        ),
    ],
    out: Out,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="docx, pdf, html, json or fhir; repeat; default the template's."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Date of the report and of what is in force.")
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="treatment, legal_advice, operations, research or audit.")] = None,
    collection: Annotated[list[str] | None, typer.Option(help="Collection to look at; repeat; default all.")] = None,
    tenant: Annotated[str | None, typer.Option(help="Tenant; default one's own.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a batch of reports. Run again after it was cut off, it goes on, and makes nothing twice."""
    from app.reports.folders import Folder

    given = {
        "template": template,
        "cohort": _cohort(cohort),
        "formats": formats,
        "as_of": as_of and str(day(as_of)),
        "purpose": purpose,
        "collections": collection,
        "tenant": tenant,
    }
    body = {key: value for key, value in given.items() if value}
    folder = Folder(out)
    with _door(home) as door:
        known = folder.begun(body)
        report_id = known or door.order(body)["id"]
        if known is None:
            folder.begin(body, report_id)
        if known and door.status(report_id)["aside"]:
            door.resume(report_id)
        _follow(door, folder, report_id, as_json=as_json)


@application.command()
def resume(report: ReportId, out: Out, home: Home = None, as_json: Json = False) -> None:
    """Go on with a batch: what was set aside is tried again, what is made is written, and nothing is made twice."""
    from app.reports.folders import Folder

    with _door(home) as door:
        if door.status(report)["aside"]:
            door.resume(report)
        _follow(door, Folder(out), report, as_json=as_json)


@application.command("list")
def list_templates(home: Home = None, as_json: Json = False) -> None:
    """Show the templates, and one's own batches."""
    with _door(home) as door:
        body = {**door.templates(), **door.batches()}
    if as_json:
        print_json(body)
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in body["templates"]:
        about = (
            f"not valid: {one['invalid']}" if "invalid" in one else f"{one['title']} ({one['about']}, {one['pack']})"
        )
        console.print(f"{one['name']}: {about}", markup=False)
    for one in body["reports"]:
        _line(console, one)


@application.command()
def validate(file: Annotated[Path, typer.Argument(help="A template file.")], as_json: Json = False) -> None:
    """Check a template file, and say everything that is wrong with it."""
    from app.reports.template import parse_template
    from app.reports.wording import wording_of

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("request.template_invalid", f"{file.name}: {type(error).__name__}") from None
    template = parse_template(file.stem, text)
    wording_of(template)
    told = {"name": template.name, "digest": template.digest, "sections": len(template.sections)}
    if as_json:
        print_json(told)
    else:
        Console(highlight=False).print(f"{template.name}: valid, {len(template.sections)} sections", markup=False)


@application.command()
def status(report: ReportId, home: Home = None, as_json: Json = False) -> None:
    """Show how far a batch is, and what failed."""
    with _door(home) as door:
        body = {**door.status(report), "pieces": door.items(report)}
    if as_json:
        print_json(body)
        return
    console = Console(highlight=False, soft_wrap=True)
    _line(console, body)
    _failures(console, body["pieces"])


@application.command()
def cancel(report: ReportId, home: Home = None, as_json: Json = False) -> None:
    """Cancel what of a batch is not made yet."""
    with _door(home) as door:
        body = door.cancel(report)
    if as_json:
        print_json(body)
    else:
        _line(Console(highlight=False, soft_wrap=True), body)


def _cohort(named: str) -> dict[str, Any]:
    """Return whom ``--cohort`` means: the ids of a file, or a group by name."""
    file = Path(named)
    if file.is_file():
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise RequestError("request.invalid", f"cohort: {type(error).__name__}") from None
        ids = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
        if not ids:
            raise RequestError("request.invalid", "cohort: the file names nobody")
        return {"ids": list(dict.fromkeys(ids))}
    kind, _, name = named.partition(":")
    return {kind: name} if kind in {"collection", "subject", "team"} and name else {"team": named}


def _follow(door: Any, folder: Any, report_id: str, *, as_json: bool) -> None:
    """Let the batch be worked on, show how far it is, write each file as it is made, and say what failed."""
    folder.sweep()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"Batch {report_id}", markup=False)
    door.work()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        body = door.status(report_id)
        task = bars.add_task("Reports", total=body["items"])
        done = -1
        while True:
            body = door.status(report_id)
            if body["done"] != done:
                done = body["done"]
                _write(door, folder, report_id)
            waits = f" (waits: {body['trouble']})" if body.get("trouble") else ""
            bars.update(task, completed=body["done"] + body["aside"] + body["cancelled"], description=f"Reports{waits}")
            if body["state"] not in {"queued", "running"}:
                break
            time.sleep(_LOOK_EVERY)
    items = _write(door, folder, report_id)
    _write_sheets(door, folder, body)
    if as_json:
        print_json({**body, "pieces": items})
    else:
        told = Console(highlight=False, soft_wrap=True)
        _line(told, body)
        _failures(told, items)
    if body["items"] and not body["done"]:
        raise typer.Exit(DATA)


def _write(door: Any, folder: Any, report_id: str) -> list[dict[str, Any]]:
    """Write what is made and not there yet; return the items."""
    items: list[dict[str, Any]] = door.items(report_id)
    for item in items:
        for file in item["files"]:
            if not folder.has(file["name"], file["sha256"]):
                folder.write(file["name"], door.file(report_id, item["number"], file["format"]))
    return items


def _write_sheets(door: Any, folder: Any, body: dict[str, Any]) -> None:
    for name in body["formats"]:
        if name in _SHEETS:
            folder.write(f"contents.{name}", door.sheet(body["id"], "contents", name))
            if body["grid"]:
                folder.write(f"grid.{name}", door.sheet(body["id"], "grid", name))


def _failures(console: Console, items: list[dict[str, Any]]) -> None:
    for item in items:
        if item.get("code"):
            console.print(f"  {item['target']}: {item['code']}: {item['detail']}", markup=False)


def _line(console: Console, body: dict[str, Any]) -> None:
    told = f"{body['id']} {body['template']} {body['state']}: {body['done']} of {body['items']} made"
    told += f", {body['aside']} set aside" if body["aside"] else ""
    told += f", {body['cancelled']} cancelled" if body["cancelled"] else ""
    told += f", waits ({body['trouble']})" if body.get("trouble") else ""
    console.print(told, markup=False)


@contextmanager
def _door(home: Path | None) -> Iterator[Any]:
    settings = load_settings(home=home)
    with Console(stderr=True).status("Starting…") if sys.stderr.isatty() else _nothing():
        from app.cli.report_door import open_report_door

        door = open_report_door(settings)
    try:
        yield door
    finally:
        door.close()


@contextmanager
def _nothing() -> Iterator[None]:
    yield
