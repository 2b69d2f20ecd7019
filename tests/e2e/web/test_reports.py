"""Reports in batches: ordered, watched, failed in part, stopped, downloaded and deleted, by mouse or keyboard alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, at_widths, shot

PEOPLE = ("lind-anna-1951", "lind-anna-1987")


def ordered(web: Web, template: str, cohort: dict[str, Any]) -> str:
    """Order a batch by the API and return its id."""
    with web.api() as client:
        body = {"template": template, "cohort": cohort, "as_of": "2026-03-01", "formats": ["pdf"]}
        response = client.post("/v1/reports", json=body)
        assert response.status_code == 202, response.text
        return str(response.json()["id"])


def finished(page: Page) -> None:
    expect(page.get_by_role("button", name="Stop making more")).to_have_count(0, timeout=90_000)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("button", name=label).click()
    page.get_by_role("option", name=option).click()


def test_a_batch_is_ordered_watched_and_downloaded_and_what_failed_is_named(web: Web, tmp_path: Path) -> None:
    page = web.open("/reports")
    choose(page, "Template", "Pre-visit summary")
    page.get_by_label("List of ids").fill("\n".join([*PEOPLE, "nobody"]))
    expect(page.get_by_text("One a line; 3 are named.")).to_be_visible()
    page.get_by_label("As of").fill("2026-03-01")
    page.get_by_role("checkbox", name="Word").uncheck()
    page.get_by_role("button", name="Make the reports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pre-visit summary")
    finished(page)
    expect(page.get_by_text("2 of 3 made, 1 failed")).to_be_visible()
    expect(page.get_by_role("row", name="nobody")).to_contain_text("request.not_found")
    shot(page, "reports-batch")
    with page.expect_download() as one:
        page.get_by_role("button", name=f"Download PDF: {PEOPLE[0]}").click()
    assert one.value.suggested_filename == f"0001-{PEOPLE[0]}.pdf"
    one.value.save_as(tmp_path / "one.pdf")
    assert (tmp_path / "one.pdf").read_bytes()[:4] == b"%PDF"
    with page.expect_download() as everything:
        page.get_by_role("button", name="Everything as ZIP").click()
    everything.value.save_as(tmp_path / "all.zip")
    names = zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())).namelist()
    assert {f"0001-{PEOPLE[0]}.pdf", f"0002-{PEOPLE[1]}.fhir.json", "contents.html"} <= set(names)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")


def test_a_batch_is_ordered_with_the_keyboard_alone(web: Web) -> None:
    page = web.open("/reports")
    page.get_by_role("button", name="Template").focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Template")).to_contain_text("Matter chronology")
    page.get_by_label("List of ids").focus()
    page.keyboard.type("matter-orchid")
    start = page.get_by_role("button", name="Make the reports")
    for _ in range(30):
        page.keyboard.press("Tab")
        if start.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Matter chronology")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    finished(page)
    expect(page.get_by_text("1 of 1 made, 0 failed")).to_be_visible()


def test_the_grid_of_contracts_is_offered_for_the_whole_batch(web: Web, tmp_path: Path) -> None:
    report = ordered(web, "contract-review", {"subject": "matter-orchid"})
    page = web.open(f"/reports/{report}")
    finished(page)
    with page.expect_download() as grid:
        page.get_by_role("button", name="Grid (PDF)").click()
    grid.value.save_as(tmp_path / "grid.pdf")
    assert (tmp_path / "grid.pdf").read_bytes()[:4] == b"%PDF"


def test_somebody_elses_batch_is_as_good_as_none(web: Web) -> None:
    report = ordered(web, "pre-visit-summary", {"ids": [PEOPLE[0]]})
    page = web.open(f"/reports/{report}", token=web.token("dr-reports", "professional"))
    expect(page.get_by_role("alert")).to_contain_text("request.not_found")


def test_the_pages_of_reports_break_no_rule_of_wcag_and_fit_into_320_pixels(web: Web) -> None:
    report = ordered(web, "pre-visit-summary", {"ids": [*PEOPLE, "nobody"]})
    page = web.open("/reports")
    at_widths(page, "reports")
    page.goto(f"{web.url}/reports/{report}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Pre-visit summary")
    finished(page)
    at_widths(page, "reports-one")
