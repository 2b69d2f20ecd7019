"""How results look to people: plain words, quotes indented, the same order as the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

JSON = Mapping[str, Any]
_MARKS = {"supported": "[green]✓[/]", "contradicted": "[red]✗[/]", "unsupported": "[yellow]?[/]"}


def answer(console: Console, body: JSON) -> None:
    """Show an answer or a refusal."""
    if body["status"] == "refused":
        refusal = body["refusal"]
        console.print(f"[bold yellow]Refused[/] ({refusal['code']}). {escape(refusal['reason'])}")
        console.print(f"[dim]{escape(refusal['try'])}[/]")
    for claim in body["claims"]:
        console.print(f"{_MARKS[claim['verdict']]} {escape(claim['text'])}")
        for quote in claim["quotes"]:
            _quote(console, quote)
    for policy in body["policies"]:
        if policy["decision"] != "allow":
            console.print(f"[dim]{policy['policy']}: {policy['decision']} - {escape(policy['reason'])}[/]")
    if body["redactions"]:
        counts = ", ".join(f"{kind} {n}" for kind, n in body["redactions"].items())
        console.print(f"[dim]redacted: {counts}[/]")
    console.print(f"[dim]as of {body['as_of']} · {body['model']} · {body['timings_ms'].get('total', 0):.0f} ms[/]")


def search(console: Console, body: JSON) -> None:
    """Show ranked passages."""
    if not body["results"]:
        console.print("Nothing was found within this scope. Records about a patient or matter need --subject.")
    for rank, hit in enumerate(body["results"], start=1):
        console.print(f"[bold]{rank}.[/] {escape(' > '.join(_path(hit)))} [dim]{hit['score']:.4f}[/]")
        console.print(f"   {escape(hit['text'])}")
        console.print(f"   [dim]{escape(hit['path'])} {hit['start']}-{hit['end']}[/]")


def check(console: Console, body: JSON) -> None:
    """Show each sentence with its verdict."""
    for sentence in body["sentences"]:
        console.print(f"{_MARKS[sentence['verdict']]} {escape(sentence['text'])}")
        console.print(f"   [dim]{sentence['verdict']}: {escape(sentence['reason'])}[/]")
        for quote in sentence["quotes"]:
            _quote(console, quote)
    counts = ", ".join(f"{n} {kind}" for kind, n in body["summary"].items())
    console.print(f"[dim]{counts}[/]")


def file(console: Console, body: JSON) -> None:
    """Show how one file ended."""
    if body.get("code"):
        console.print(f"[yellow]{body['status']}[/] {escape(body['path'])} {body['code']}")
    else:
        console.print(f"[green]{body['status']}[/] {escape(body['path'])} [dim]{_counted(body.get('passages', 0))}[/]")


def _quote(console: Console, quote: JSON) -> None:
    locator = quote["locator"]
    where = locator.get("citation") or locator.get("resource") or " > ".join(_path(quote)[1:][-2:])
    if "page" in locator:
        where = f"{where}, page {locator['page']}" if where else f"page {locator['page']}"
    since, until = quote["in_force"]["from"], quote["in_force"]["to"]
    dates = f" · in force {since or '…'} to {until or '…'}" if since or until else ""
    console.print(f"    “{escape(quote['text'])}”")
    console.print(f"    [dim]{escape(quote['title'])}, {escape(where)}{dates}[/]")


def _path(item: JSON) -> list[str]:
    """Return the title and the headings below it; many documents repeat their title as the first heading."""
    title, section = item["title"], item["section"]
    return [title, *(section[1:] if section and section[0] == title else section)]


def _counted(passages: int) -> str:
    return "1 passage" if passages == 1 else f"{passages} passages"


def receipt(console: Console, body: JSON) -> None:
    """Show what an erasure removed and what it kept."""
    console.print(
        f"Erased ({body['id']}): {len(body['documents'])} documents, {len(body['versions'])} versions, "
        f"{body['passages']} passages, {len(body['originals'])} originals."
    )
    for kept in body["kept"]:
        hold = f" ({kept['hold_id']})" if "hold_id" in kept else ""
        console.print(f"[yellow]kept[/] {escape(kept['document_id'])}: {escape(kept['reason'])}{hold}")
