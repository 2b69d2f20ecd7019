"""Citations and codes in questions and passages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from domain.documents import Interval, Labels, Locator, Passage
from retrieval.citations import RegexCitationFinder, families
from tests.data import ROOT

FINDER = RegexCitationFinder()

NAMED = {
    "What does Article 17(1)(b) say?": ("art:17(1)(b)", "art:17(1)", "art:17"),
    "Art. 6 GDPR": ("art:6",),
    "Art 9 GDPR": ("art:9",),
    "Artikel 17 Absatz 1 Buchstabe b DSGVO": ("art:17(1)(b)", "art:17(1)", "art:17"),
    "nach Art. 17 Abs. 1 lit. b DSGVO": ("art:17(1)(b)", "art:17(1)", "art:17"),
    "Art. 4 Nr. 12": ("art:4(12)", "art:4"),
    "Article 6, paragraph 1, point (f)": ("art:6(1)(f)", "art:6(1)", "art:6"),
    "point (b) of Article 17(1)": ("art:17(1)(b)", "art:17(1)", "art:17"),
    "Articles 13, 14 and 22": ("art:13", "art:14", "art:22"),
    "Article 6 or 9(2)(h)": ("art:9(2)(h)", "art:9(2)", "art:6", "art:9"),
    "Article 17 of Regulation (EU) 2016/679": ("art:17",),
    "Recital 26": ("recital:26",),
    "Erwägungsgrund 26": ("recital:26",),
    "45 CFR 164.512(b)(1)(i)": ("sec:164.512(b)(1)(i)", "sec:164.512(b)(1)", "sec:164.512(b)", "sec:164.512"),
    "45 C.F.R. § 164.512(b)": ("sec:164.512(b)", "sec:164.512"),
    "§ 164.512(b)": ("sec:164.512(b)", "sec:164.512"),
    "45 CFR part 164": ("sec:164",),
    "section 164.512": ("sec:164.512",),
    "Sec. 101(a)": ("sec:101(a)", "sec:101"),
    "5 U.S.C. § 552(a)(1)": ("sec:552(a)(1)", "sec:552(a)", "sec:552"),
    "§ 26 Abs. 1 BDSG": ("sec:26(1)", "sec:26"),
    "clause 7.2": ("sec:7.2",),
    "Rule 9.7.5": ("sec:9.7.5",),
    "Annex II": ("annex:ii",),
    "What was held in Roe v. Wade, 410 U.S. 113 (1973)?": ("case:410 u.s. 113",),
    "Is 123 F. Supp. 2d 456 still good law?": ("case:123 f. supp. 2d 456",),
    "Is 999 F.2d 1029 still good law?": ("case:999 f.2d 1029",),
    "LOINC 4548-4": ("loinc:4548-4",),
    "the last 4548-4": ("loinc:4548-4",),
    "diagnosed with E11.9": ("icd10:e11.9",),
    "ICD-10-CM code I10": ("icd10:i10",),
    "RxNorm 860975": ("rxnorm:860975",),
    "44054006 (SNOMED CT)": ("snomed:44054006",),
}
UNNAMED = (
    "What is the dose of 500 mg metformin?",
    "What happened in section of the colon 12?",
    "Which regulations 2015 apply?",
    "Did the patient call 555-1234 in 2019-2020?",
    "Is 4548-5 a code?",
    "What is vitamin B12, and I10?",
    "What does H2A.Z do?",
    "Which articles of clothing are allowed?",
    "How much is 860975 in section?",
    "In 2020 Dr. Smith saw 12 patients.",
)


@pytest.mark.parametrize(("question", "keys"), NAMED.items(), ids=NAMED)
def test_a_question_names_these_keys_most_exact_first(question: str, keys: tuple[str, ...]) -> None:
    assert FINDER.keys_in(question) == keys


@pytest.mark.parametrize(
    "text",
    ["6 Rule A6.1", "1\tApplication\nA1.1.1", "2004\tFederal Law No. 1", "1 Capital.\nTier 2", "4 Cell.\nClass 1"],
)
def test_numbered_rules_and_lines_are_not_taken_for_cases(text: str) -> None:
    code = f"import sys; from tests.unit.retrieval.test_citations import FINDER; FINDER.keys_in({text!r})"
    subprocess.run([sys.executable, "-c", f"{code}; sys.exit('eyecite' in sys.modules)"], cwd=ROOT, check=True)


@pytest.mark.parametrize("question", UNNAMED)
def test_a_question_that_names_nothing_has_no_keys(question: str) -> None:
    assert FINDER.keys_in(question) == ()


def passage(text: str, *, citation: str | None = None, section: tuple[str, ...] = (), header: str = "") -> Passage:
    return Passage(
        id="p", document_id="d", version_id="v", start=0, end=len(text), text=text, title="T", section=section,
        locator=Locator(citation=citation), labels=Labels(), in_force=Interval(), parent_start=0, parent_end=len(text),
        header=header,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "keys"),
    [
        (passage("Erase.", citation="Article 17(1)(b)"), ("art:17(1)(b)", "art:17(1)", "art:17")),
        (passage("Erase.", citation="Artikel 17 Absatz 1"), ("art:17(1)", "art:17")),
        (passage("Use.", citation="45 CFR 164.512(b)"), ("sec:164.512(b)", "sec:164.512", "sec:164")),
        (passage("Pay.", section=("7. Payment", "7.2 Interest")), ("sec:7", "sec:7.2")),
        (passage("Erase.", section=("CHAPTER III", "Article 17 Right to erasure")), ("art:17",)),
        (passage("As Article 6 and § 12 say.", section=("Consent under Article 7",)), ()),
        (passage("HbA1c (LOINC 4548-4) 7.1 %", header="code | E11.9"), ("loinc:4548-4", "icd10:e11.9")),
        (passage("As held in Roe v. Wade, 410 U.S. 113 (1973)."), ("case:410 u.s. 113",)),
        (passage("Lists.", citation="Annex I"), ("annex:i",)),
    ],
)  # fmt: skip
def test_a_passage_carries_its_own_citation_its_ancestors_and_its_codes(found: Passage, keys: tuple[str, ...]) -> None:
    assert FINDER.keys_of(found) == keys


def test_each_provision_that_a_question_names_is_a_family() -> None:
    assert families(FINDER.keys_in("Compare Article 17(1)(b) with Article 6.")) == [
        ("art:17(1)(b)", "art:17(1)", "art:17"),
        ("art:6",),
    ]
    assert families(("art:1", "art:17(1)", "art:17")) == [("art:1",), ("art:17(1)", "art:17")]


def test_a_long_text_of_near_citations_is_read_in_no_time() -> None:
    text = "section " + "1." * 20_000 + " Article " + "1, " * 20_000 + "(a)" * 20_000 + "12 Ab. " * 5_000
    FINDER.keys_in(text)
