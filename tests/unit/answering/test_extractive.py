from __future__ import annotations

from datetime import date

import pytest

from app.answering.extractive import ExtractiveDrafter
from domain.documents import Passage
from tests.unit.answering.cases import evidence, lab, passage, question, record, texts

BLOOD = "Hemoglobin A1c/Hemoglobin.total in Blood"


def a1c(value: str, day: str) -> Passage:
    return passage(
        f"{BLOOD}: {value} on {day} (final; LOINC 4548-4).",
        "Laboratory results",
        f"Hemoglobin A1c {day}",
        id=f"a1c-{day}",
        title="Chart",
        day=date.fromisoformat(day),
    )


OLD, NEW, MIDDLE = a1c("6.5 %", "2019-03-04"), a1c("7.1 %", "2021-06-01"), a1c("6.9 %", "2020-01-15")
PENICILLIN = "Allergy: Penicillin V, active, criticality high; reaction: hives."
LISINOPRIL = "Medication: Lisinopril 10 MG Oral Tablet, active, prescribed 2015-02-03."
METFORMIN = "Medication: Metformin 500 MG Oral Tablet, active, prescribed 2018-05-05."
AMOXICILLIN = "Medication: Amoxicillin 250 MG Oral Capsule, stopped, prescribed 2021-01-01."
CHART = [
    OLD,
    NEW,
    MIDDLE,
    lab("Glucose", "105 mg/dL", "2021-06-01"),
    lab("Hemoglobin", "14.1 g/dL", "2021-06-01"),
    lab("Blood pressure", "142/91 mmHg", "2021-06-01"),
    lab("Blood pressure", "131/85 mmHg", "2022-02-02"),
    record(PENICILLIN, "Allergies"),
    record("Allergy: Peanut, active, criticality low.", "Allergies"),
    record(LISINOPRIL, "Medications", "2015-02-03"),
    record(METFORMIN, "Medications", "2018-05-05"),
    record(AMOXICILLIN, "Medications", "2021-01-01"),
    record("Condition: Hypertension, active, onset 2014-01-02.", "Conditions", "2014-01-02"),
    record("Immunization: Influenza, seasonal, completed 2020-10-10.", "Immunizations", "2020-10-10"),
]
LAW = [
    passage(
        "Article 17\nRight to deletion\n1. A person may ask the keeper to delete data about them without delay where:\n"
        "(a) the data are no longer needed;\n(b) the person takes back their consent.\n"
        "2. The keeper shall tell every recipient about the deletion.",
        "Chapter III",
        "Article 17 Right to deletion",
        id="a17",
        title="Data Act",
        citation="Article 17",
    ),
    passage(
        "A keeper who learns of a leak shall report the leak to the authority within 72 hours.",
        "Chapter IV",
        "Article 170 Reports",
        id="a170",
        title="Data Act",
        citation="Article 170(1)",
    ),
    passage(
        "The authority may impose a fine of up to 4 % of yearly turnover.",
        "Chapter VIII",
        "Article 83",
        id="a83",
        title="Data Act",
        citation="Article 83(5)",
    ),
]
LIST = (
    "1. A person may ask the keeper to delete data about them without delay where: (a) the data are no longer needed; "
    "(b) the person takes back their consent."
)


def ask(text: str, passages: list[Passage], max_claims: int = 5) -> list[str]:
    claims = list(ExtractiveDrafter(max_claims=max_claims).draft(question(text), evidence(*passages), 0))
    assert all(claim.text == claim.quotes[0].text for claim in claims)
    return texts(claims)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("What is the latest hemoglobin A1c?", NEW.text),
        ("Most recent HbA1c?", NEW.text),
        ("What was the first A1c?", OLD.text),
        ("What was her HbA1c in 2020?", MIDDLE.text),
        ("What was the A1c on 2019-03-04?", OLD.text),
        ("What was the A1c on March 4, 2019?", OLD.text),
        ("What was the A1c in January 2020?", MIDDLE.text),
        ("What is the patient's A1c?", NEW.text),
        ("What is the blood sugar?", "Glucose: 105 mg/dL on 2021-06-01 (final)."),
        ("What is the hemoglobin?", "Hemoglobin: 14.1 g/dL on 2021-06-01 (final)."),
        ("What is the current BP?", "Blood pressure: 131/85 mmHg on 2022-02-02 (final)."),
        ("Is the patient allergic to penicillin?", PENICILLIN),
        ("What dose of lisinopril is prescribed?", LISINOPRIL),
        ("When was metformin prescribed?", METFORMIN),
        ("Does the patient have high blood pressure?", "Condition: Hypertension, active, onset 2014-01-02."),
        ("Has the patient had a flu shot?", "Immunization: Influenza, seasonal, completed 2020-10-10."),
    ],
)
def test_a_chart_answers_with_its_own_line(text: str, first: str) -> None:
    assert ask(text, CHART)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "Does the patient take warfarin?",
        "What dose of warfarin is prescribed?",
        "Is the patient allergic to sulfonamides?",
        "What is the potassium level?",
        "Does she have asthma?",
        "Who is the patient's cardiologist?",
        "What was the A1c in 2015?",
        "What was the A1c on 2019-03-05?",
        "What is the capital of Brazil?",
        "What is it?",
    ],
)
def test_a_chart_that_does_not_say_it_gives_no_answer(text: str) -> None:
    assert ask(text, CHART) == []


def test_the_latest_of_a_thing_leaves_the_older_ones_out() -> None:
    assert ask("What is the latest blood pressure?", CHART) == ["Blood pressure: 131/85 mmHg on 2022-02-02 (final)."]


def test_records_under_one_heading_are_one_thing_however_they_are_worded() -> None:
    old = lab("Blood pressure", "142/91 mmHg", "2021-06-01")
    worded = "Blood pressure, taken at home while lying down: 120/80 mmHg on 2022-02-02 (amended by a nurse)."
    new = passage(worded, "Vital signs", "Blood pressure 2022-02-02", id="new", day=date(2022, 2, 2))
    assert ask("What is the latest blood pressure?", [old, new]) == [worded]
    assert ask("What was the earliest blood pressure?", [old, new]) == [old.text]


def test_the_current_list_holds_every_drug_that_goes_on() -> None:
    assert ask("What medications is the patient currently taking?", CHART) == [METFORMIN, LISINOPRIL]


def test_a_list_without_a_day_comes_newest_first() -> None:
    assert ask("Which medications were prescribed?", CHART) == [AMOXICILLIN, METFORMIN, LISINOPRIL]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("What does Article 17 say?", LIST),
        ("When may a person ask for deletion of data?", LIST),
        ("When must a keeper report a leak?", LAW[1].text),
        ("What must be reported under Article 170(1)?", LAW[1].text),
        ("How high can a penalty be?", LAW[2].text),
    ],
)
def test_a_statute_answers_with_its_own_sentence(text: str, first: str) -> None:
    assert ask(text, LAW)[0] == first


@pytest.mark.parametrize(
    "text", ["What does Article 99 say about deletion?", "Are exports of rice licensed?", "Who may adopt a child?"]
)
def test_a_statute_that_does_not_say_it_gives_no_answer(text: str) -> None:
    assert ask(text, LAW) == []


def test_headings_are_no_claims() -> None:
    said = ask("What does Article 17 say about the right to deletion?", LAW)
    assert "Article 17" not in said
    assert "Right to deletion" not in said


def test_no_more_claims_than_allowed() -> None:
    many = [record(f"Medication: Drug {letter}, active.", "Medications") for letter in "BCDEFGHJK"]
    assert len(ask("What medications are active?", many)) == 5
    assert len(ask("What medications are active?", many, max_claims=2)) == 2


def test_the_same_sentence_is_said_once() -> None:
    twice = [passage("Store insulin pens in the refrigerator.", id=name) for name in ("a", "b")]
    assert ask("Where should insulin pens be stored?", twice) == ["Store insulin pens in the refrigerator."]


def test_a_row_of_a_table_is_a_claim_of_its_own() -> None:
    table = passage("Drug | Dose\nIbuprofen | 400 mg\nNaproxen | 250 mg", "Doses", title="Leaflet")
    assert ask("What is the dose of naproxen?", [table]) == ["Naproxen | 250 mg"]


def test_white_space_of_the_source_is_one_space() -> None:
    text = passage("Store insulin   pens\tin the refrigerator.", id="a")
    assert ask("Where should insulin pens be stored?", [text]) == ["Store insulin pens in the refrigerator."]


def test_nothing_is_asked_of_nothing() -> None:
    assert ask("What is the dose?", []) == []


ALIKE = "A keeper shall notify the person of a leak without delay and in no case later than 60 calendar days."


def test_alike_provisions_of_two_articles_are_both_quoted() -> None:
    articles = [passage(ALIKE, f"Article {n}", id=f"a{n}", citation=f"Article {n}") for n in (4, 5)]
    drafted = list(
        ExtractiveDrafter().draft(question("Within how many days of a leak is notice?"), evidence(*articles), 0)
    )
    assert [quote.passage_id for claim in drafted for quote in claim.quotes] == ["a4", "a5"]


def test_what_defines_the_term_comes_first() -> None:
    text = (
        "The keeper shall describe the trusted courier and the trusted courier's staff.\n"
        "(7) ‘trusted courier’ means a carrier on the list of the authority;\n"
        "(8) ‘carrier’ means anybody who carries samples;"
    )
    assert ask("What does trusted courier mean?", [passage(text)])[0].startswith("(7) ‘trusted courier’ means")


def test_an_article_comes_before_a_recital_that_says_the_same() -> None:
    recital = passage("(9) Samples should be kept cold by the courier.", "Recital 9", id="r", citation="Recital 9")
    article = passage("1. The courier shall keep samples cold.", "Article 3", id="a", citation="Article 3(1)")

    def first(text: str) -> str:
        return next(ExtractiveDrafter().draft(question(text), evidence(recital, article), 0)).quotes[0].passage_id

    assert first("Must the courier keep samples cold?") == "a"
    assert first("What does the recital say about the courier and cold samples?") == "r"


def test_words_that_the_stemmer_confuses_stay_apart() -> None:
    text = "The officer designated by the board keeps the sample registers.\nSample registers are kept safe by design."
    assert ask("Which registers are safe by design?", [passage(text)]) == ["Sample registers are kept safe by design."]
