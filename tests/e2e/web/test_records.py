"""The chart of a patient and a matter: every bullet as a journey, with the mouse, the keyboard and axe."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, axe, fits, looks, shot

BEN, CEDAR = "holt-ben-1960", "matter-cedar"
CONTRACT = """# Supply Agreement

This Supply Agreement is made between Alder Instruments Ltd (“Supplier”) and Birch Clinic (“Customer”).
“Effective Date” means 1 March 2025.

## 1. Delivery
The Supplier shall deliver within {days} days after the Effective Date.

## 2. Payment
Each invoice must be paid within 30 days of its receipt.

## 3. Liability
Liability is limited to EUR 5,000.
"""
MEMO = """# Memo: delivery of the analysers

The first analyser came on 20 March 2025 and was returned on 2 April 2025.
A claim must be made no later than 2 October 2025.
"""


def observation(number: int, code: str, name: str, date: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"ben-{code}-{number}",
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}]},
        "subject": {"reference": f"Patient/{BEN}"},
        "effectiveDateTime": date,
        **more,
    }


def chart() -> str:
    about = {"reference": f"Patient/{BEN}"}
    between = [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}]
    values = [4.1, 4.4, 5.6, 4.9, 3.2, 4.0, 4.3, 5.2, 4.6, 4.8, 4.2, 3.9]
    found: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": BEN, "name": [{"family": "Holt", "given": ["Ben"]}]},
        {
            "resourceType": "Condition",
            "id": "ben-c1",
            "subject": about,
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"text": "Chronic kidney disease, stage 3"},
            "onsetDateTime": "2021-04-02",
        },
        {
            "resourceType": "Condition",
            "id": "ben-c2",
            "subject": about,
            "clinicalStatus": {"coding": [{"code": "resolved"}]},
            "code": {"text": "Pneumonia"},
            "onsetDateTime": "2019-01-20",
        },
        {
            "resourceType": "AllergyIntolerance",
            "id": "ben-a",
            "patient": about,
            "code": {"text": "Latex"},
            "recordedDate": "2010-02-03",
        },
        {
            "resourceType": "MedicationRequest",
            "id": "ben-m",
            "status": "active",
            "subject": about,
            "medicationCodeableConcept": {"text": "Ramipril 5 MG Oral Tablet"},
            "authoredOn": "2021-04-02",
            "dosageInstruction": [{"text": "One tablet in the morning"}],
        },
    ]
    found += [
        observation(
            number,
            "2823-3",
            "Potassium",
            f"{2019 + number // 2}-{3 + 6 * (number % 2):02d}-14",
            valueQuantity={"value": value, "unit": "mmol/L"},
            referenceRange=between,
        )
        for number, value in enumerate(values)
    ]
    found.append(
        observation(90, "2823-3", "Potassium", "2025-05-05", valueQuantity={"value": "hemolysed", "unit": "mmol/L"})
    )
    found.append(observation(1, "4548-4", "Hemoglobin A1c", "2025-03-14", valueQuantity={"value": 6.1, "unit": "%"}))
    found += [
        {
            "resourceType": "Encounter",
            "id": f"ben-e{number}",
            "status": "finished",
            "subject": about,
            "class": {"code": "AMB", "display": "ambulatory"},
            "period": {"start": f"{1990 + number % 35}-06-{1 + number % 28:02d}"},
        }
        for number in range(300)
    ]
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in found]})


def put(web: Web) -> None:
    with web.api() as client:
        for name, content, options in (
            ("holt-ben-1960.json", chart(), {"collection": "patients"}),
            *(
                (
                    "supply.md",
                    CONTRACT.format(days=days),
                    {"collection": "matters", "subject": CEDAR, "document": "supply", "effective_from": day},
                )
                for days, day in ((30, "2025-01-01"), (45, "2025-06-01"))
            ),
            ("delivery.md", MEMO, {"collection": "matters", "subject": CEDAR}),
        ):
            sent = client.post(
                "/v1/documents", files={"file": (name, content.encode())}, data={"options": json.dumps(options)}
            )
            assert sent.status_code == 201, sent.text


@pytest.fixture
def kept(web: Web) -> Web:
    """Return the server with a chart and a contract in two versions beside the samples; ingesting twice is once."""
    with web.api() as client:
        there = BEN in client.get("/v1/subjects").json()["subjects"]
    if not there:
        put(web)
    return web


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def test_a_patient_is_found_by_name_and_is_among_the_recent_ones_afterwards(kept: Web) -> None:
    page = kept.open("/charts")
    page.get_by_label("Find by name or number").fill("HOLT")
    expect(page.get_by_role("status").filter(has_text="found")).to_have_text("1 found")
    page.get_by_role("link", name=BEN).click()
    expect(heading(page)).to_have_text("Chart of Ben Holt")
    expect(page.get_by_role("main")).to_contain_text(f"{BEN} · Read from")
    page.go_back()
    expect(page.get_by_role("region", name="Recent").get_by_role("link", name=BEN)).to_be_visible()
    shot(page, "records-index")


def test_a_chart_sums_up_what_is_current_and_lists_the_rest_below(kept: Web) -> None:
    page = kept.open(f"/charts/{BEN}")
    current = page.get_by_role("region", name="Current problem")
    expect(current).to_contain_text("Chronic kidney disease, stage 3")
    expect(current).not_to_contain_text("Pneumonia")
    expect(page.get_by_role("table", name="Problems")).to_contain_text("Pneumonia")
    encounters = page.get_by_role("region", name="Encounters (300)")
    expect(encounters.get_by_role("row")).to_have_count(16)
    encounters.get_by_role("button", name="Show 100 more").click()
    expect(encounters.get_by_role("row")).to_have_count(116)


def test_a_table_is_sorted_by_its_headers(kept: Web) -> None:
    page = kept.open(f"/charts/{BEN}")
    table = page.get_by_role("table", name="All values: Potassium")
    header = table.get_by_role("columnheader", name="Value (mmol/L)")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(table.get_by_role("row").nth(1)).to_contain_text("3.2")
    expect(table.get_by_role("row").nth(1)).to_contain_text("below the range")


def test_a_value_is_plotted_with_its_range_and_what_is_no_number_stays_in_the_table(kept: Web) -> None:
    page = kept.open(f"/charts/{BEN}")
    plot = page.get_by_role("group", name="Potassium in mmol/L over time, 12 points")
    expect(plot.get_by_role("link")).to_have_count(12)
    table = page.get_by_role("table", name="All values: Potassium")
    expect(table.get_by_role("row", name="hemolysed")).to_contain_text("the value is no number")
    expect(page.get_by_text("reference range: 3.5–5.1")).to_be_visible()


def test_the_keyboard_alone_goes_along_a_plot_and_opens_the_source_of_a_point(kept: Web) -> None:
    page = kept.open(f"/charts/{BEN}")
    plot = page.get_by_role("group", name="Potassium in mmol/L")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('svg') !== null"):
            break
    expect(plot.get_by_role("link").last).to_be_focused()
    page.keyboard.press("Home")
    expect(plot.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("3 of 12.")).to_be_visible()
    assert "5.6 mmol/L; above the range" in str(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    with kept.api() as client:
        series = client.get(f"/v1/subjects/{BEN}/chart").json()["series"]
    place = next(one for one in series if one["name"] == "Potassium")["points"][2]["place"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sources/{place['version_id']}?start={place['start']}&end={place['end']}&subject={BEN}")


def test_another_value_is_chosen_by_typing_its_first_letters(kept: Web) -> None:
    page = kept.open(f"/charts/{BEN}")
    page.get_by_role("button", name="Value (2 to choose from)").press("Enter")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.type("hemo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Hemoglobin A1c in % over time, 1 point")).to_be_visible()


def test_who_is_no_member_is_told_why_and_sees_nothing(kept: Web) -> None:
    page = kept.open(f"/charts/{BEN}", token=kept.token("dr-stranger", "professional"))
    expect(page.get_by_role("alert")).to_contain_text("access.denied")
    expect(page.get_by_text("Chronic kidney disease")).to_have_count(0)


def test_a_matter_shows_documents_parties_days_and_deadlines_with_their_words(kept: Web) -> None:
    page = kept.open(f"/matters/{CEDAR}")
    expect(page.get_by_role("table", name="Documents")).to_contain_text("Agreement")
    parties = page.get_by_role("table", name="Parties")
    expect(parties).to_contain_text("Alder Instruments Ltd")
    expect(parties).to_contain_text("Supplier")
    shot(page, "records-matter")
    page.get_by_role("tab", name="Chronology").click()
    expect(page.get_by_role("group", name="Timeline with 4 days").get_by_role("link")).to_have_count(4)
    first = page.get_by_role("listitem").filter(has_text="2025-03-20")
    expect(first).to_contain_text("The first analyser came on 20 March 2025 and was returned on 2 April 2025.")
    shot(page, "records-chronology")
    page.get_by_role("tab", name="Deadlines").click()
    table = page.get_by_role("table", name="Deadlines")
    expect(table.get_by_role("row", name="within 45 days")).to_contain_text("2025-04-15")
    expect(table.get_by_role("row", name="within 45 days")).to_contain_text("computed")
    expect(table.get_by_role("row", name="no later than")).to_contain_text("stated")
    expect(table.get_by_role("row", name="of its receipt")).to_contain_text("Not computed: the first day is not stated")
    shot(page, "records-deadlines")


def test_clauses_of_two_versions_stand_side_by_side_with_what_changed(kept: Web) -> None:
    page = kept.open(f"/matters/{CEDAR}")
    page.get_by_role("tab", name="Clauses").click()
    delivery = page.get_by_role("region", name="1. Delivery")
    expect(delivery).to_contain_text("Changed")
    expect(delivery.get_by_role("deletion")).to_have_text("30")
    expect(delivery.get_by_role("insertion")).to_have_text("45")
    expect(page.get_by_role("region", name="3. Liability")).to_contain_text("The same")
    shot(page, "records-clauses")
    page.get_by_label("Show only what differs").check()
    expect(page.get_by_role("region", name="3. Liability")).to_have_count(0)
    delivery.get_by_role("link", name="1. Delivery").last.click()
    page.wait_for_url("**/sources/v_*")


def test_no_page_of_charts_and_matters_breaks_wcag(kept: Web) -> None:
    page = kept.open("/charts")
    for path, name in (("/charts", ""), ("/matters", ""), (f"/charts/{BEN}", "Problems"), (f"/matters/{CEDAR}", "")):
        page.goto(kept.url + path)
        heading(page).wait_for()
        if name:
            page.get_by_role("table", name=name).wait_for()
        if path.startswith("/matters/"):
            for tab in ("Documents", "Chronology", "Deadlines", "Clauses"):
                page.get_by_role("tab", name=tab).click()
                page.get_by_role("tabpanel").get_by_role("link").first.wait_for()
                looks(page, f"records-matter-{tab}")
        else:
            looks(page, f"records{path.replace('/', '-')}")


@pytest.mark.parametrize("language", ["de", "zh"])
def test_charts_and_matters_speak_other_languages_and_fit_a_narrow_window(kept: Web, language: str) -> None:
    words = {"de": "Werte im Verlauf", "zh": "数值变化"}[language]
    page = kept.open(f"/charts/{BEN}", language=language, width=320)
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    fits(page)
    axe(page)
    shot(page, f"records-chart-narrow-{language}")
    page = kept.open(f"/matters/{CEDAR}", language=language, width=320)
    page.get_by_role("tab").nth(3).click()
    page.get_by_role("tabpanel").get_by_role("link").first.wait_for()
    fits(page)
    shot(page, f"records-clauses-narrow-{language}")
