"""Checking a draft in the browser: planted wrong numbers, unknown citations and misquoted words are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, fits, looks, shot

DRAFT = (
    "The controller shall notify the supervisory authority of a breach of health data within 48 hours after becoming "
    "aware of it.\n"
    "Health data shall not be disclosed to family members without the written consent of the patient.\n"
    "Article 99 says more about this.\n"
    "Article 7(1) says that the controller “may keep a health record for no longer than ten years after the last "
    "treatment”."
)


def checked(page: Page) -> None:
    page.get_by_role("textbox", name="Text to check").fill(DRAFT)
    page.get_by_role("button", name="Check the draft").click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=60_000)


def test_a_draft_with_a_wrong_number_an_unknown_citation_and_a_misquote_says_so(web: Web) -> None:
    page = web.open("/check")
    checked(page)
    marks = page.get_by_role("group", name="The draft with every sentence marked").get_by_role("button")
    expect(marks).to_have_count(4)
    expect(marks.nth(0)).to_contain_text("Contradicted")
    expect(marks.nth(1)).to_contain_text("Supported")
    marks.nth(0).click()
    sentence = page.get_by_role("region", name="Sentence")
    expect(sentence.get_by_role("heading", name="What contradicts it")).to_be_visible()
    expect(sentence).to_contain_text("within 24 hours")
    assert "/sources/v_" in str(sentence.get_by_role("link").first.get_attribute("href"))
    citations = page.get_by_role("region", name="Citations")
    expect(citations.get_by_role("listitem").filter(has_text="Article 99")).to_contain_text("Unknown")
    expect(citations.get_by_role("listitem").filter(has_text="Article 7(1)")).to_contain_text("Found")
    quotations = page.get_by_role("region", name="Quoted words")
    expect(quotations).to_contain_text("Misquoted")
    expect(quotations.locator("del")).to_contain_text("ten")
    expect(quotations.locator("ins")).to_contain_text("six")
    looks(page, "check")


def test_the_keyboard_alone_leads_from_problem_to_problem(web: Web) -> None:
    page = web.open("/check")
    page.get_by_role("textbox", name="Text to check").focus()
    page.keyboard.insert_text(DRAFT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=60_000)
    marks = page.get_by_role("group", name="The draft with every sentence marked").get_by_role("button")
    marks.nth(0).focus()
    page.keyboard.press("n")
    expect(marks.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(marks.nth(2)).to_be_focused()
    page.keyboard.press("p")
    expect(marks.nth(0)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("name", ["services-agreement.docx", "guideline-2023.pdf"])
def test_a_file_becomes_the_draft(web: Web, name: str) -> None:
    page = web.open("/check")
    files = Path(__file__).parents[3] / "app/samples/files"
    page.locator("input[type=file]").set_input_files(files / name)
    expect(page.get_by_role("textbox", name="Text to check")).not_to_have_value("", timeout=60_000)


def test_a_broken_file_is_refused_with_its_code(web: Web) -> None:
    page = web.open("/check")
    page.locator("input[type=file]").set_input_files(
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and no more"}
    )
    expect(page.get_by_role("alert")).to_contain_text("document.", timeout=30_000)


def test_the_page_fits_a_narrow_window(web: Web) -> None:
    page = web.open("/check", width=400)
    checked(page)
    fits(page)
    shot(page, "check-narrow")
