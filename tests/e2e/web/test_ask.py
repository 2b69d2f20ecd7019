"""Asking: from a question to the exact words, refusals, emergencies, and the keyboard alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.people import COLOURED, Web, axe, fits, in_theme, shot

LAW = "How many years may the controller keep a health record after the last treatment?"
ALLERGY = "Is the patient allergic to penicillin?"
INVOICE = "Within how many days must an invoice be paid?"
NOTHING = "What is the starting dose of insulin glargine?"


def type_subject(page: Page, subject: str) -> None:
    field = page.get_by_role("combobox", name="Patient or matter")
    field.click()
    field.fill(subject)
    field.press("Tab")


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name=re.compile("question", re.IGNORECASE)).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def answered(page: Page, turn: int = 0) -> None:
    expect(page.get_by_role("article").nth(turn).get_by_text("Written by a machine")).to_be_visible(timeout=30_000)


def test_an_answer_comes_with_its_verdict_and_quotes_that_lead_into_the_source(web: Web) -> None:
    page = web.open("/ask")
    type_subject(page, "lind-anna-1951")
    ask(page, ALLERGY)
    answered(page)
    article = page.get_by_role("article")
    expect(article.get_by_role("heading", level=2)).to_have_text(ALLERGY)
    expect(article.get_by_text("Supported").first).to_be_visible()
    expect(article.locator("blockquote").first).to_contain_text(re.compile("penicillin", re.IGNORECASE))
    link = article.get_by_role("link", name=re.compile("Open quote 1")).first
    assert re.fullmatch(r"/sources/[^?]+\?start=\d+&end=\d+&subject=lind-anna-1951", str(link.get_attribute("href"))), (
        link.get_attribute("href")
    )
    shot(page, "ask-answer-light")
    axe(page)
    in_theme(page, "dark")
    expect(article.get_by_role("heading", level=2)).to_have_text(ALLERGY)  # the conversation comes back
    axe(page, COLOURED)
    shot(page, "ask-answer-dark")


def test_claims_are_shown_as_they_come_before_the_answer_is_whole(web: Web) -> None:
    """The network is held up after the first claim, as a slow model would."""
    page = web.window()
    claim = {
        "text": "First.", "verdict": "supported", "score": 1.0, "reason": "", "checker": "c", "quotes": [],
    }  # fmt: skip
    page.add_init_script(
        """(() => {
          const real = window.fetch;
          window.fetch = async (input, init) => {
            if (!String(input?.url ?? input).includes('/messages') || init?.method !== 'POST') return real(input, init);
            const stream = new ReadableStream({
              start(controller) {
                controller.enqueue(new TextEncoder().encode('event: claim\\ndata: ' + CLAIM + '\\n\\n'));
                init.signal.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError')));
              },
            });
            return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
          };
        })()""".replace("CLAIM", json.dumps(json.dumps(claim)))
    )
    page.goto(f"{web.url}/ask#token={web.owner}")
    page.get_by_role("heading", level=1).wait_for()
    ask(page, LAW)
    article = page.get_by_role("article")
    expect(article.get_by_text("First.")).to_be_visible()
    expect(article.get_by_text("Checking the next statement")).to_be_visible()
    shot(page, "ask-streaming")
    page.get_by_role("button", name="Stop").click()
    expect(article.get_by_text("What is shown is not the whole answer")).to_be_visible()
    expect(article.get_by_text("First.")).to_be_visible()
    axe(page)


def test_the_law_as_it_stood_on_two_days_gives_two_answers(web: Web) -> None:
    page = web.open("/ask")
    for turn, day in enumerate(("2023-06-01", "2025-06-01")):
        page.get_by_label("As it stood on").fill(day)
        ask(page, LAW)
        answered(page, turn)
    first, second = (page.get_by_role("article").nth(turn).get_by_role("list").first for turn in (0, 1))
    assert first.inner_text() != second.inner_text()
    expect(page.get_by_role("article").nth(0)).to_contain_text("as of Jun 1, 2023")
    expect(page.get_by_role("article").nth(1)).to_contain_text("as of Jun 1, 2025")
    shot(page, "ask-as-of-pair")


def test_a_refusal_says_what_would_help_and_a_help_can_be_taken_at_once(web: Web) -> None:
    page = web.open("/ask")
    type_subject(page, "lind-anna-1951")
    page.get_by_role("button", name=re.compile("Collections")).click()
    page.get_by_role("checkbox", name="patients").check()
    page.keyboard.press("Escape")
    ask(page, NOTHING)
    answered(page)
    refusal = page.get_by_role("region", name="No answer is given")
    expect(refusal).to_contain_text("What would help")
    expect(refusal).to_contain_text("Ask about one thing at a time.")
    shot(page, "ask-refusal")
    axe(page)
    refusal.get_by_role("button", name="Ask again in all collections").click()
    expect(page.get_by_role("article")).to_have_count(2)
    answered(page, 1)
    expect(page.get_by_role("button", name=re.compile("Collections"))).to_contain_text("All collections")


def test_what_was_redacted_for_a_purpose_is_counted_and_named(web: Web) -> None:
    page = web.open("/ask")
    type_subject(page, "lind-anna-1951")
    page.get_by_role("button", name=re.compile("Purpose")).click()
    page.get_by_role("option", name="Research").click()
    ask(page, "When is the follow-up chest X-ray of Anna Lind due?")
    answered(page)
    acted = page.get_by_role("list", name="What changed this answer")
    expect(acted).to_contain_text("redacted for this purpose")
    expect(acted).to_contain_text(re.compile(r"names \(\d+\)|dates \(\d+\)"))
    shot(page, "ask-redacted")


def test_a_follow_up_goes_on_with_the_question_before(web: Web) -> None:
    page = web.open("/ask")
    type_subject(page, "matter-orchid")
    ask(page, INVOICE)
    answered(page)
    ask(page, "And when was this changed?")
    answered(page, 1)
    with web.api() as client:
        newest = client.get("/v1/conversations", params={"limit": 1}).json()["conversations"][0]
        messages = client.get(f"/v1/conversations/{newest['id']}/messages").json()["messages"]
    assert [one["question"] for one in messages] == [INVOICE, "And when was this changed?"]


def test_a_professional_opens_a_patient_in_an_emergency_and_every_answer_says_so(web: Web) -> None:
    token = web.token("dr-emergency", "professional")
    page = web.open("/ask", token)
    type_subject(page, "lind-anna-1987")
    ask(page, ALLERGY)
    alert = page.get_by_role("article").get_by_role("alert")
    expect(alert).to_contain_text("access.denied")
    shot(page, "ask-denied")
    alert.get_by_role("button", name="Open in an emergency").click()
    dialog = page.get_by_role("dialog", name="Open in an emergency")
    expect(dialog.get_by_role("button", name="Open and ask again")).to_be_disabled()
    dialog.get_by_label("Reason").fill("Unconscious in the emergency room.")
    axe(page)
    shot(page, "ask-break-glass", whole=False)
    dialog.get_by_role("button", name="Open and ask again").click()
    answered(page, 1)
    second = page.get_by_role("article").nth(1)
    expect(second).to_contain_text("Opened in an emergency")
    expect(second).to_contain_text("a reviewer will look at it")
    shot(page, "ask-break-glass-banner")
    axe(page)


def test_a_reader_is_not_offered_what_only_professionals_may(web: Web) -> None:
    page = web.open("/ask", web.token("a-reader", "reader"))
    type_subject(page, "lind-anna-1987")
    ask(page, ALLERGY)
    alert = page.get_by_role("article").get_by_role("alert")
    expect(alert).to_contain_text("access.denied")
    expect(alert.get_by_role("button", name="Open in an emergency")).to_have_count(0)


def test_members_find_their_patients_by_a_part_of_the_name_and_see_no_others(web: Web) -> None:
    web.member("lind-anna-1951", "dr-member")
    page = web.open("/ask", web.token("dr-member", "professional"))
    page.get_by_role("combobox", name="Patient or matter").click()
    expect(page.get_by_role("option")).to_have_text(["Anna Lindlind-anna-1951"])
    page.get_by_role("combobox", name="Patient or matter").fill("Lind, ANNA")
    expect(page.get_by_role("option")).to_have_text(["Anna Lindlind-anna-1951"])
    page.get_by_role("combobox", name="Patient or matter").fill("nobody")
    expect(page.get_by_text("None by that name is open to you")).to_be_visible()
    page.get_by_role("combobox", name="Patient or matter").fill("anna")
    page.get_by_role("option", name="Anna Lind").click()
    expect(page.get_by_role("combobox", name="Patient or matter")).to_have_value("lind-anna-1951")
    expect(page.get_by_role("combobox", name="Patient or matter")).to_have_accessible_description("Anna Lind")
    # while its list is open, nothing else is there for a screen reader
    expect(page.get_by_role("textbox", name="Question")).to_be_visible()
    page.get_by_role("combobox", name="Patient or matter").fill("anna")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Question")).to_be_visible()
    expect(page.get_by_role("combobox", name="Patient or matter")).to_have_value("lind-anna-1951")


def test_a_name_that_is_typed_whole_stands_for_its_only_patient(web: Web) -> None:
    web.member("lindt-anna-1951", "dr-writer")
    page = web.open("/ask", web.token("dr-writer", "professional"))
    field = page.get_by_role("combobox", name="Patient or matter")
    field.fill("anna lindt")
    expect(page.get_by_role("option")).to_have_text(["Anna Lindtlindt-anna-1951"])
    field.press("Enter")
    expect(field).to_have_value("lindt-anna-1951")
    page.get_by_role("button", name="Purpose").click()
    page.get_by_role("option", name="Research").click()
    expect(field).not_to_have_accessible_description("Anna Lindt")


def test_an_answer_is_copied_and_exported_with_its_sources(web: Web) -> None:
    page = web.open("/ask", permissions=("clipboard-read", "clipboard-write"))
    type_subject(page, "matter-orchid")
    ask(page, INVOICE)
    answered(page)
    page.get_by_role("button", name="Copy with sources").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"Question: {INVOICE}\n")
    assert "[1] “" in copied
    assert "Written by a machine" in copied
    for name, ending in (("As text", "txt"), ("As Markdown", "md"), ("As JSON", "json")):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as caught:
            page.get_by_role("menuitem", name=name).click()
        assert caught.value.suggested_filename.endswith(f".{ending}")
        text = Path(caught.value.path()).read_text(encoding="utf-8")
        assert INVOICE[:10] in text
        if ending == "json":
            assert json.loads(text)["ai_generated"] is True


def test_a_conversation_is_found_again_and_removed(web: Web) -> None:
    page = web.open("/ask", web.token("dr-history", "professional"))
    ask(page, LAW)
    answered(page)
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_role("button", name="History").click()
    dialog = page.get_by_role("dialog", name="History")
    expect(dialog.get_by_text(LAW)).to_be_visible()
    axe(page)
    shot(page, "ask-history", whole=False)
    dialog.get_by_role("button", name="Open").click()
    expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text(LAW)
    page.get_by_role("button", name="History").click()
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Really delete").click()
    expect(dialog.get_by_text("No conversations yet")).to_be_visible()


def test_the_keyboard_alone_asks_moves_over_quotes_and_opens_one(web: Web) -> None:
    page = web.open("/ask")
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    page.keyboard.type(LAW)
    page.keyboard.press("Control+Enter")
    answered(page)
    expect(page.get_by_role("textbox", name="Next question")).to_be_focused()
    page.keyboard.type("?12")  # typed, not obeyed
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("1")
    first = page.get_by_role("link", name=re.compile("Open quote 1")).first
    expect(first).to_be_focused()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    axe(page)
    shot(page, "ask-keys", whole=False)
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sources/"))
    page.go_back()
    expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text(LAW)


def test_single_keys_can_be_turned_off(web: Web) -> None:
    page = web.open("/ask")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_server_that_cannot_be_reached_is_said_with_a_way_to_try_again(web: Web) -> None:
    page = web.open("/ask")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline")).to_be_visible()
    ask(page, LAW)
    alert = page.get_by_role("article").get_by_role("alert")
    expect(alert).to_contain_text("The server cannot be reached")
    shot(page, "ask-offline")
    page.context.set_offline(False)
    alert.get_by_role("button", name="Try again").click()
    answered(page)
    web.faults[:] = [one for one in web.faults if "ERR_INTERNET_DISCONNECTED" not in one]


@pytest.mark.parametrize("width", [400, 320])
def test_everything_fits_a_narrow_window(web: Web, width: int) -> None:
    page = web.open("/ask", width=width)
    type_subject(page, "lind-anna-1951")
    ask(page, ALLERGY)
    answered(page)
    fits(page)
    axe(page)
    shot(page, f"ask-{width}")


@pytest.mark.parametrize("language", ["de", "zh"])
def test_the_page_speaks_other_languages_whole(web: Web, language: str) -> None:
    page = web.open("/ask", language=language)
    shot(page, f"ask-{language}")
    text = page.locator("body").inner_text()
    assert "Ask" not in text
    assert not re.search(r"\bask\.\w", text)
    axe(page)
