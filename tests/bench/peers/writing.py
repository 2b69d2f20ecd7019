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
from tests.bench.peers.quality import Standing
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
_QUALITY_NOTES: Final = """\
As many questions of each set as the table says, evenly spread where those are not all (some peers take a third of a
second for one), each system's ten best documents by its own hybrid search with a metadata filter. Every system has the
same encoder from the same folder, the same texts (title, line break, text) and otherwise the defaults of its
documentation; the adapters are in `tests/bench/peers/`. Under each figure stands Consilium's less the system's over the
same questions, with the 95 % bootstrap interval of that paired difference: above zero, Consilium is better.

contractnli and privacy_qa are whole contracts and policies, with 80 more contracts as distractors in the same
collection (182 files). Each system cuts them with its own splitter as its documentation has it and returns spans.
Because recall at k favours whoever cuts longer pieces, the figure is the share of the characters that answer among the
first 4,000 characters returned (`char_recall@4000c`): within an equal number of characters, more recall is also more
precision. Vectors are remembered between systems that ask for the same text, which changes no result; nothing here is
timed."""
_COST_NOTES: Final = """\
Every system ran in a process and a virtual environment of its own, one after the other, with the same number of
threads. A tenth of the documents is there a second time in another collection, which the filter leaves out. Search
times are without the embedding of the query, which stands beside them; nDCG@10 is of the questions that were timed.
Words: seconds from the start of ingestion until the last document is found by words; in brackets, what building the
words took where that is a step of its own. In memory: resident after the searches, and the most that ever was. Start:
importing and opening. The encoder alone embeds a fifth of the documents."""


def block(standings: Sequence[Standing], measured: Sequence[Measured], facts: Mapping[str, str]) -> str:
    """Return the Markdown between the markers: what is found, what it costs, what is asked, notes, versions."""
    lines: list[str] = []
    if standings:
        lines += ["### What is found", "", *_found(standings), "", *_also(standings), "", _QUALITY_NOTES, ""]
    if measured:
        lines += ["### What it costs", "", ", ".join(f"{name}: {value}" for name, value in facts.items()) + ".", ""]
        lines += [*_table(_COSTS, measured), ""]
        own, peers, encoder = parted(measured)
        if own is not None and (wanted := bars(own, peers, encoder)):
            lines += ["| asked of Consilium | against | ratio | wanted |", "|---|---|---:|---|", *map(_bar, wanted), ""]
        lines += [_COST_NOTES, "", f"Versions: {_versions(measured)}.", ""]
    return "\n".join([*lines, "![Consilium beside its peers](peers.svg)"])


def parted(measured: Sequence[Measured]) -> tuple[Measured | None, list[Measured], Measured | None]:
    """Return the product, the peers, and the encoder by itself."""
    by_name = {row.name: row for row in measured}
    peers = [row for row in measured if row.name not in {OWN.name, ENCODER.name}]
    return by_name.get(OWN.name), peers, by_name.get(ENCODER.name)


def write(folder: Path, standings: Sequence[Standing], measured: Sequence[Measured], facts: Mapping[str, str]) -> None:
    """Replace what is between the markers of benchmarks.md, and draw peers.svg. Raises SystemExit without markers."""
    page = folder / "benchmarks.md"
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{page} has no {BEGIN} … {END}")
    draw(folder / "peers.svg", standings, [row for row in measured if row.name != ENCODER.name])
    page.write_text(f"{before}{BEGIN}\n{block(standings, measured, facts)}\n{END}{after}", encoding="utf-8")


def _versions(measured: Sequence[Measured]) -> str:
    return "; ".join(
        f"{row.name}: " + ", ".join(f"{name} {version}" for name, version in row.versions.items()) for row in measured
    )


def _found(standings: Sequence[Standing]) -> list[str]:
    """Return a table of each system's main figure on each set, above its paired difference to the product."""
    heads = [f"{standing.name} {standing.measures[0]} ({_asked(standing):,})" for standing in standings]
    rows = [[name, *(_main(standing, name) for standing in standings)] for name in standings[0].scores]
    return _markdown(["", *heads], rows)


def _also(standings: Sequence[Standing]) -> list[str]:
    """Return a table of the other figures."""
    columns = [(standing, measure) for standing in standings for measure in standing.measures[1:]]
    heads = [f"{standing.name} {measure}" for standing, measure in columns]
    rows = [
        [name, *(mean_of(standing.of(name, measure)) for standing, measure in columns)] for name in standings[0].scores
    ]
    return _markdown(["", *heads], rows)


def _asked(standing: Standing) -> int:
    return max(map(len, standing.scores.values()))


def _main(standing: Standing, name: str) -> str:
    measure = standing.measures[0]
    scores, own = standing.of(name, measure), standing.of(OWN.name, measure)
    if name == OWN.name or not own or not scores:
        return mean_of(scores)
    middle, low, high = paired(scores, own, _SEED)
    return f"{mean_of(scores)}<br>{middle:+.3f} ({low:+.3f} to {high:+.3f})"


def mean_of(values: Mapping[str, float]) -> str:
    """Return the mean as people read it."""
    return f"{sum(values.values()) / len(values):.3f}" if values else _NOTHING


def _searched(row: Measured, percent: int) -> str:
    return f"{row.search(percent):.1f}" if row.name != ENCODER.name else _NOTHING


def _when(row: Measured) -> str:
    if row.words_s is None:
        return _NOTHING
    alone = f" ({row.words_alone_s:.1f})" if row.words_alone_s is not None else ""
    return f"{row.words_s:.1f}{alone}"


_Column = tuple[str, Callable[[Measured], str]]
_COSTS: Final[tuple[_Column, ...]] = (
    ("", lambda row: row.name),
    ("search p50, ms", lambda row: _searched(row, 50)),
    ("p95, ms", lambda row: _searched(row, 95)),
    ("embedding a query p50, ms", lambda row: f"{row.embed(50):.1f}"),
    ("p95, ms", lambda row: f"{row.embed(95):.1f}"),
    ("documents/s", lambda row: f"{row.rate:.0f}"),
    ("of it embedding", lambda row: f"{row.embed_s / row.ingest_s:.0%}"),
    ("words, s", _when),
    ("in memory, MiB", lambda row: f"{row.steady_mib:.0f} ({row.peak_mib:.0f})"),
    ("on disk, MiB", lambda row: f"{row.disk_mib:.0f}"),
    ("start, s", lambda row: f"{row.startup_s:.1f}"),
    ("nDCG@10", lambda row: mean_of(row.ndcg) if row.name != ENCODER.name else _NOTHING),
)


def _table(columns: Sequence[_Column], rows: Sequence[Measured]) -> list[str]:
    return _markdown([title for title, _ in columns], [[cell(row) for _, cell in columns] for row in rows])


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table, its first column to the left and figures to the right."""
    aligned = "|---|" + "---:|" * (len(heads) - 1)
    return ["| " + " | ".join(heads) + " |", aligned, *("| " + " | ".join(row) + " |" for row in rows)]


def _bar(bar: Bar) -> str:
    mark = "yes" if bar.reached else "**no**"
    return f"| {bar.what} | {bar.against} | {bar.ratio:.2f} | at least {bar.wanted:g}: {mark} |"


_COST_PANELS: Final[tuple[tuple[str, str, Callable[[Measured], float]], ...]] = (
    ("Search p50 without the embedding, ms", "{:.1f}", lambda row: row.search(50)),
    ("Embedding a query p50, ms", "{:.1f}", lambda row: row.embed(50)),
    ("Documents/s (higher is better)", "{:.0f}", lambda row: row.rate),
    ("Searchable by words after, s", "{:.1f}", lambda row: row.words_s or 0.0),
    ("Resident memory, MiB", "{:.0f}", lambda row: row.steady_mib),
)
_Panel = tuple[str, str, dict[str, float]]
_PANEL_HEIGHT: Final = 2.1  # inches


def draw(path: Path, standings: Sequence[Standing], rows: Sequence[Measured]) -> None:
    """Draw what is found on the left and what it costs on the right; the same figures give the same bytes."""
    left: list[_Panel] = [_quality_panel(standing) for standing in standings]
    right: list[_Panel] = [(title, form, {row.name: value(row) for row in rows}) for title, form, value in _COST_PANELS]
    columns = [panels for panels in (left, right if rows else []) if panels]
    height = max(map(len, columns), default=1)
    with mpl.rc_context(_STYLE):
        canvas = Canvas(figsize=(5.2 * max(1, len(columns)), _PANEL_HEIGHT * height), layout="constrained")
        for column, panels in enumerate(columns):
            for line, (title, form, values) in enumerate(panels):
                _panel(canvas.add_subplot(height, len(columns), line * len(columns) + column + 1), title, form, values)
        canvas.savefig(path, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))


def _quality_panel(standing: Standing) -> _Panel:
    measure = standing.measures[0]
    scores = {name: standing.of(name, measure).values() for name in standing.scores}
    means = {name: sum(values) / max(1, len(values)) for name, values in scores.items()}
    return f"{standing.name}: {measure} (higher is better)", "{:.3f}", means


def _panel(axes: Axes, title: str, form: str, values: Mapping[str, float]) -> None:
    drawn = axes.barh(
        range(len(values)),
        list(values.values()),
        height=0.65,
        color=[_OWN if name == OWN.name else _PEER for name in values],
    )
    axes.bar_label(drawn, [form.format(number) for number in values.values()], padding=3, color=_INK)
    axes.set_yticks(range(len(values)), list(values))
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(_LINE)
    axes.set_title(title, loc="left", fontsize=9)
