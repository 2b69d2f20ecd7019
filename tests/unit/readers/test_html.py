from __future__ import annotations

import os
import subprocess
import sys

import pytest

from domain.errors import DocumentError
from ingestion.readers.html import HtmlReader
from tests.data import ROOT, shared_data

READER = HtmlReader()


def text_of(html: str) -> str:
    return READER.read(html.encode(), "x.html").text


def test_headings_become_sections_by_level_even_where_levels_skip() -> None:
    html = "<h1>Guideline</h1><p>Intro.</p><h3>Dose</h3><p>Low.</p><h2>Risks</h2><p>Few.</p><h2>End</h2>"
    reading = READER.read(html.encode(), "x.html")
    assert [section.path for section in reading.sections] == [
        (),
        ("Guideline",),
        ("Guideline", "Dose"),
        ("Guideline", "Risks"),
        ("Guideline", "End"),
    ]
    assert reading.text == "Guideline\nIntro.\n\nDose\nLow.\n\nRisks\nFew.\n\nEnd"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>steal()</script>",
        "<style>p{}</style>",
        "<p hidden>x</p>",
        '<p style="color:red; display : none">x</p>',
        '<b style="visibility:hidden">x</b>',
        "<template>x</template>",
        "<noscript>x</noscript>",
        '<iframe src="http://example.org">x</iframe>',
        "<svg><title>x</title></svg>",
        "<nav>x</nav>",
        "<!-- x -->",
        "<dialog>x</dialog>",
    ],
)
def test_what_a_person_does_not_see_is_left_out_and_what_follows_stays(hidden: str) -> None:
    assert text_of(f"<div>before {hidden}after</div>").split() == ["before", "after"]
    assert text_of(f"<div><span>before</span> {hidden}after</div>").split() == ["before", "after"]


@pytest.mark.parametrize("tag", ["form", "details", "figure", "fieldset", "main", "summary", "label", "dd", "font"])
def test_no_container_swallows_its_text(tag: str) -> None:
    assert text_of(f"<body><{tag}>kept words</{tag}></body>") == "kept words"


def test_a_paragraph_of_one_character_stays() -> None:
    assert text_of("<div>Age</div><div>7</div>") == "Age\n7"


def test_bullets_are_part_of_the_text() -> None:
    assert text_of("<p>• two tablets</p>") == "• two tablets"


def test_a_table_keeps_header_columns_and_spanning_cells() -> None:
    html = (
        "<table><thead><tr><th>Drug</th><th>Dose</th><th>Unit</th></tr></thead>"
        "<tr><td rowspan=2>A</td><td>1</td><td>mg</td></tr><tr><td>2</td><td>g &lt; 5</td></tr>"
        "<tr><td colspan=2>B</td><td>ml</td></tr></table>"
    )
    reading = READER.read(html.encode(), "x.html")
    table = reading.tables[0]
    assert reading.text == "Drug | Dose | Unit\nA | 1 | mg\nA | 2 | g < 5\nB |  | ml"
    assert reading.text[table.header_start : table.header_end] == "Drug | Dose | Unit"
    assert len(table.row_starts) == 3


def test_a_table_for_layout_is_read_as_what_it_holds() -> None:
    html = "<table><tr><td><h2>News</h2><p>Text</p><table><tr><td>k</td><td>v</td></tr></table></td></tr></table>"
    reading = READER.read(html.encode(), "x.html")
    assert reading.text == "News\nText\nk | v"
    assert reading.sections[1].path == ("News",)


def test_title_language_and_author_come_from_the_head() -> None:
    html = (
        '<html lang="de"><head><title> Leit\nlinie </title><meta name="author" content="Ann Bee"></head><p>x y</html>'
    )
    reading = READER.read(html.encode(), "x.html")
    assert reading.title == "Leit linie"
    assert reading.language == "de"
    assert reading.metadata["author"] == "Ann Bee"


@pytest.mark.parametrize(
    "content",
    [
        '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2"),
        "<p>Łódź</p>".encode(),
        "<p>Łódź</p>".encode("utf-16"),
        '<?xml version="1.0" encoding="utf-8"?><html><body><p>Łódź</p></body></html>'.encode(),
        '<meta charset="nonsense"><p>Łódź</p>'.encode(),
    ],
)
def test_the_encoding_is_found(content: bytes) -> None:
    assert READER.read(content, "x.html").text == "Łódź"


def test_an_entity_in_a_document_type_is_never_resolved() -> None:
    html = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>a &x; b</p></body></html>'
    assert "root:" not in text_of(html)


@pytest.mark.parametrize("html", ["<div>" * 100_000, "<div>" * 230 + "x", "<table><tr><td>" * 80 + "x"])
def test_elements_nested_too_deep_are_refused_and_not_cut_off(html: str) -> None:
    with pytest.raises(DocumentError, match=r"document\.bomb"):
        text_of(html)


def test_inline_elements_that_are_never_closed_do_no_harm() -> None:
    assert text_of("<font>" * 900 + "<p>the end</p>") == "the end"


def test_binary_content_is_malformed() -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        READER.read(bytes(range(256)) * 4, "x.html")


@pytest.mark.timeout(20)
def test_many_comments_before_something_else_end_the_search_at_once() -> None:
    assert READER.sniff(b"<!-- a -->\n" * 3000 + b"<ClinicalDocument>", "x.xml") == 0.0


def test_sniffing_goes_by_the_beginning() -> None:
    assert READER.sniff(b"\xef\xbb\xbf <!-- c -->\n<!DOCTYPE HTML><p>", "unnamed") == 0.9
    assert READER.sniff(b"<p>fragment</p>", "x.html") == 0.5
    assert READER.sniff(b"<p>fragment</p>", "x.txt") == 0.0


def test_partitioning_reports_nothing_and_starts_no_program() -> None:
    program = (
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event.startswith(('socket.connect', 'socket.getaddrinfo', 'subprocess.Popen')):\n"
        "        print('REFUSED', event)\n"
        "sys.addaudithook(refuse)\n"
        "from ingestion.readers.html import HtmlReader\n"
        "print(HtmlReader().read(b'<p>Two words. Three more words.</p>', 'x').text)\n"
    )
    bare = {key: value for key, value in os.environ.items() if key not in ("DO_NOT_TRACK", "SCARF_NO_ANALYTICS")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=bare, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "Two words. Three more words.\n"
    assert done.stderr == ""


def test_hostile_files_from_the_field_end_in_a_reading_or_a_code() -> None:
    for path in sorted(shared_data("faults/xml_entity").iterdir()):
        try:
            reading = READER.read(path.read_bytes(), path.name)
        except DocumentError:
            continue
        assert "root:x:0" not in reading.text
