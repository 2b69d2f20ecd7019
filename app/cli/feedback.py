"""``consilium feedback``: the reviewer's queue, and what was accepted as cases for evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import Home, Json, Tenant, print_json
from app.settings import load_settings
from domain.errors import RequestError

application = typer.Typer(help="What people say of answers, decided of and measured by.", no_args_is_help=True)


@application.command("list")
def list_waiting(tenant: Tenant = "default", home: Home = None, as_json: Json = False) -> None:
    """Show what nobody has decided of yet, without content, and how much there is."""
    with _door(home) as door:
        body = door.feedback_waiting(tenant)
    if as_json:
        print_json(body)
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in body["feedback"]:
        claim = "the answer" if one["claim"] is None else f"claim {one['claim']}"
        console.print(f"{one['id']} {one['at']} {one['verdict']}: {claim} of {one['answer_id']}", markup=False)
    for row in body["counts"] or []:
        console.print(f"{row['count']} × {row['verdict']}, {row['decision']}", markup=False)


@application.command()
def export(
    out: Annotated[Path, typer.Option(metavar="PATH", help="New folder (answers) or file (grounding).")],
    suite: Annotated[str, typer.Option(help="answers or grounding.")] = "answers",
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write accepted feedback as a dataset for ``consilium evaluate``. The files hold text, and are yours to keep."""
    if suite not in {"answers", "grounding"}:
        raise RequestError("request.invalid", "suite: answers or grounding")
    if out.exists():
        raise RequestError("request.invalid", "out: there is something by that name already")
    with _door(home) as door:
        body = door.feedback_cases(tenant, suite)
    if not body["cases"]:
        raise RequestError("request.invalid", f"nothing was accepted that makes a case: {body['left_out']}")
    files: dict[str, str] = body.pop("files")
    try:
        if suite == "answers":
            out.mkdir()
        for name, text in files.items():
            (out / name if suite == "answers" else out).write_text(text, encoding="utf-8")
    except OSError:
        raise RequestError("request.invalid", "out: cannot be written") from None
    if as_json:
        print_json(body)
        return
    left = ", ".join(f"{count} left out ({reason})" for reason, count in body["left_out"].items())
    Console(highlight=False).print(f"{body['cases']} cases{'; ' + left if left else ''}", markup=False)


def _door(home: Path | None) -> Any:
    from contextlib import closing

    from app.cli.door import open_door

    return closing(open_door(load_settings(home=home)))
