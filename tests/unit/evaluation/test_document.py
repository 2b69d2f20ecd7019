"""The page of benchmarks is written from files."""

from __future__ import annotations

import json
from pathlib import Path

from evaluation.report import Case, Figure, Origin, Report, write_report
from tests.bench.document import fill

PAGE = "# Figures\n\n<!-- bench speed -->\nold\n<!-- end -->\n\n<!-- bench other -->\nkept\n<!-- end -->\n"
ORIGIN = Origin(
    dataset="small",
    dataset_digest="ab" * 32,
    product="1.2",
    configuration={},
    models={},
    machine={},
    seed=0,
    started="2026-01-02T03:04:05+00:00",
)


def test_a_block_is_filled_from_its_record_and_others_stay(tmp_path: Path) -> None:
    machine = {"cores": "2", "memory_gib": "24", "python": "3.11"}
    body = {"figures": {"passages": 13732, "ratio": 0.9, "state": "ok"}, "machine": machine, "measured": "2026-01-02"}
    (tmp_path / "speed.json").write_text(json.dumps(body))
    text = fill(PAGE, tmp_path)
    assert "old" not in text
    assert "<!-- bench other -->\nkept\n<!-- end -->" in text
    assert "| passages | 13,732 |\n| ratio | 0.900 |\n| state | ok |" in text
    assert "*2 cores, 24 GiB, Python 3.11, 2026-01-02.*\n<!-- end -->" in text
    assert fill(text, tmp_path) == text


def test_a_table_keeps_its_columns(tmp_path: Path) -> None:
    machine = {"cores": "2", "memory_gib": "24", "python": "3.11"}
    body = {
        "columns": ["", "one", "two"],
        "rows": [["own", "0.7", "0.8"]],
        "machine": machine,
        "measured": "2026-01-02",
    }
    (tmp_path / "speed.json").write_text(json.dumps(body))
    assert "|  | one | two |\n|---|---:|---:|\n| own | 0.7 | 0.8 |\n" in fill(PAGE, tmp_path)


def test_a_report_shows_its_figures_with_intervals_but_not_every_depth(tmp_path: Path) -> None:
    figures = (
        Figure(name="words.ndcg@10", value=0.5, count=4, low=0.25, high=0.75),
        Figure(name="words.char_recall@32", value=0.4, count=4),
        Figure(name="words.p50_ms", value=12.34, count=4, unit="ms", higher_is_better=False),
    )
    report = Report(
        suite="retrieval",
        origin=ORIGIN,
        seconds=1.0,
        main=("words.ndcg@10",),
        figures=figures,
        cases=(Case(id="q", scores={}),),
    )
    write_report(report, tmp_path / "speed.json")
    text = fill(PAGE, tmp_path)
    assert "| words.ndcg@10 | 0.500 | 0.250 to 0.750 | 4 |\n| words.p50_ms | 12.3 ms |  | 4 |\n" in text
    assert "char_recall" not in text
    assert "*small `abababababab`, 1.2, 2026-01-02.*" in text
