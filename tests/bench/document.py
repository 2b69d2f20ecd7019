"""Writes the tables of docs/benchmarks.md and docs/tuning.md from ``bench/*.json``: no figure there is typed by hand.

A block ``<!-- bench NAME -->`` … ``<!-- end -->`` is filled from ``bench/NAME.json``, which is a report of ``consilium
evaluate --json`` or a record of a benchmark; a block whose file is missing stays as it is.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from evaluation.report import Figure, Report, read_report
from tests.bench.record import FOLDER, shown
from tests.data import ROOT

PAGES: Final = (ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "tuning.md")
_BLOCK: Final = re.compile(r"(<!-- bench (?P<name>[\w.+-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(text: str, folder: Path) -> str:
    """Return the page with every block filled whose file is in ``folder``."""

    def block(match: re.Match[str]) -> str:
        file = folder / f"{match['name']}.json"
        if not file.is_file():
            return match[0]
        return f"{match[1]}{table(file)}{match[3]}"

    return _BLOCK.sub(block, text)


def table(file: Path) -> str:
    """Return a Markdown table of a report or a record."""
    plain = json.loads(file.read_text(encoding="utf-8"))
    return _of_report(read_report(file)) if "suite" in plain else _of_record(plain)


def _of_record(plain: dict[str, Any]) -> str:
    columns = plain.get("columns", ["figure", "value"])
    cells = plain.get("rows") or [[name, shown(value)] for name, value in plain["figures"].items()]
    rows = ["| " + " | ".join(row) + " |" for row in cells]
    head = ["| " + " | ".join(columns) + " |", "|---" + "|---:" * (len(columns) - 1) + "|"]
    machine = plain["machine"]
    where = f"{machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}, {plain['measured']}"
    return "\n".join([*head, *rows, "", f"*{where}.*", ""])


def _of_report(report: Report) -> str:
    figures = [figure for figure in report.figures if _worth_a_row(figure, report)]
    rows = [f"| {figure.name} | {_value(figure)} | {_interval(figure)} | {figure.count} |" for figure in figures]
    origin = report.origin
    where = f"{origin.dataset} `{origin.dataset_digest[:12]}`, {origin.product}, {origin.started[:10]}"
    return "\n".join(
        ["| figure | value | 95 % interval | cases |", "|---|---:|---|---:|", *rows, "", f"*{where}.*", ""]
    )


def _worth_a_row(figure: Figure, report: Report) -> bool:
    """Leave out what the page would drown in: figures by type, and depths beside those that people ask for."""
    if figure.name in report.main:
        return True
    last = figure.name.rsplit(".", 1)[-1]
    return not last.isupper() and not re.search(r"@(?:2|4|16|32|100)$", last)


def _value(figure: Figure) -> str:
    return f"{figure.value:.1f} {figure.unit}" if figure.unit else shown(round(figure.value, 4))


def _interval(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"


def main() -> int:
    """Fill the page."""
    for page in PAGES:
        page.write_text(fill(page.read_text(encoding="utf-8"), FOLDER), encoding="utf-8")
        sys.stdout.write(f"wrote {page.relative_to(ROOT)} from {len(list(FOLDER.glob('*.json')))} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
