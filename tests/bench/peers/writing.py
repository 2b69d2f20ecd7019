"""Writes the comparison into docs/benchmarks.md, between its markers, and docs/peers.svg."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from evaluation.intervals import paired
from tests.bench.peers.measured import Bar, Measured, bars
from tests.bench.peers.running import ENCODER, OWN

BEGIN: Final = "<!-- peers:begin -->"
END: Final = "<!-- peers:end -->"
_SEED: Final = 0
_NOTHING: Final = "–"
_INK, _OWN, _PEER, _LINE = "#1f2328", "#0969da", "#b4bcc6", "#d0d7de"
_STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "consilium",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": _INK,
}
_NOTES: Final = """\
Every system ran in a process and a virtual environment of its own, one after the other, with the same encoder from the
same folder, the same texts (title, line break, text) and otherwise the defaults of its documentation; the adapters are
in `tests/bench/peers/`. Each finds the ten best documents by its own hybrid search within one collection by a metadata
filter; a tenth of the documents is there a second time in another collection, so a search that does not filter loses
places to them. Search times are without the embedding of the query, which stands beside them. A difference is
Consilium's nDCG@10 less the system's over the same questions, with its 95 % bootstrap interval. Words: seconds from the
start of ingestion until the last document is found by words; in brackets, what building the words took where that is a
step of its own. In memory: resident after the searches, and the most that ever was. Start: importing and opening."""


def block(measured: Sequence[Measured], facts: Mapping[str, str]) -> str:
    """Return the Markdown between the markers: tables, what is asked, notes, versions."""
    own, peers, encoder = parted(measured)
    lines = [
        ", ".join(f"{name}: {value}" for name, value in facts.items()) + ".",
        "",
        *_table(_QUALITY, [row for row in measured if row.name != ENCODER.name], own),
        "",
        *_table(_COSTS, measured, own),
        "",
        "![Consilium beside its peers](peers.svg)",
        "",
    ]
    if own is not None and (asked := bars(own, peers, encoder)):
        lines += ["| asked of Consilium | against | ratio | wanted |", "|---|---|---|---|", *map(_bar, asked), ""]
    versions = "; ".join(
        f"{row.name}: " + ", ".join(f"{name} {version}" for name, version in row.versions.items()) for row in measured
    )
    return "\n".join([*lines, _NOTES, "", f"Versions: {versions}."])


def parted(measured: Sequence[Measured]) -> tuple[Measured | None, list[Measured], Measured | None]:
    """Return the product, the peers, and the encoder by itself."""
    by_name = {row.name: row for row in measured}
    peers = [row for row in measured if row.name not in {OWN.name, ENCODER.name}]
    return by_name.get(OWN.name), peers, by_name.get(ENCODER.name)


def write(folder: Path, measured: Sequence[Measured], facts: Mapping[str, str]) -> None:
    """Replace what is between the markers of benchmarks.md, and draw peers.svg. Raises SystemExit without markers."""
    page = folder / "benchmarks.md"
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{page} has no {BEGIN} … {END}")
    draw(folder / "peers.svg", [row for row in measured if row.name != ENCODER.name])
    page.write_text(f"{before}{BEGIN}\n{block(measured, facts)}\n{END}{after}", encoding="utf-8")


def _difference(row: Measured, own: Measured | None) -> str:
    if own is None or row is own:
        return _NOTHING
    middle, low, high = paired(row.ndcg, own.ndcg, _SEED)
    return f"{middle:+.3f} ({low:+.3f} to {high:+.3f})"


def _mean(values: Mapping[str, float]) -> str:
    return f"{sum(values.values()) / len(values):.3f}" if values else _NOTHING


def _searched(row: Measured, percent: int) -> str:
    return f"{row.search(percent):.1f}" if row.name != ENCODER.name else _NOTHING


def _when(row: Measured) -> str:
    if row.words_s is None:
        return _NOTHING
    alone = f" ({row.words_alone_s:.1f})" if row.words_alone_s is not None else ""
    return f"{row.words_s:.1f}{alone}"


_Column = tuple[str, Callable[[Measured, Measured | None], str]]
_QUALITY: Final[tuple[_Column, ...]] = (
    ("", lambda row, _: row.name),
    ("nDCG@10", lambda row, _: _mean(row.ndcg)),
    ("R@10", lambda row, _: _mean(row.recall)),
    ("difference", _difference),
    ("search p50, ms", lambda row, _: _searched(row, 50)),
    ("p95, ms", lambda row, _: _searched(row, 95)),
)
_COSTS: Final[tuple[_Column, ...]] = (
    ("", lambda row, _: row.name),
    ("embedding a query p50, ms", lambda row, _: f"{row.embed(50):.1f}"),
    ("p95, ms", lambda row, _: f"{row.embed(95):.1f}"),
    ("documents/s", lambda row, _: f"{row.rate:.0f}"),
    ("of it embedding", lambda row, _: f"{row.embed_s / row.ingest_s:.0%}"),
    ("words, s", lambda row, _: _when(row)),
    ("in memory, MiB", lambda row, _: f"{row.steady_mib:.0f} ({row.peak_mib:.0f})"),
    ("on disk, MiB", lambda row, _: f"{row.disk_mib:.0f}"),
    ("start, s", lambda row, _: f"{row.startup_s:.1f}"),
)


def _table(columns: Sequence[_Column], rows: Sequence[Measured], own: Measured | None) -> list[str]:
    return [
        "| " + " | ".join(title for title, _ in columns) + " |",
        "|---" * len(columns) + "|",
        *("| " + " | ".join(cell(row, own) for _, cell in columns) + " |" for row in rows),
    ]


def _bar(bar: Bar) -> str:
    mark = "yes" if bar.reached else "**no**"
    return f"| {bar.what} | {bar.against} | {bar.ratio:.2f} | at least {bar.wanted:g}: {mark} |"


_Panel = tuple[str, str, Callable[[Measured], float]]
_PANELS: Final[tuple[_Panel, ...]] = (
    ("nDCG@10 (higher is better)", "{:.3f}", lambda row: sum(row.ndcg.values()) / max(1, len(row.ndcg))),
    ("Search p50 without the embedding, ms", "{:.1f}", lambda row: row.search(50)),
    ("Embedding a query p50, ms", "{:.1f}", lambda row: row.embed(50)),
    ("Documents/s (higher is better)", "{:.0f}", lambda row: row.rate),
    ("Searchable by words after, s", "{:.1f}", lambda row: row.words_s or 0.0),
    ("Resident memory, MiB", "{:.0f}", lambda row: row.steady_mib),
)


def draw(path: Path, rows: Sequence[Measured]) -> None:
    """Draw a panel of bars for each thing measured; the same bytes every time from the same figures."""
    with mpl.rc_context(_STYLE):
        canvas = Canvas(figsize=(9.5, 1.1 + 0.9 * len(rows)), layout="constrained")
        for place, (title, form, value) in enumerate(_PANELS, start=1):
            _panel(canvas.add_subplot(3, 2, place), rows, title, form, value)
        canvas.savefig(path, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))


def _panel(axes: Axes, rows: Sequence[Measured], title: str, form: str, value: Callable[[Measured], float]) -> None:
    values = [value(row) for row in rows]
    drawn = axes.barh(
        range(len(rows)), values, height=0.65, color=[_OWN if row.name == OWN.name else _PEER for row in rows]
    )
    axes.bar_label(drawn, [form.format(number) for number in values], padding=3, color=_INK)
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(_LINE)
    axes.set_title(title, loc="left", fontsize=9)
