from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from ingestion.xml_flow import Flow, bare_number, clean, iso_date


class SmallFlow(Flow):
    skipped = frozenset({"skip"})
    blocks = frozenset({"p"})

    def __init__(self) -> None:
        super().__init__()
        self.handlers = {
            "sup": self.superscript,
            "table": self.html_table,
            "note": lambda e: self.note(self.text_of(e)),
        }


def written(xml: str) -> str:
    flow = SmallFlow()
    flow.walk(etree.fromstring(xml))
    flow.end_notes()
    return flow.outline.finish(media_type="text/xml", title="x").text


@pytest.mark.parametrize(
    ("printed", "number"),
    [("(b)", "b"), ("1.", "1"), ("b)", "b"), ("§ 5.", "5"), ("Article 17", "17"), ("“(c) ", "c"), ("—", ""), ("", "")],
)
def test_a_number_is_read_without_what_is_printed_around_it(printed: str, number: str) -> None:
    assert bare_number(printed) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-05-25", date(2018, 5, 25)),
        ("20180525", date(2018, 5, 25)),
        ("2018-05-25T08:00:00", date(2018, 5, 25)),
        ("99999999", None),
        ("May 2018", None),
        (None, None),
    ],
)
def test_only_real_dates_are_dates(text: str | None, day: date | None) -> None:
    assert iso_date(text) == day


def test_print_hyphenation_and_line_breaks_go() -> None:
    assert clean(" Representa\u00adtives\n of\u00a0all ") == "Representatives of all"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<a>one <b>two</b>, three<p>four</p>five<skip>six</skip>seven</a>", "one two, three\nfour\nfive seven"),
        ("<a>10<sup>2</sup> m<sup>2</sup> law<sup>3</sup>, 1<sup>st</sup></a>", "10^2 m2 law [3], 1st"),
        ("<a><p>law<note>a note</note>s</p><p>end</p></a>", "laws\nend\na note"),
        ("<a><p>quote”</p>.</a>", "quote”."),
    ],
)
def test_text_runs_on_inline_and_breaks_at_blocks(xml: str, text: str) -> None:
    assert written(xml) == text


def test_a_table_inside_a_cell_is_read_once() -> None:
    inner = "<table><tr><td>c</td></tr></table>"
    assert written(f"<a><table><tr><th>h</th></tr><tr><td>a {inner}</td></tr></table></a>") == "h\na c"
