"""``consilium settings``: what is set, from where, and what is wrong with it."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.settings_report import ERROR, Report


def show(console: Console, report: Report) -> None:
    """Print the report for people: problems last, where the eye is."""
    if report.lines:
        table = Table(box=None, pad_edge=False)
        for heading in ("setting", "value", "from"):
            table.add_column(heading, overflow="fold")
        for line in report.lines:
            style = "" if line.source == "default" else "bold"
            table.add_row(line.name, escape(line.value), line.source, style=style)
        console.print(table)
    show_problems(console, report)


def show_problems(console: Console, report: Report) -> None:
    """Print only what is wrong, each with its way out."""
    for problem in report.problems:
        colour = "red" if problem.severity == ERROR else "yellow"
        name = problem.setting or "settings"
        console.print(f"[{colour}]{problem.severity}[/] {escape(name)}: {escape(problem.message)}")
        console.print(f"  {escape(problem.way_out)}")
    if report.sound:
        console.print("[green]The settings are valid.[/]")
