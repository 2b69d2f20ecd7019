from __future__ import annotations

from datetime import date

import pytest

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.readers.akoma_ntoso import AkomaNtosoReader

META = """<meta><identification source="#s"><FRBRWork><FRBRthis value="/akn/gb/act/2030/7/!main"/>
<FRBRuri value="/akn/gb/act/2030/7"/><FRBRdate date="2030-02-01" name="enacted"/><FRBRauthor href="#parliament"/>
<FRBRcountry value="gb"/><FRBRnumber value="7"/></FRBRWork><FRBRExpression>
<FRBRuri value="/akn/gb/act/2030/7/eng@2031"/>
<FRBRdate date="2031-03-01" name="validFrom"/><FRBRlanguage language="eng"/></FRBRExpression></identification>
<publication date="2030-02-03" name="gazette" showAs="Kite Gazette"/>{lifecycle}
<references source="#s"><TLCOrganization eId="parliament" href="/o" showAs="Parliament"/></references></meta>"""
BODY = """<preface><longTitle><p>An Act about <docTitle>Kites</docTitle>.</p></longTitle></preface>
<preamble><recitals><recital eId="rec_1"><num>(1)</num><p>Kites fly.</p></recital></recitals></preamble><body>
<part eId="part_1"><num>Part 1</num><heading>Flying</heading><section eId="sec_5"><num>5</num><heading>Hours</heading>
<subsection eId="sec_5__subsec_1"><num>(1)</num><intro><p>Kites may fly<authorialNote marker="a"><p>A note.</p>
</authorialNote>—</p></intro><paragraph eId="sec_5__subsec_1__para_a"><num>(a)</num><content><p>by day; or</p></content>
</paragraph><paragraph><num>(b)</num><content><p>by night.</p></content></paragraph><wrapUp><p>Nobody else may.</p>
</wrapUp>
</subsection><subsection><num>(2)</num><content><p>In the Line Act insert—<quotedStructure startQuote="“" endQuote="”">
<section><num>9A</num><heading>Wool</heading><content><p>Wool only.</p></content></section></quotedStructure>.</p>
</content>
</subsection></section><article eId="art_2"><num>Article 2</num><paragraph><num>1.</num><content><p>Text.</p></content>
</paragraph></article></part></body>"""


def akn(body: str = BODY, lifecycle: str = "", attributes: str = "", kind: str = "act") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">'
        f"<{kind}{attributes}>{META.format(lifecycle=lifecycle)}{body}</{kind}></akomaNtoso>"
    )


def read(text: str) -> Reading:
    return AkomaNtosoReader().read(text.encode(), "a.akn")


def texts(reading: Reading) -> dict[str | None, str]:
    return {section.locator.citation: reading.text[section.start : section.end] for section in reading.sections}


def test_every_provision_has_its_citation_and_its_number_in_front() -> None:
    found = texts(read(akn()))
    assert found["Section 5(1)(a)"] == "(a) by day; or"
    assert found["Section 5(1)"] == (
        "(1) Kites may fly [a]—\n\n(a) by day; or\n\n(b) by night.\nNobody else may.\n[a] A note."
    )
    assert found["Article 2(1)"] == "1. Text."
    assert found["Recital 1"] == "(1) Kites fly."
    assert found["Section 5"].startswith("5 Hours\n\n(1) Kites")


def test_paths_hold_headings_and_elements_are_eids() -> None:
    sections = {section.locator.citation: section for section in read(akn()).sections}
    assert sections["Section 5(1)(a)"].path == ("Part 1 Flying", "Section 5 Hours", "(1)", "(a)")
    assert sections["Section 5(1)(a)"].locator.element == "sec_5__subsec_1__para_a"
    assert sections["Recital 1"].path == ("Preamble", "Recital 1")


def test_what_an_act_inserts_elsewhere_opens_no_section() -> None:
    found = texts(read(akn()))
    assert found["Section 5(2)"] == "(2) In the Line Act insert—\n“9A Wool\nWool only.”."
    assert "Section 9A" not in found


def test_the_work_and_its_facts_come_from_the_metadata() -> None:
    reading = read(akn())
    assert reading.work == "/akn/gb/act/2030/7/eng"
    assert (reading.jurisdiction, reading.language, reading.title) == ("GB", "en", "Kites")
    assert reading.metadata["publisher"] == "Parliament"
    assert (reading.metadata["number"], reading.metadata["date"]) == ("7", "2030-02-01")


EVENTS = (
    '<lifecycle source="#s"><eventRef eId="e1" type="generation" date="2030-02-01" source="#o"/>'
    '<eventRef eId="e2" type="{0}" date="2035-01-01" source="#o"/></lifecycle>'
)
GROUP = (
    '<temporalData source="#s"><temporalGroup eId="tg1"><timeInterval start="#e1" end="#e2"/>'
    "</temporalGroup></temporalData>"
)


@pytest.mark.parametrize(
    ("lifecycle", "attributes", "expected"),
    [
        ("", "", (date(2031, 3, 1), None)),
        (EVENTS.format("amendment"), "", (date(2031, 3, 1), None)),
        (EVENTS.format("repeal"), "", (date(2031, 3, 1), date(2035, 1, 1))),
        (EVENTS.format("amendment") + GROUP, ' period="#tg1"', (date(2030, 2, 1), date(2035, 1, 1))),
    ],
)
def test_it_is_in_force_as_its_metadata_say(
    lifecycle: str, attributes: str, expected: tuple[date, date | None]
) -> None:
    interval = read(akn(lifecycle=lifecycle, attributes=attributes)).in_force
    assert (interval.effective_from, interval.effective_to) == expected


def test_an_attached_document_is_a_section_with_numbers_of_its_own() -> None:
    annex = (
        '<attachments><attachment><doc name="annex"><meta/><preface><p><docTitle>Fees</docTitle></p></preface>'
        "<mainBody><paragraph><num>1.</num><content><p>Seven.</p></content></paragraph><table><tr><th>A</th></tr>"
        "<tr><td>5</td></tr></table></mainBody></doc></attachment></attachments>"
    )
    reading = read(akn(BODY + annex))
    assert ("Fees", "(1)") in {section.path for section in reading.sections}
    assert texts(reading)["Paragraph 1"] == "1. Seven."
    assert len(reading.tables) == 1


def test_a_judgment_is_cut_at_its_parts_and_paragraphs() -> None:
    body = (
        "<judgmentBody><introduction><p>Kite v Line.</p></introduction><decision><paragraph><num>12.</num><content><p>"
        "Dismissed.</p></content></paragraph></decision></judgmentBody>"
    )
    found = texts(read(akn(body, kind="judgment")))
    assert found["Paragraph 12"] == "12. Dismissed."


def test_it_knows_its_own_format_and_refuses_an_empty_one() -> None:
    assert AkomaNtosoReader().sniff(akn().encode(), "a.xml") > 0.9
    assert AkomaNtosoReader().sniff(b"<act>no</act>", "a.xml") == 0.0
    with pytest.raises(DocumentError) as caught:
        read("<akomaNtoso xmlns='http://docs.oasis-open.org/legaldocml/ns/akn/3.0'/>")
    assert caught.value.code == "document.empty"
