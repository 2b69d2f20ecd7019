"""The page of a report."""

from __future__ import annotations

import functools
import math
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from lxml import html

from evaluation.compare import compare
from evaluation.page import page
from evaluation.report import Case, Curve, Figure, Report
from tests.data import ROOT
from tests.unit.evaluation.reports import HOSTILE, ORIGIN, full, report

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@functools.cache
def shown() -> str:
    """Return the page of the full report, drawn once."""
    return page(full())


def parsed(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def section(text: str, name: str) -> html.HtmlElement:
    (found,) = parsed(text).xpath(f"//section[@aria-labelledby='{name}']")
    assert isinstance(found, html.HtmlElement)
    return found


def table(text: str, name: str, number: int = 0) -> list[list[str]]:
    """Return the cells below the heading of a table of a section."""
    rows = section(text, name).xpath(".//table")[number].xpath("./tbody/tr")
    return [[words(cell) for cell in row.xpath("./*")] for row in rows]


def test_the_headline_says_what_was_measured_on_what_by_which_version() -> None:
    tree = parsed(shown())
    (headline,) = tree.xpath("//h1")
    assert words(headline) == "Retrieval on small"
    assert "Consilium 1.2.3 · 30 cases · 23 November 2025, 04:05 UTC · 1 h 2 min" in words(tree.xpath("//header")[0])


def test_the_main_figures_come_first_in_their_order_and_those_that_are_missing_are_left_out() -> None:
    cards = section(shown(), "main-figures").xpath(".//dl/div")
    assert [words(card) for card in cards] == [
        "found 0.483 0.383 to 0.58395 % interval, 30 cases",
        "p50_ms 19.5 ms 30 cases; lower is better",
    ]


def test_every_figure_is_in_the_table_with_its_interval_count_and_direction() -> None:
    assert table(shown(), "figures") == [
        ["found", "0.483", "0.383 to 0.583", "30", "higher"],
        ["leaked.q", "0.250", "0.100 to 0.400", "30", "lower"],
        ["p50_ms", "19.5 ms", "", "30", "lower"],
        ["corpus", "13,732", "", "1", "–"],
    ]


def test_the_bars_are_those_of_shares_and_say_their_figures_in_words() -> None:
    (label,) = section(shown(), "figures").xpath(".//*[local-name()='svg']/@aria-label")
    assert label == (
        "Bar chart of 2 figures from 0 to 1: found 0.483, between 0.383 and 0.583; "
        "leaked.q (lower is better) 0.250, between 0.100 and 0.400."
    )


def test_a_small_figure_with_a_unit_and_a_plain_fact_are_no_shares() -> None:
    fast = Figure(name="p50_ms", value=0.5, count=30, unit="ms", higher_is_better=False)
    fact = Figure(name="coverage", value=0.5, count=30, higher_is_better=None)
    tree = section(page(replace(full(), figures=(fast, fact))), "figures")
    assert tree.xpath(".//*[local-name()='svg']") == []


def test_points_that_are_no_numbers_are_left_out_of_a_curve() -> None:
    curve = Curve(name="c", x_label="x", y_label="y", points=((math.nan, 1.0), (3.0, 4.0), (5.0, math.inf), (6.0, 7.0)))
    (label,) = section(page(replace(full(), curves=(curve,))), "curves").xpath(".//*[local-name()='svg']/@aria-label")
    assert label == "Line chart, c: y by x, 2 points. 3, 4; 6, 7."


def test_a_curve_and_its_diagonal_are_drawn_and_said_in_words() -> None:
    (label,) = section(shown(), "curves").xpath(".//*[local-name()='svg']/@aria-label")
    assert label == (
        "Line chart, calibration q: was by said, 2 points. 0.1, 0.2; 0.5, 0.5. A dashed diagonal is drawn beside it."
    )
    with_it, without = shown(), page(replace(full(), curves=(replace(full().curves[0], diagonal=False),)))
    assert "stroke-dasharray" in with_it
    assert "stroke-dasharray" not in without


def test_the_distribution_counts_every_case_once() -> None:
    (label,) = section(shown(), "distribution").xpath(".//*[local-name()='svg']/@aria-label")
    assert label.startswith("Histogram of found over 30 cases: 2 from 0 to 0.05; ")
    assert sum(int(count) for count in re.findall(r"(\d+) from", label)) == 30


def test_a_score_at_the_edge_of_a_bar_is_counted_in_the_bar_that_begins_there() -> None:
    text = page(report({"q": {"found": 0.3}}, Figure(name="found", value=0.3, count=1)))
    (label,) = section(text, "distribution").xpath(".//*[local-name()='svg']/@aria-label")
    assert label == "Histogram of found over 1 cases: 1 from 0.3 to 0.35."


@pytest.mark.parametrize(("higher", "first"), [(True, "q-0"), (False, "q-29")])
def test_the_worst_twenty_cases_come_first_with_ids_scores_tags_and_passages(
    higher: bool,  # noqa: FBT001 - a table's column
    first: str,
) -> None:
    figures = (replace(full().figures[0], higher_is_better=higher), *full().figures[1:])
    rows = table(page(replace(full(), figures=figures)), "worst")
    assert len(rows) == 20
    number = first.removeprefix("q-")
    kind = "list" if int(number) % 3 else "other"
    score = "0.000" if first == "q-0" else "0.967"
    assert rows[0] == [first, score, f"type: {kind}list: yes", f"2 idsp-q-{number}p-{number}"]


def test_the_worst_cases_are_those_of_the_first_score_that_cases_differ_in() -> None:
    cases = tuple(replace(case, scores={"found": 1.0, "second": case.scores["found"]}) for case in full().cases)
    figures = (*full().figures, Figure(name="second", value=0.5, count=30))
    text = page(replace(full(), main=("found", "second"), figures=figures, cases=cases))
    assert table(text, "worst")[0][:3] == ["q-0", "1.000", "0.000"]
    assert "worst cases by second" in words(section(text, "worst"))


def test_a_tag_is_broken_down_by_its_values_with_intervals() -> None:
    (list_row, other_row) = table(shown(), "breakdown")
    assert list_row[:2] == ["list", "20"]
    assert list_row[2].startswith("0.500")
    assert other_row[:2] == ["other", "10"]
    assert re.fullmatch(r"0\.4500\.\d{3} to 0\.\d{3}", other_row[2])


def test_a_tag_of_many_values_is_cut_and_says_so() -> None:
    cases = tuple(Case(id=str(at), scores={"found": 1.0}, tags={"type": f"t{at}"}) for at in range(37))
    text = page(replace(full(), cases=cases))
    assert len(table(text, "breakdown")) == 30
    assert "7 rarer values are left out" in words(section(text, "breakdown"))


def test_the_run_can_be_repeated_from_the_page() -> None:
    origin = section(page(replace(full(), origin=replace(ORIGIN, dataset="two words"))), "origin")
    assert words(origin.xpath(".//pre")[0]) == (
        "consilium evaluate retrieval --dataset 'two words' --limit 30 --seed 7 --json report.json --html report.html"
    )
    for value in ("d" * 64, "1.2.3", "general", "dense_weight", "minilm", "cores", "2025-11-23T04:05:06+00:00"):
        assert value in words(origin)


def test_a_comparison_shows_differences_changed_settings_and_changed_cases() -> None:
    second = full()
    cases = tuple(replace(case, scores={"found": max(0.0, case.scores["found"] - 0.3)}) for case in second.cases)
    earlier = replace(ORIGIN, configuration={"pack": "general", "dense_weight": "0.5"})
    first = replace(second, origin=earlier)
    text = page(replace(second, cases=cases), comparison=compare(first, replace(second, cases=cases)))
    (difference,) = table(text, "comparison")
    assert difference[:4] == ["found", "0.483", "0.233", "−0.250"]
    assert difference[5:] == ["30", "worse"]
    assert table(text, "comparison", 1) == [["dense_weight", "0.5", "1.0"]]
    assert table(text, "comparison", 2)[0] == ["q-9", "became worse", "0.300", "0.000"]
    assert "comparison" not in page(second).split("</style>")[1]


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    text = shown()
    tree = parsed(text)
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [CSP]
    assert tree.xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base") == []
    assert tree.xpath("//@src | //@srcset | //@*[starts-with(name(), 'on')]") == []
    assert {link[0] for link in tree.xpath("//@href")} == {"#"}
    namespaces = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"\w+://[^\"' )<]+", text)) == namespaces
    assert "@import" not in text


def test_hostile_names_stay_text_wherever_they_appear() -> None:
    hostile = full(name=HOSTILE, tag=HOSTILE)
    origin = replace(ORIGIN, dataset=HOSTILE, configuration={HOSTILE: HOSTILE}, models={"m": HOSTILE}, started=HOSTILE)
    hostile = replace(hostile, origin=origin, suite=HOSTILE, main=("found", f"leaked.{HOSTILE}"))
    text = page(hostile, comparison=compare(hostile, hostile))
    tree = parsed(text)
    assert tree.xpath("//script | //img | //@onerror") == []
    for place in ("//h1", "//section[@aria-labelledby='worst']//tbody", "//section[@aria-labelledby='breakdown']"):
        assert HOSTILE in tree.xpath(place)[0].text_content()
    assert "<script" not in text


def test_template_and_formula_markup_in_names_is_not_evaluated() -> None:
    text = page(full(name="{{ 7 * 7 }} {% raw %} $\\frac{1}{2}$"))
    assert "{{ 7 * 7 }} {% raw %} $\\frac{1}{2}$" in parsed(text).text_content()


@pytest.mark.parametrize("name", ["$x^2$", "$\\nonsense{$"])
def test_a_name_with_formula_markup_is_drawn_as_it_is(name: str) -> None:
    figures = section(page(report({}, Figure(name=name, value=0.5, count=3))), "figures")
    assert name in [words(own) for own in figures.xpath(".//*[local-name()='text']")]


def test_control_and_direction_characters_and_broken_surrogates_are_replaced() -> None:
    text = page(full(name="a\x00b\x1b[31m\u202e\ud800\n"))
    assert "a\ufffdb\ufffd[31m\ufffd\ufffd\ufffd-1" in parsed(text).text_content()
    assert not re.search("[\x00\x1b\u202e]", text)
    text.encode("utf-8")


def test_names_in_other_scripts_are_drawn_without_a_warning() -> None:
    assert "名前" in page(full(name="名前"))


def test_the_page_can_be_read_by_everyone() -> None:
    tree = parsed(page(full(), comparison=compare(full(), full())))
    assert tree.xpath("/html/@lang") == ["en"]
    assert [len(tree.xpath(f"//{name}")) for name in ("h1", "main", "header", "footer", "nav")] == [1, 1, 1, 1, 1]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in tree.xpath("//a/@href")} <= set(ids)
    assert set(tree.xpath("//section/@aria-labelledby")) <= set(ids)
    tables = tree.xpath("//table")
    assert len(tables) >= 6
    for own in tables:
        assert words(own.xpath("./caption")[0])
        assert all(cell in ("col", "row") for cell in own.xpath(".//th/@scope"))
        assert len(own.xpath(".//th")) == len(own.xpath(".//th/@scope"))
        (region,) = own.xpath("./parent::div")
        assert (region.get("role"), region.get("tabindex"), bool(region.get("aria-label"))) == ("region", "0", True)
    drawings = tree.xpath("//*[local-name()='svg']")
    assert len(drawings) == 3
    assert all(own.get("role") == "img" and len(own.get("aria-label")) > 40 for own in drawings)


def test_the_drawings_take_their_colours_from_the_style_sheet() -> None:
    text = shown()
    drawn = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    assert set(re.findall(r"(?:fill|stroke): ([^;\"]+)", drawn)) <= {
        "none",
        "var(--ink)",
        "var(--muted)",
        "var(--line)",
        "var(--accent)",
        "var(--fill)",
    }
    for rule in ("prefers-color-scheme: dark", "@media print", ":focus-visible"):
        assert rule in text


def test_the_same_report_gives_the_same_page() -> None:
    assert page(full()) == shown()


@pytest.mark.parametrize(
    "bare",
    [
        report({}),
        report({"q": {}}),
        report({"q": {"other": math.nan}}, Figure(name="found", value=math.nan, count=0, low=math.nan, high=math.nan)),
        report({"q": {"found": 5.0}, "r": {"found": 5.0}}, Figure(name="found", value=5.0, count=2)),
        replace(report({}), curves=(Curve(name="c", x_label="", y_label="", points=()),)),
    ],
)
def test_a_report_that_has_little_still_has_a_page(bare: Report) -> None:
    text = page(bare)
    assert words(parsed(text).xpath("//h1")[0]) == "Retrieval on small"
    assert "nan" not in words(parsed(text).xpath("//body")[0])


def test_what_needs_no_page_loads_no_drawing_library() -> None:
    program = "import sys, evaluation.page; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
