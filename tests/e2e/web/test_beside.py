"""An answer with the source beside it, and its quotes lit up in the chart."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, axe, focused, shot

SUBJECT = "lind-anna-1951"


def asked(web: Web) -> Page:
    """Return a page with an answer that quotes a record."""
    page = web.open("/ask", width=1440)
    subject = page.get_by_role("combobox", name="Patient or matter")
    subject.fill(SUBJECT)
    subject.press("Enter")
    page.get_by_role("textbox", name="Question").fill("Is the patient allergic to penicillin?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Copy with sources")).to_be_visible(timeout=60_000)
    return page


def test_a_quote_opens_beside_its_answer_and_gives_the_focus_back(web: Web) -> None:
    page = asked(web)
    page.get_by_role("button", name="Beside").first.click()
    beside = page.get_by_role("complementary", name="Source of quote 1")
    expect(beside.get_by_text("Penicillin G").first).to_be_visible(timeout=30_000)
    expect(beside.locator("mark").first).to_contain_text("Penicillin G")
    axe(page)
    shot(page, "beside")
    beside.get_by_role("button", name="Close").click()
    expect(beside).to_have_count(0)
    assert "Patient record" in focused(page)


def test_what_an_answer_quotes_is_lit_up_in_the_chart(web: Web) -> None:
    page = asked(web)
    page.get_by_role("link", name="Charts").click()
    page.get_by_role("main").get_by_role("link", name=SUBJECT).first.click()
    allergies = page.get_by_role("table", name="Allergies").get_by_role("row").filter(has_text="Penicillin G")
    expect(allergies).to_contain_text("1 of the last answer", timeout=30_000)
    shot(page, "lit")


def test_statements_take_feedback_in_two_clicks(web: Web) -> None:
    page = asked(web)
    page.get_by_role("button", name="Feedback on this statement").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Right", exact=True).click()
    expect(page.get_by_role("button", name="Take back").first).to_be_visible()
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)


def test_what_is_selected_in_the_source_beside_is_given_as_a_better_quote(web: Web) -> None:
    page = asked(web)
    page.get_by_role("button", name="Beside").first.click()
    beside = page.get_by_role("complementary", name="Source of quote 1")
    beside.locator("mark").first.evaluate("one => document.getSelection().selectAllChildren(one)")
    page.get_by_role("button", name="Feedback on this statement").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="There is a better quote").click()
    dialog.get_by_role("button", name="Send this selection").click()
    expect(page.get_by_text("You gave a better quote.")).to_be_visible()
    with web.api() as client:
        (given,) = client.get("/v1/feedback").json()["feedback"]
    assert given["verdict"] == "better_quote"
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)
