"""What several groups of commands take and print."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.errors import RequestError

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Tenant = Annotated[str, typer.Option(help="Tenant whose documents are meant.")]
Home = Annotated[Path | None, typer.Option(help="Folder of the store; default CONSILIUM_HOME.")]


def day(text: str | None) -> date | None:
    """Return the date that was written. Raises RequestError ``request.invalid``."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError("request.invalid", "a date is written YYYY-MM-DD") from None


def of_one(subject: str | None, document: str | None) -> None:
    """Raise RequestError ``request.invalid`` unless exactly one of both is named."""
    if (subject is None) == (document is None):
        raise RequestError("request.invalid", "name either --subject or --document")


def print_json(body: dict[str, Any]) -> None:
    """Print JSON for programs."""
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
