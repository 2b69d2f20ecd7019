from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from lxml import etree

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.readers.uslm import UslmReader
from tests.data import shared_data

NAMESPACE = 'xmlns="http://schemas.gpo.gov/xml/uslm" xmlns:dc="http://purl.org/dc/elements/1.1/"'
LAW = f"""<?xml version="1.0" encoding="UTF-8"?><pLaw {NAMESPACE} xml:lang="en">
<meta><dc:title>Public Law 200–7: To protect kites.</dc:title><dc:type>Public Law</dc:type><docNumber>7</docNumber>
<citableAs>Public Law 200–7</citableAs><dc:publisher>The Printer</dc:publisher><dc:language>EN</dc:language>
<congress>200</congress><publicPrivate>public</publicPrivate></meta>
<preface><page>1 STAT. 1</page><dc:type>Public Law</dc:type><docNumber>200–7</docNumber></preface>
<main><longTitle><docTitle>An Act</docTitle><officialTitle>To protect kites.</officialTitle></longTitle>
<toc><referenceItem><designator>Sec. 1.</designator><label>Short title.</label></referenceItem></toc>
<title><num value="I">TITLE I—</num><heading>KITES</heading>
<section identifier="/us/pl/200/7/s1"><num value="1">SEC. 1. </num><heading>SHORT TITLE.</heading>
<content>This Act may be cited as the “Kite Act”.</content></section>
<section><num value="2">SEC. 2. </num><heading>FLYING.</heading>
<subsection><num value="a">(a) </num><heading>In General<footnote><sup>1</sup><p>So in law.</p></footnote>.—</heading>
<chapeau>A person may fly a kite of 5 m<sup>2</sup>—</chapeau>
<paragraph><num value="1">(1) </num><content>by day; or</content></paragraph>
<paragraph><num value="2">(2)</num><content><p>by <page>1 STAT. 2</page>night, if—</p></content>
<subparagraph><num value="A">(A) </num><content>it is dark.</content></subparagraph></paragraph>
<continuation>Nobody else may.</continuation></subsection>
<subsection><num value="b">(b) </num><heading>Kite&#xAD;work.—</heading>
<content>Section 9 of the Line Act is amended by adding:
<quotedContent><subsection><num>“(c) </num><heading>Wool.—</heading><chapeau>A line—</chapeau>
<paragraph><num>(1) </num><content>is of wool.”</content></paragraph></subsection></quotedContent>.
<sidenote><p>9 USC 1.</p></sidenote></content></subsection></section></title>
<action><actionDescription>Approved May 1, 2020.</actionDescription></action></main></pLaw>"""


def read(text: str) -> Reading:
    return UslmReader().read(text.encode(), "a.xml")


def texts(reading: Reading) -> dict[str | None, str]:
    return {section.locator.citation: reading.text[section.start : section.end] for section in reading.sections}


def test_every_provision_has_its_citation_and_its_number_in_front() -> None:
    found = texts(read(LAW))
    assert found["Sec. 1"] == "SEC. 1. SHORT TITLE.\nThis Act may be cited as the “Kite Act”."
    assert found["Sec. 2(a)(1)"] == "(1) by day; or"
    assert found["Sec. 2(a)(2)"] == "(2) by night, if—\n\n(A) it is dark."
    assert found["Sec. 2(a)(2)(A)"] == "(A) it is dark."
    assert found["Sec. 2(a)"] == (
        "(a) In General.—A person may fly a kite of 5 m2—\n\n(1) by day; or\n\n(2) by night, if—\n\n(A) it is dark.\n"
        "Nobody else may.\n[1] So in law."
    )


def test_paths_hold_readable_headings_and_the_ids_of_the_file() -> None:
    sections = {section.locator.citation: section for section in read(LAW).sections}
    assert sections["Sec. 2(a)(2)"].path == ("TITLE I—KITES", "SEC. 2. FLYING", "(a) In General", "(2)")
    assert sections["Sec. 1"].locator.element == "/us/pl/200/7/s1"
    assert sections["Title I"].kind == "title"


def test_what_an_act_inserts_elsewhere_opens_no_section_of_the_act() -> None:
    found = texts(read(LAW))
    assert found["Sec. 2(b)"] == (
        "(b) Kitework.—Section 9 of the Line Act is amended by adding:\n“(c) Wool.—A line—\n(1) is of wool.”.\n"
        "[9 USC 1.]"
    )
    assert "Sec. 2(c)" not in found
    assert "Sec. 2(b)(1)" not in found


def test_a_table_of_contents_lists_sections_without_becoming_them() -> None:
    contents = [section for section in read(LAW).sections if section.kind == "contents"]
    assert len(contents) == 1
    assert texts(read(LAW))["Sec. 1"].startswith("SEC. 1.")


def test_a_public_law_is_in_force_from_its_approval() -> None:
    reading = read(LAW)
    assert reading.in_force.effective_from == date(2020, 5, 1)
    assert reading.in_force.effective_to is None
    assert reading.work == "Public Law 200-7"
    assert (reading.jurisdiction, reading.language) == ("US", "en")
    assert reading.metadata["publisher"] == "The Printer"
    assert reading.title == "Public Law 200–7: To protect kites."


def test_sections_numbered_twice_are_told_apart_by_what_they_lie_in() -> None:
    division = '<division><num value="{0}">DIVISION {0}</num><heading>D</heading>{1}</division>'
    section = '<section><num value="1">SEC. 1. </num><heading>S</heading><content>text</content></section>'
    body = division.format("A", section) + division.format("B", section)
    found = texts(read(f"<bill {NAMESPACE}><main>{body}</main></bill>"))
    assert "Division A, Sec. 1" in found
    assert "Division B, Sec. 1" in found


@pytest.mark.parametrize(
    ("meta", "root", "work"),
    [
        ("<citableAs>200 S. 5 ES</citableAs><citableAs>200s5es</citableAs>", "bill", "BILLS-200s5es"),
        (
            "<dc:type>Senate Bill</dc:type><docNumber>9</docNumber><docStage>ENR</docStage><congress>200</congress>",
            "bill",
            "BILLS-200s9enr",
        ),
        ('<property role="fileId">77</property><docNumber>7</docNumber>', "statuteCompilation", "COMPS-77"),
        ("<dc:date>2018-05-10</dc:date>", "frDoc", "FR-2018-05-10"),
    ],
)
def test_each_stage_and_compilation_is_a_work_of_its_own(meta: str, root: str, work: str) -> None:
    reading = read(f"<{root} {NAMESPACE}><meta>{meta}</meta><main><p>x</p></main></{root}>")
    assert reading.work == work


def test_a_compilation_speaks_from_its_last_amendment() -> None:
    text = (
        f"<statuteCompilation {NAMESPACE}><meta><approvedDate>1990-01-01</approvedDate></meta><preface><editionNote>"
        'through <date date="2007-01-12">January 12, 2007</date></editionNote></preface><main><p>x</p></main>'
        "</statuteCompilation>"
    )
    assert read(text).in_force.effective_from == date(2007, 1, 12)


def test_regulations_are_cited_by_title_and_section() -> None:
    paragraph = (
        '<paragraph identifier="/us/cfr/t27/s9.1/a"><num value="a">(a)</num><content>x</content>'
        '<paragraph identifier="/us/cfr/t27/s9.1/a/1"><num value="1">(1)</num><content>y</content></paragraph>'
        "</paragraph>"
    )
    text = (
        f"<cfrDoc {NAMESPACE}><meta><docNumber>27</docNumber><docReleasePoint>2017-04-01</docReleasePoint></meta><main>"
        '<part identifier="/us/cfr/t27/p9"><num value="9">PART 9—</num><heading>KITES</heading>'
        f'<section identifier="/us/cfr/t27/s9.1"><num value="9.1">§ 9.1</num><heading>A.</heading>{paragraph}</section>'
        '<section identifier="/us/cfr/t27/s9.1"><num value="9.1">§ 9.1a</num><heading>B.</heading>'
        '<paragraph><num value="a">(a)</num><content>z</content></paragraph></section>'
        f'<section identifier="/us/cfr/t27/s9.2"><num value="9.2">§ 9.2</num><heading>Terms.</heading>{paragraph}'
        f"{paragraph}</section></part></main></cfrDoc>"
    )
    reading = read(text.replace("s9.1/a", "s9.2/a", 0))
    found = texts(reading)
    assert found["27 CFR 9.1(a)(1)"] == "(1) y"
    assert found["27 CFR 9.1a(a)"] == "(a) z"
    assert "27 CFR Part 9" in found
    assert "27 CFR 9.2(a)" not in found  # its numbers start afresh below every term: no such paragraph
    assert reading.in_force.effective_from == date(2017, 4, 1)


def test_a_federal_register_document_has_its_page_its_date_and_its_headings() -> None:
    rule = (
        '<rule identifier="/us/fr/83/1"><meta><startingPage>21707</startingPage></meta><preface><subject>Kite Rule'
        '</subject></preface><main><rulePreamble><statement role="effectiveDate"><content><heading>DATES:</heading>'
        '<p>Effective <date date="2018-06-01">June 1, 2018</date>.</p></content></statement><statement><content>'
        '<heading style="-uslm-sgm:HED">SUPPLEMENTARY INFORMATION:</heading><heading style="-uslm-sgm:HD1">Costs'
        '</heading><p>None.<ref idref="f1">1</ref></p><footnote id="f1"><p><ref idref="r1">1</ref> A note.</p>'
        '</footnote></content></statement></rulePreamble><level role="amending"><section role="instruction">'
        '<num value="2">■ 2. </num><content>Amend § 4.2:<quotedContent><section identifier="/us/cfr/t20/s4.2">'
        '<num value="4.2">§ 4.2</num><heading>Terms.</heading><content>New.</content></section></quotedContent>'
        "</content></section></level></main></rule>"
    )
    text = (
        f"<frDoc {NAMESPACE}><meta><volume>83</volume><dc:date>2018-05-10</dc:date></meta><main><collection>"
        f"<component>{rule}</component></collection></main></frDoc>"
    )
    reading = read(text)
    found = texts(reading)
    document = next(section for section in reading.sections if section.locator.citation == "83 FR 21707")
    assert (document.path, document.kind, document.date) == (("Kite Rule",), "rule", date(2018, 6, 1))
    assert ("Kite Rule", "SUPPLEMENTARY INFORMATION", "Costs") in {section.path for section in reading.sections}
    assert "None. [1]\n[1] A note." in reading.text
    assert found["83 FR 21707, amendment 2"] == "■ 2. Amend § 4.2:\n§ 4.2 Terms.\nNew."
    assert "20 CFR 4.2" not in found


def test_a_table_is_a_line_a_row_with_its_header() -> None:
    table = (
        '<table xmlns="http://www.w3.org/1999/xhtml"><thead><tr><th>Age</th><th>Fee</th></tr></thead><tbody>'
        "<tr><td>under 5</td><td>0</td></tr><tr><td>other</td><td>7</td></tr></tbody></table>"
    )
    reading = read(f"<bill {NAMESPACE}><main><section><num>1.</num><content>{table}</content></section></main></bill>")
    (span,) = reading.tables
    assert reading.text[span.start : span.end] == "Age | Fee\nunder 5 | 0\nother | 7"
    assert reading.text[span.header_start : span.header_end] == "Age | Fee"


def test_a_bill_in_the_older_vocabulary_is_read_alike() -> None:
    text = (
        '<bill bill-stage="Introduced-in-House" bill-type="olc"><form><congress>112th CONGRESS</congress><legis-num>'
        'H. R. 5</legis-num><action><action-date date="20110119">January 19, 2011</action-date></action>'
        "<official-title>To fly.</official-title></form><legis-body><section id='S1'><enum>1.</enum><header>Short"
        " title</header><subsection><enum>(a)</enum><header>Kites</header><text>Fly.</text></subsection></section>"
        "</legis-body></bill>"
    )
    assert UslmReader().sniff(text.encode(), "a.xml") > 0.9
    reading = read(text)
    assert texts(reading)["Sec. 1(a)"] == "(a) Kites Fly."
    assert reading.work == "112th CONGRESS H. R. 5 Introduced-in-House"
    assert reading.in_force.effective_from == date(2011, 1, 19)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (LAW.encode(), True),
        (LAW.replace("UTF-8", "UTF-16").encode("utf-16"), True),
        (b"<html><body>x</body></html>", False),
        (b"<bill><amount>5</amount></bill>", False),
    ],
)
def test_it_knows_its_own_format(content: bytes, *, expected: bool) -> None:
    assert (UslmReader().sniff(content, "a.xml") > 0.5) is expected


def test_broken_xml_is_refused_by_code() -> None:
    with pytest.raises(DocumentError) as caught:
        read(LAW[:-20])
    assert caught.value.code == "document.malformed"


@pytest.mark.slow
def test_every_file_of_united_states_law_is_read_and_loses_no_words() -> None:
    reader = UslmReader()
    files = sorted(shared_data("law/us").iterdir())
    own = [path for path in files if reader.sniff(path.read_bytes(), path.name) > 0.5]
    readings = {path.name: reader.read(path.read_bytes(), path.name) for path in own}
    assert len(readings) == 58
    lost = {path.name: _lost_share(path.read_bytes(), readings[path.name].text) for path in own}
    assert {name: share for name, share in lost.items() if share > 0.01} == {}
    works = Counter(reading.work for reading in readings.values())
    assert [work for work, count in works.items() if count > 1] == []
    cited = texts(readings["CFR-2018-title27-vol3-uslm.xml"])
    assert cited["27 CFR 555.41(a)(1)"].startswith("(1) Each person intending to engage in business")
    cited = texts(readings["113publ287-uslm.xml"])
    assert cited["54 U.S.C. 100101(b)(1)(B)"].startswith("(B) these areas, though distinct in character")


def _lost_share(content: bytes, text: str) -> float:
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True))
    skipped = {"meta", "amendMeta", "page", "ear", "leftRunningHead", "rightRunningHead"}
    pieces: list[str] = []

    def collect(element: etree._Element) -> None:
        if etree.QName(element).localname not in skipped:
            pieces.append(element.text or "")
            for part in element:
                collect(part)
                pieces.append(part.tail or "")

    collect(root)
    words = Counter(re.findall(r"\w+", " ".join(pieces).replace("\u00ad", "").lower()))
    missing = words - Counter(re.findall(r"\w+", text.lower()))
    return sum(missing.values()) / sum(words.values())
