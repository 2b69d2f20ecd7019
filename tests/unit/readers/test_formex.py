from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from domain.documents import Reading
from ingestion.readers.formex import FormexReader
from tests.data import shared_data


def act(articles: str, *, language: str = "EN", extra: str = "", consolidated: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<CONS.ACT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{consolidated}<CONS.DOC>
<BIB.INSTANCE><DATE ISO="20300104">x</DATE><LG.DOC>{language}</LG.DOC></BIB.INSTANCE>
<FAM.COMP LEG.VAL="REG"><BIB.DATA><NO.DOC><NO.CURRENT>77</NO.CURRENT><YEAR>2030</YEAR></NO.DOC></BIB.DATA></FAM.COMP>
<TITLE><TI><P><HT TYPE="UC">Regulation</HT> (EU) 2030/77</P><P>of <DATE ISO="20300101">1 January 2030</DATE></P>
<P>(Text with EEA relevance)</P></TI></TITLE>
<PREAMBLE><PREAMBLE.INIT>THE COUNCIL,</PREAMBLE.INIT><GR.VISA>
<VISA>Having regard to kites<NOTE NOTE.ID="E1" TYPE="FOOTNOTE">
<P>OJ L 1.</P></NOTE>,</VISA></GR.VISA><GR.CONSID><CONSID><NP><NO.P>(1)</NO.P><TXT>Kites fly.</TXT></NP></CONSID>
</GR.CONSID></PREAMBLE><ENACTING.TERMS>{articles}</ENACTING.TERMS>{extra}</CONS.DOC></CONS.ACT>"""


def point(number: str, text: str, more: str = "") -> str:
    return f"<ITEM><NP><NO.P>{number}</NO.P><TXT>{text}</TXT>{more}</NP></ITEM>"


ROMAN = f'<P><LIST TYPE="roman">{point("(i)", "at noon;")}</LIST></P>'
POINTS = f'<LIST TYPE="alpha">{point("(a)", "by day:", ROMAN)}{point("(b)", "by night.")}</LIST>'
ARTICLE = f"""<DIVISION><TITLE><TI><P>CHAPTER II</P></TI><STI><P>Flying</P></STI></TITLE>
<DIVISION><TITLE><TI><P>Section 1</P></TI><STI><P>Hours</P></STI></TITLE>
<ARTICLE IDENTIFIER="007"><TI.ART>Article 7</TI.ART><STI.ART>Right to fly (<QUOT.START CODE="2018"/>up<QUOT.END
 CODE="2019"/>)</STI.ART><PARAG IDENTIFIER="007.001"><NO.PARAG>1.</NO.PARAG><ALINEA><P>Kites may fly:</P>{POINTS}
</ALINEA>
<ALINEA><P>The fine is EUR <FT TYPE="NUMBER">20000000</FT> where:</P><LIST TYPE="alpha">{point("(a)", "it rains.")}
</LIST>
</ALINEA></PARAG><PARAG IDENTIFIER="007.002"><NO.PARAG>2.</NO.PARAG><ALINEA>Nobody else may.</ALINEA></PARAG></ARTICLE>
</DIVISION></DIVISION>"""


def read(text: str) -> Reading:
    return FormexReader().read(text.encode(), "a.xml")


def texts(reading: Reading) -> dict[str | None, str]:
    return {section.locator.citation: reading.text[section.start : section.end] for section in reading.sections}


def test_every_level_of_an_article_has_its_exact_citation() -> None:
    found = texts(read(act(ARTICLE)))
    assert found["Article 7(1)(a)(i)"] == "(i) at noon;"
    assert found["Article 7(1)(a)"] == "(a) by day:\n\n(i) at noon;"
    assert found["Article 7(1)(b)"] == "(b) by night."
    assert found["Article 7(2)"] == "2. Nobody else may."
    assert found["Article 7"].startswith("Article 7 Right to fly (‘up’)\n\n1. Kites may fly:\n\n(a) by day:")
    assert found["Chapter II, Section 1"].startswith("Section 1 Hours")


def test_a_letter_used_again_belongs_to_a_later_subparagraph() -> None:
    assert texts(read(act(ARTICLE)))["Article 7(1), second subparagraph, point (a)"] == "(a) it rains."


def test_paths_hold_headings_and_short_places() -> None:
    sections = {section.locator.citation: section for section in read(act(ARTICLE)).sections}
    assert sections["Article 7(1)(b)"].path == (
        "CHAPTER II Flying",
        "Section 1 Hours",
        "Article 7 Right to fly (‘up’)",
        "7(1)",
        "7(1)(b)",
    )
    assert sections["Article 7(1)"].locator.element == "007.001"
    assert sections["Recital 1"].path == ("Preamble", "Recital 1")
    assert sections["Recital 1"].kind == "recital"


def test_notes_stand_at_the_end_of_their_section_and_numbers_are_grouped() -> None:
    reading = read(act(ARTICLE))
    assert texts(reading)["Recital 1"] == "(1) Kites fly."
    assert "Having regard to kites [1],\n" in reading.text
    assert "\n[1] OJ L 1.\n" in reading.text
    assert "EUR 20 000 000 where:" in reading.text


def test_german_citations_are_german() -> None:
    german = ARTICLE.replace("Article 7", "Artikel 7").replace("(a)", "a)").replace("(b)", "b)").replace("1.<", "(1)<")
    sections = {section.locator.citation: section for section in read(act(german, language="DE")).sections}
    assert sections["Artikel 7 Absatz 1 Buchstabe b"].path[-1] == "7(1)(b)"
    assert "Artikel 7 Absatz 1 Buchstabe a Ziffer i" in sections
    assert "Artikel 7 Absatz 1 Unterabsatz 2 Buchstabe a" in sections
    assert "Erwägungsgrund 1" in sections


def test_definitions_are_points_of_the_article() -> None:
    numbered = f'<LIST TYPE="ARAB">{point("(1)", "kite: a thing;")}{point("—", "a dash.")}</LIST>'
    article = f"<ARTICLE><TI.ART>Article 4</TI.ART><ALINEA><P>Here:</P>{numbered}</ALINEA></ARTICLE>"
    found = texts(read(act(article)))
    assert found["Article 4(1)"] == "(1) kite: a thing;"
    assert found["Article 4"].endswith("\n— a dash.")


def test_what_an_act_inserts_elsewhere_opens_no_article() -> None:
    quoted = "<QUOT.S><ARTICLE><TI.ART>Article 99a</TI.ART><ALINEA>New.</ALINEA></ARTICLE></QUOT.S>"
    article = f"<ARTICLE><TI.ART>Article 2</TI.ART><ALINEA><P>Insert:</P>{quoted}</ALINEA></ARTICLE>"
    found = texts(read(act(article)))
    assert found["Article 2"] == "Article 2\nInsert:\nArticle 99a\nNew."
    assert "Article 99a" not in found


def test_an_annex_and_its_table_are_sections_and_lines() -> None:
    rows = '<ROW TYPE="HEADER"><CELL>Size</CELL><CELL>Fee</CELL></ROW><ROW><CELL>small</CELL><CELL>7</CELL></ROW>'
    table = f"<TBL><CORPUS>{rows}</CORPUS></TBL>"
    annex = f"<ANNEX><TITLE><TI><P>ANNEX I</P></TI><STI><P>Fees</P></STI></TITLE><CONTENTS>{table}</CONTENTS></ANNEX>"
    reading = read(act(ARTICLE, extra=annex))
    assert texts(reading)["Annex I"] == "ANNEX I Fees\nSize | Fee\nsmall | 7"
    assert len(reading.tables) == 1


def final(sentence: str) -> str:
    return ARTICLE + f"<ARTICLE><TI.ART>Article 8</TI.ART><ALINEA>{sentence}</ALINEA></ARTICLE>"


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ('It shall apply from <DATE ISO="20310525">25 May 2031</DATE>.', "EN", date(2031, 5, 25)),
        ('Sie gilt ab dem <DATE ISO="20310525">25. Mai 2031</DATE>.', "DE", date(2031, 5, 25)),
        (
            'It shall enter into force on <DATE ISO="20300201"/>. It shall apply from <DATE ISO="20300301"/>.',
            "EN",
            date(2030, 3, 1),
        ),
        (
            'It enters into force on the twentieth day following. Article 7 shall apply from <DATE ISO="20400101"/>.',
            "EN",
            date(2030, 1, 24),
        ),
        (
            'It shall apply from <DATE ISO="20300301"/>. It shall enter into force on <DATE ISO="20300201"/>.',
            "EN",
            date(2030, 3, 1),
        ),
        ("Kites fly.", "EN", None),
    ],
)
def test_it_is_in_force_from_the_day_that_the_whole_act_applies(
    sentence: str, language: str, expected: date | None
) -> None:
    reading = read(act(final(sentence), language=language))
    assert (reading.in_force.effective_from, reading.in_force.effective_to) == (expected, None)


def test_a_consolidation_does_not_reach_back_before_its_own_date() -> None:
    info = '<INFO.CONSLEG CONSLEG.DATE="20350101" START.DATE="20300104" END.DATE="20360101"/>'
    reading = read(act(final('It shall apply from <DATE ISO="20310525">x</DATE>.'), consolidated=info))
    assert (reading.in_force.effective_from, reading.in_force.effective_to) == (date(2035, 1, 1), date(2036, 1, 1))


def test_the_act_is_known_by_its_celex_number_and_language() -> None:
    reading = read(act(ARTICLE))
    assert reading.work == "CELEX:32030R0077:en"
    assert reading.metadata["eli"] == "http://data.europa.eu/eli/reg/2030/77"
    assert reading.title == "Regulation (EU) 2030/77 of 1 January 2030"
    assert (reading.jurisdiction, reading.language) == ("EU", "en")


def test_it_knows_its_own_format() -> None:
    assert FormexReader().sniff(act(ARTICLE).encode(), "a.xml") > 0.9
    assert FormexReader().sniff(b"<ACT>not ours</ACT>", "a.xml") == 0.0


@pytest.mark.parametrize(
    ("name", "recitals", "point", "start"),
    [
        ("gdpr-formex-en.xml", 173, "Article 17(1)(b)", "(b) the data subject withdraws consent"),
        ("gdpr-formex-de.xml", 0, "Artikel 17 Absatz 1 Buchstabe b", "b) Die betroffene Person widerruft ihre Einwill"),
    ],
)
def test_gdpr_has_every_article_and_point(name: str, recitals: int, point: str, start: str) -> None:
    reading = FormexReader().read(shared_data(f"law/{name}").read_bytes(), name)
    kinds = Counter(section.kind for section in reading.sections)
    assert (kinds["article"], kinds["paragraph"], kinds["point"], kinds["recital"]) == (99, 372, 385, recitals)
    found = texts(reading)
    assert len(found) == len(reading.sections) - (recitals > 0)  # the root and the preamble have no citation
    assert found[point].startswith(start)
    for section in reading.sections:
        if section.kind in {"point", "paragraph"} and section.parent:
            number = section.path[-1].rpartition("(")[2].rstrip(")")
            assert reading.text[section.start : section.end].lstrip("(").startswith(number)
    assert reading.in_force.effective_from == date(2018, 5, 25)
    assert reading.metadata["celex"] == "32016R0679"
