from __future__ import annotations

from datetime import date

import pytest

from domain.documents import Reading
from ingestion.readers.cfr import CfrReader
from tests.data import shared_data

ECFR = """<?xml version="1.0" encoding="UTF-8" ?><DLPSTEXTCLASS><HEADER><TITLE>Title 7: Kites</TITLE>
<IDNO TYPE="title">7</IDNO><DATE></DATE></HEADER><TEXT><BODY><ECFRBRWS><AMDDATE>Dec. 29, 2022(fm)</AMDDATE>
<DIV1 N="1" NODE="7:1" TYPE="TITLE"><HEAD>Title 7—Kites</HEAD><CFRTOC><CHAPTI><SUBJECT>chapter i</SUBJECT><PG>1</PG>
</CHAPTI></CFRTOC><DIV5 N="9" NODE="7:1.1" TYPE="PART"><HEAD>PART 9—FLYING</HEAD><AUTH><HED>Authority:</HED>
<PSPACE>1 U.S.C. 1.</PSPACE></AUTH><DIV6 N="A" NODE="7:1.1.1" TYPE="SUBPART"><HEAD>Subpart A—General</HEAD>
<DIV8 N="§ 9.1" NODE="7:1.1.1.1" TYPE="SECTION"><HEAD>§ 9.1   Definitions.</HEAD><P>As used here—</P>
<P><I>Kite</I> means a thing that flies:</P><P>(1) On a line; or</P><P>(2) Off it.</P>
<P><I>Line</I> means a string.</P><CITA>[1 FR 1]</CITA></DIV8>
<DIV8 N="§ 9.2" NODE="7:1.1.1.2" TYPE="SECTION"><HEAD>§ 9.2   Hours.</HEAD>
<P>(a) <I>By day.</I> (1) Kites may fly:<SU>1</SU><FTREF/> see paragraph (b) of this section.</P><FTNT><P>
<SU>1</SU> A note.
</P></FTNT><P>(i) At noon;</P><P>(ii) At one.</P><DIV width="100%"><TABLE><TR><TH>Age</TH><TH>Fee</TH></TR><TR>
<TD>5</TD>
<TD>0</TD></TR></TABLE></DIV><P>(2) Or not.</P><P>(b) Nobody else.</P><CITA>[2 FR 2]</CITA></DIV8>
</DIV6></DIV5></DIV1></ECFRBRWS></BODY></TEXT></DLPSTEXTCLASS>"""

RULE = """<RULE><PREAMB><PRTPAGE P="9741"/><AGENCY>KITE OFFICE</AGENCY><SUBJECT>Kite Rule</SUBJECT>
<EFFDATE><HD SOURCE="HED">DATES:</HD><P>Effective March 13, 2024. Comments by April 1, 2024.</P></EFFDATE></PREAMB>
<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD><HD SOURCE="HD1">I. Costs</HD><P>None.</P><HD SOURCE="HD2">A.
 Fees</HD><P>No <PRTPAGE P="9742"/>fees.</P><HD SOURCE="HD1">II. Text</HD><REGTEXT TITLE="7" PART="9"><AMDPAR>1. Amend
 § 9.2 to read:</AMDPAR><SECTION><SECTNO>§ 9.2 </SECTNO><SUBJECT>Hours.</SUBJECT><P>(a) New.</P></SECTION></REGTEXT>
<REGTEXT><AMDPAR>2. Remove § 9.3.</AMDPAR></REGTEXT></SUPLINF><FRDOC>[FR Doc. 2024-00001 Filed 2-8-24]</FRDOC></RULE>"""
ISSUE = f"""<FEDREG><VOL>89</VOL><NO>29</NO><DATE>Monday, February 12, 2024</DATE><UNITNAME>Contents</UNITNAME><CNTNTS>
<AGCY><EAR>Kites</EAR><HD>Kite Office</HD></AGCY></CNTNTS><RULES>{RULE}</RULES><NOTICES><NOTICE><PREAMB><SUBJECT>Meeting
</SUBJECT></PREAMB><GPOTABLE><TTITLE>Fees</TTITLE><BOXHD><CHED H="1">Age</CHED><CHED H="1">Cost in<LI>dollars</LI>
</CHED>
</BOXHD><ROW><ENT>5</ENT><ENT>0</ENT></ROW></GPOTABLE></NOTICE></NOTICES></FEDREG>"""


def read(text: str) -> Reading:
    return CfrReader().read(text.encode(), "a.xml")


def texts(reading: Reading) -> dict[str | None, str]:
    return {section.locator.citation: reading.text[section.start : section.end] for section in reading.sections}


def test_flat_paragraphs_are_nested_and_cited_by_their_numbers() -> None:
    found = texts(read(ECFR))
    assert found["7 CFR 9.2(a)(1)(i)"] == "(i) At noon;"
    assert found["7 CFR 9.2(a)(1)"].startswith(
        "(1) Kites may fly: [1] see paragraph (b) of this section.\n\n(i) At noon;"
    )
    assert found["7 CFR 9.2(a)(2)"] == "(2) Or not."
    assert found["7 CFR 9.2(b)"] == "(b) Nobody else."
    assert found["7 CFR 9.2"].endswith("(b) Nobody else.\n[2 FR 2]")
    assert "[1] A note." in found["7 CFR 9.2"]


def test_each_definition_has_numbers_of_its_own() -> None:
    found = texts(read(ECFR))
    assert found['7 CFR 9.1 "Kite"(2)'] == "(2) Off it."
    assert found['7 CFR 9.1 "Line"'] == "Line means a string."


def test_paths_lead_from_the_title_to_the_paragraph() -> None:
    sections = {section.locator.citation: section for section in read(ECFR).sections}
    assert sections["7 CFR 9.2(a)(1)(i)"].path == (
        "Title 7—Kites",
        "PART 9—FLYING",
        "Subpart A—General",
        "§ 9.2 Hours",
        "(a)",
        "(1)",
        "(i)",
    )
    assert sections["7 CFR 9.2"].locator.element == "7:1.1.1.2"
    assert sections["7 CFR Part 9, Subpart A"].kind == "subpart"


def test_a_table_of_a_section_is_found() -> None:
    reading = read(ECFR)
    (span,) = reading.tables
    assert reading.text[span.start : span.end] == "Age | Fee\n5 | 0"
    assert reading.text[span.header_start : span.header_end] == "Age | Fee"


def test_the_code_speaks_from_its_amendment_date() -> None:
    reading = read(ECFR)
    assert reading.in_force.effective_from == date(2022, 12, 29)
    assert (reading.work, reading.title, reading.jurisdiction) == ("7 CFR", "Title 7: Kites", "US")


def test_a_single_part_is_a_work_of_its_own() -> None:
    text = (
        """<DIV5 N="164" TYPE="PART" hierarchy_metadata='{"citation":"45 CFR Part 164"}'><HEAD>PART 164—X</HEAD>"""
        '<DIV8 N="164.1" TYPE="SECTION"><HEAD>§ 164.1 Y.</HEAD><P>(a) Z.</P></DIV8></DIV5>'
    )
    reading = read(text)
    assert reading.work == "45 CFR 164"
    assert texts(reading)["45 CFR 164.1(a)"] == "(a) Z."


def test_the_bulk_cfr_is_read_alike() -> None:
    text = (
        "<CFRDOC><FMTR><TITLEPG><TITLENUM>Title 7</TITLENUM><PARTS>Parts 1 to 9</PARTS><REVISED>Revised as of"
        " January 1, 2020</REVISED></TITLEPG></FMTR><PART><HD SOURCE='HED'>PART 9—FLYING</HD><CONTENTS><SECTNO>9.2"
        "</SECTNO><SUBJECT>Hours.</SUBJECT></CONTENTS><SECTION><SECTNO>§ 9.2</SECTNO><SUBJECT>Hours.</SUBJECT>"
        "<P>(a) By day.</P><P>(b) By night.</P></SECTION></PART></CFRDOC>"
    )
    reading = read(text)
    assert texts(reading)["7 CFR 9.2(b)"] == "(b) By night."
    assert "7 CFR Part 9" in texts(reading)
    assert reading.in_force.effective_from == date(2020, 1, 1)
    assert reading.work == "7 CFR Parts 1 to 9"


def test_a_federal_register_document_is_cited_by_its_page() -> None:
    sections = {section.locator.citation: section for section in read(ISSUE).sections}
    rule = sections["89 FR 9741"]
    assert (rule.kind, rule.path[-1], rule.date) == ("rule", "Kite Rule", date(2024, 3, 13))
    assert rule.locator.element == "2024-00001"
    assert sections["89 FR 9742"].path == ("Notices", "Meeting")
    assert sections["89 FR 9742"].date == date(2024, 2, 12)


def test_headings_of_running_text_nest_by_their_level() -> None:
    paths = [section.path[2:] for section in read(ISSUE).sections]
    assert ("SUPPLEMENTARY INFORMATION", "I. Costs", "A. Fees") in paths
    assert ("SUPPLEMENTARY INFORMATION", "II. Text") in paths


def test_amended_text_stays_inside_its_amendment() -> None:
    found = texts(read(ISSUE))
    assert found["89 FR 9741, amendment 1"] == "1. Amend § 9.2 to read:\n§ 9.2 Hours.\n(a) New."
    assert found["89 FR 9741, amendment 2"] == "2. Remove § 9.3."
    assert not any((citation or "").startswith("7 CFR") for citation in found)


def test_an_issue_is_in_force_from_its_day_and_has_its_tables() -> None:
    reading = read(ISSUE)
    assert (reading.in_force.effective_from, reading.in_force.effective_to) == (date(2024, 2, 12), None)
    assert reading.work == "FR-2024-02-12"
    assert [reading.text[span.start : span.end] for span in reading.tables] == ["Age | Cost in dollars\n5 | 0"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ECFR.encode(), True),
        (ISSUE.encode(), True),
        (RULE.encode(), True),
        (b'<frDoc xmlns="http://schemas.gpo.gov/xml/uslm"><RULE><PREAMB/></RULE></frDoc>', False),
        (b"<div type='part'>html</div>", False),
    ],
)
def test_it_knows_its_own_format(content: bytes, *, expected: bool) -> None:
    assert (CfrReader().sniff(content, "a.xml") > 0.5) is expected


def test_real_files_are_read_whole() -> None:
    folder = shared_data("law/us")
    register = CfrReader().read((folder / "FR-2024-02-12.xml").read_bytes(), "FR-2024-02-12.xml")
    assert sum(1 for section in register.sections if section.kind in {"rule", "notice", "proposed rule"}) == 95
    code = CfrReader().read((folder / "ECFR-title1.xml").read_bytes(), "ECFR-title1.xml")
    found = texts(code)
    assert sum(1 for section in code.sections if section.kind == "section") == 288
    assert len({section.locator.citation for section in code.sections if section.kind == "paragraph"}) == 1354
    assert found["1 CFR 12.1(b)(2)(ii)"] == "(ii) Will expire at the end of each calendar year; and"
