"""Checking beside: a quote is opened at its exact words, whatever its source is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, axe, fits, focused, looks, shot

GUIDELINE: Final = "The treatment target for most adults is a blood pressure below"
LAW: Final = "The controller may keep a health record for no longer than"
INVOICE: Final = "invoice"


@dataclass(frozen=True)
class Quote:
    """Where some words stand: what the address of their source says."""

    version: str
    start: int
    end: int
    subject: str = ""

    @property
    def path(self) -> str:
        subject = f"&subject={self.subject}" if self.subject else ""
        return f"/sources/{self.version}?start={self.start}&end={self.end}{subject}"


def quote_of(web: Web, words: str, subject: str = "", title: str = "", *, newest: bool = True) -> Quote:
    """Find words in the texts that the owner may see."""
    scope = {"subject": subject} if subject else {}
    with web.api() as client:
        for document in client.get("/v1/documents", params=scope).json()["documents"]:
            versions = document["versions"][::-1] if newest else document["versions"]
            for version in versions if title in document["title"] else ():
                text = client.get(f"/v1/versions/{version['id']}/text", params=scope).json()["text"]
                if words in text:
                    start = text.index(words)
                    return Quote(version["id"], start, start + len(words), subject)
    message = f"no text has: {words}"
    raise AssertionError(message)


def marked(page: Page) -> Any:
    return page.get_by_role("tabpanel").locator("mark[data-kind=quote]")


def in_sight(page: Page, selector: str) -> bool:
    """Say whether something is within what scrolls around it, and not only on the page."""
    script = """selector => {
      const one = document.querySelector(selector), place = one?.closest('[role=region]');
      if (!one || !place) return false;
      const [inner, outer] = [one.getBoundingClientRect(), place.getBoundingClientRect()];
      return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.height > 0;
    }"""
    return bool(page.evaluate(script, selector))


def test_a_quote_in_a_pdf_opens_its_page_with_boxes_over_the_words(web: Web) -> None:
    quote = quote_of(web, GUIDELINE)
    page = web.open(quote.path)
    expect(page.get_by_role("img", name="The quoted words")).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    expect(page.get_by_label("The quote", exact=True)).to_contain_text(GUIDELINE)
    with web.api() as client:
        place = client.get(f"/v1/versions/{quote.version}/locator", params={"start": quote.start, "end": quote.end})
    box = place.json()["boxes"][0]
    drawn = page.evaluate("""() => {
      const box = document.querySelector('[data-box]'), sheet = box.parentElement.querySelector('canvas');
      const [a, b] = [box.getBoundingClientRect(), sheet.getBoundingClientRect()];
      return [(a.left - b.left) / b.width * 595.3, (a.top - b.top) / b.height * 841.9];
    }""")
    assert abs(drawn[0] - (box["left"] - 1)) < 3, (drawn, box)
    assert abs(drawn[1] - (box["top"] - 1)) < 3, (drawn, box)
    shot(page, "sources-pdf-light")


def test_a_quote_in_a_law_is_marked_in_its_article(web: Web) -> None:
    page = web.open(quote_of(web, LAW).path)
    expect(marked(page)).to_have_text(LAW)
    expect(page.get_by_label("The quote", exact=True)).to_contain_text("Article")
    assert in_sight(page, "mark[data-kind=quote]")
    shot(page, "sources-law-light")


def test_a_quote_in_a_record_names_its_resource(web: Web) -> None:
    page = web.open(quote_of(web, "Penicillin", "lind-anna-1951", "Patient record").path)
    expect(marked(page)).to_have_text("Penicillin")
    expect(page.get_by_label("The quote", exact=True)).to_contain_text("AllergyIntolerance/")
    shot(page, "sources-fhir-light")


def test_a_quote_in_a_contract_in_word_is_marked_in_its_clause(web: Web) -> None:
    page = web.open(quote_of(web, INVOICE, "matter-orchid", "Laboratory Services Agreement").path)
    expect(marked(page)).to_have_text(INVOICE)
    shot(page, "sources-docx-light")


def test_markdown_and_mail_open_as_text(web: Web) -> None:
    for title in ("Memo", "Your services agreement"):
        page = web.open(quote_of(web, "agreement", "matter-orchid", title).path)
        expect(marked(page)).to_have_text("agreement")


def test_the_version_before_and_what_changed_are_one_step_away(web: Web) -> None:
    new = quote_of(web, LAW)
    page = web.open(new.path)
    expect(page.get_by_text("Version 2 of 2")).to_be_visible()
    page.get_by_role("tab", name="What changed").click()
    panel = page.get_by_role("tabpanel", name="What changed")
    expect(panel.locator("del").filter(has_text="ten")).to_be_visible()
    expect(panel.locator("ins").filter(has_text="six")).to_be_visible()
    shot(page, "sources-changes-light")
    panel.get_by_role("button", name="In one text View").click()
    page.get_by_role("option", name="Side by side").click()
    expect(panel.get_by_text("Before", exact=True).first).to_be_visible()
    shot(page, "sources-beside-light")
    panel.get_by_role("button", name="Show in the text").first.click()
    expect(marked(page)).to_contain_text("six")
    page.get_by_role("button", name="Previous version").click()
    expect(page.get_by_text("Version 1 of 2")).to_be_visible()
    expect(page.get_by_text("is not in force on")).to_be_visible()
    expect(page.get_by_role("button", name="Previous version")).to_be_disabled()


def test_a_pair_of_dates_shows_which_text_was_in_force(web: Web) -> None:
    old = quote_of(web, LAW, newest=False)
    page = web.open(f"{old.path}&as_of=2023-06-01")
    expect(page.get_by_text("Version 1 of 2")).to_be_visible()
    expect(page.get_by_text("is not in force on")).to_have_count(0)
    page.goto(f"{web.url}{old.path}&as_of=2025-06-01")
    expect(page.get_by_text("This text is not in force on Jun 1, 2025.")).to_be_visible()


def test_a_text_is_found_in_the_pages_and_in_the_text(web: Web) -> None:
    page = web.open(quote_of(web, GUIDELINE).path)
    page.get_by_role("searchbox", name="Find in the text").fill("mmHg")
    expect(page.get_by_role("status").filter(has_text="1 of")).to_be_visible()
    page.get_by_role("tab", name="Text").click()
    expect(page.locator("mark[data-kind=current]")).to_have_text("mmHg")
    page.get_by_role("searchbox", name="Find in the text").press("Enter")
    expect(page.get_by_role("status").filter(has_text="2 of")).to_be_visible()
    page.get_by_role("searchbox", name="Find in the text").fill("no such words")
    expect(page.get_by_text("Not found.")).to_be_visible()


def test_an_original_that_would_show_too_much_is_its_text_instead(web: Web) -> None:
    page = web.open(quote_of(web, "The patient was", "lind-anna-1951", "Discharge letter").path)
    expect(page.get_by_text("The original is not shown")).to_be_visible()
    expect(page.get_by_text("shows pictures")).to_be_visible()
    expect(marked(page)).to_have_text("The patient was")
    shot(page, "sources-withheld-light")


def test_redacted_words_are_not_in_the_page_and_the_mark_still_stands(web: Web) -> None:
    quote = quote_of(web, "The patient was", "lind-anna-1951", "Discharge letter")
    page = web.open("/ask")
    page.evaluate("sessionStorage.setItem('consilium.scope', JSON.stringify({purpose: 'research'}))")
    page.goto(web.url + quote.path)
    expect(marked(page)).to_have_text("The patient was")
    expect(page.get_by_text("keeps names back")).to_be_visible()
    assert "Anna Lind" not in page.content()


def test_what_is_not_there_or_not_in_scope_looks_the_same(web: Web) -> None:
    chart = quote_of(web, "Penicillin", "lind-anna-1951", "Patient record")
    for path in (f"/sources/{chart.version}?start=0&end=9", "/sources/v_none?start=0&end=9"):
        page = web.open(path)
        expect(page.get_by_text("This source cannot be shown")).to_be_visible()
        expect(page.get_by_text("Choose the patient or matter and open it again")).to_be_visible()
    web.member("lind-anna-1951", "dr-okafor")
    for person, heading in (("dr-okafor", "Patient record of Anna Lind"), ("dr-strange", "You may not do this")):
        page = web.open(chart.path, web.token(person, "professional"))
        expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_an_address_that_names_no_place_shows_the_text_from_its_beginning(web: Web) -> None:
    law = quote_of(web, LAW)
    page = web.open(f"/sources/{law.version}?start=5&end=99999999")
    expect(page.get_by_text("names no place of this text")).to_be_visible()
    page = web.open(f"/sources/{law.version}?start=x&end=-1")
    expect(page.get_by_text("Version 2 of 2")).to_be_visible()


def test_without_a_connection_what_is_shown_stays_and_the_rest_says_so(web: Web) -> None:
    page = web.open(quote_of(web, LAW).path)
    expect(marked(page)).to_have_text(LAW)
    page.context.set_offline(True)
    page.get_by_role("tab", name="What changed").click()
    expect(page.get_by_text("You are offline")).to_be_visible()
    page.context.set_offline(False)


def test_the_keyboard_alone_opens_a_section_and_what_changed(web: Web) -> None:
    page = web.open(quote_of(web, LAW).path)
    expect(marked(page)).to_have_text(LAW)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[role=listbox]') !== null"):
            break
    page.keyboard.press("Home")
    page.keyboard.press("End")
    last = focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-selected=true]").filter(has_text=last).first).to_be_visible()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "tab":
            break
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="What changed")).to_have_attribute("aria-selected", "true")


def test_no_view_of_a_source_breaks_wcag(web: Web) -> None:
    page = web.open(quote_of(web, GUIDELINE).path)
    expect(page.get_by_role("img", name="The quoted words")).to_be_visible()
    looks(page, "sources-pdf")
    page.get_by_role("tab", name="Text").click()
    page.get_by_role("searchbox", name="Find in the text").fill("mmHg")
    expect(page.locator("mark[data-kind=current]")).to_have_text("mmHg")
    looks(page, "sources-text")
    page.get_by_role("tab", name="What changed").click()
    page.locator("ins").first.wait_for()
    looks(page, "sources-changes")


def test_everything_of_a_source_fits_into_320_pixels(web: Web) -> None:
    for words, wait in ((GUIDELINE, "[data-box]"), (LAW, "mark[data-kind=quote]")):
        page = web.open(quote_of(web, words).path, width=320)
        page.locator(wait).first.wait_for()
        fits(page)
        axe(page)
        shot(page, f"sources-narrow-{len(words)}")


def test_the_whole_text_is_printed_with_the_quote_marked(web: Web) -> None:
    page = web.open(quote_of(web, LAW).path)
    expect(marked(page)).to_have_text(LAW)
    page.emulate_media(media="print")
    # Playwright calls what a bare expression gives, if that is a function: this one gives none
    page.evaluate("() => { window.print = () => { window.printed = document.querySelector('main').innerText } }")
    page.get_by_role("button", name="Print", include_hidden=True).dispatch_event("click")
    page.wait_for_function("() => window.printed")
    printed = page.evaluate("window.printed")
    for words in ("Article 1 Scope", LAW, "Article 9 Disclosure to family members"):
        assert words in printed
    assert "Find in the text" not in printed
