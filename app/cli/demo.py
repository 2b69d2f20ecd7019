"""The demo: ingest the samples, ask the sample questions, show what happens."""

from __future__ import annotations

import json
import sys
import time
import tomllib
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from app.bootstrap import Consilium, build
from app.cli import show
from app.cli.door import LocalDoor
from app.settings import Settings

SAMPLES: Final = Path(__file__).parent.parent / "samples"
FOLDER: Final = "demo"  # below the home
LABELS: Final = ("document", "collection", "subject", "title", "effective_from", "effective_to")


def run(settings: Settings, *, as_json: bool) -> int:
    """Run the demo in a folder of its own below the home; return 0 when every question ended as it should."""
    started = time.monotonic()
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    console = Console(highlight=False, quiet=as_json)
    report: dict[str, Any] = {"files": [], "answers": [], "checks": []}
    own = settings.model_copy(update={"home": settings.home / FOLDER})
    console.print(f"[bold]Consilium demo[/] in {own.home}\n")
    with console.status("Loading the encoder and proving the personal-data detector…"):
        consilium = build(own)
    with consilium:
        _ingest(consilium, manifest["documents"], console, report)
        door = LocalDoor(consilium)
        for number, item in enumerate(manifest["questions"], start=1):
            console.print(f"\n[bold]{number}. {item.pop('shows')}[/]\n[cyan]{_asked(item)}[/]")
            answer = door.ask(item)
            report["answers"].append(answer)
            show.answer(console, answer)
        for item in manifest["drafts"]:
            console.print(f"\n[bold]{item.pop('shows')}[/]")
            result = door.check(item)
            report["checks"].append(result)
            show.check(console, result)
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    answered = sum(answer["status"] == "answered" for answer in report["answers"])
    refused = len(report["answers"]) - answered
    seconds = time.monotonic() - started
    console.print(f"\n[bold]{answered} answered, {refused} refused[/] in {seconds:.0f} s, all on this machine.")
    console.print(f"[dim]Ask your own: CONSILIUM_HOME={own.home} consilium ask 'Your question' --subject …[/]")
    console.print("\nOpen it in a browser: [bold]make serve[/], or consilium serve --samples, prints the address.")
    return 0


def prepared(settings: Settings) -> Settings:
    """Return settings with the demo's folder as home, where the samples are ingested now if they were not."""
    own = settings.model_copy(update={"home": settings.home / FOLDER})
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    console = Console(highlight=False, stderr=True)
    console.print("Reading the samples (all invented)…")
    with build(own) as consilium:
        _ingest(consilium, manifest["documents"], Console(quiet=True), {"files": []})
    return own


def _ingest(consilium: Consilium, documents: list[dict[str, str]], console: Console, report: dict[str, Any]) -> None:
    console.print("[bold]Reading the samples[/] (all invented)")
    door = LocalDoor(consilium)
    for item in documents:
        options: dict[str, Any] = {key: item[key] for key in LABELS if key in item}
        for outcome in door.ingest([SAMPLES / "files" / item["file"]], options):
            report["files"].append(outcome)
            show.file(console, {**outcome, "path": item["file"]})
            if outcome.get("code") == "document.needs_ocr":
                console.print("[dim]  install tesseract to read scanned pages; its question is refused without it[/]")


def _asked(item: dict[str, Any]) -> str:
    facts = [item["question"]]
    if item.get("subjects"):
        facts.append(f"about {', '.join(item['subjects'])}")
    if item.get("as_of"):
        facts.append(f"as of {item['as_of']}")
    if item.get("purpose"):
        facts.append(f"for {item['purpose'].replace('_', ' ')}")
    return " · ".join(facts)
