"""Feedback on a claim in two clicks, a reviewer's decision, and the case that it becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from app.bootstrap import Replacements, build
from app.evaluating import ProductUnderTest
from app.settings import load_settings
from evaluation.datasets.claims import read_claims
from evaluation.registry import SUITES
from evaluation.run import evaluate
from tests.e2e.web.people import Web, at_widths, axe, shot, tab_to
from tests.e2e.web.test_assistants import ASKED, made
from tests.fakes.embedder import FakeEmbedder

PATIENT = "lind-anna-1951"


def answered(web: Web, token: str, **scope: Any) -> dict[str, Any]:
    """Ask by the API as somebody."""
    with web.api(token) as client:
        body: dict[str, Any] = client.post("/v1/answers", json={"question": ASKED, **scope}).json()
    assert body["status"] == "answered", body
    return body


def tried(web: Web, page: Page, name: str) -> None:
    """Show an answer in a page."""
    page.goto(f"{web.url}/assistants/{made(web, name, publish=False)}")
    page.get_by_role("button", name=ASKED).click()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("button", name="Feedback on this statement").first).to_be_visible()


def test_two_clicks_say_that_a_claim_is_right_and_one_takes_it_back(web: Web, page: Page) -> None:
    tried(web, page, "two-clicks")
    page.get_by_role("button", name="Feedback on this statement").first.click()
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.get_by_text("You said: right.")).to_be_visible()
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_text("You said: right.")).to_have_count(0)
    with web.api() as client:
        assert client.get("/v1/feedback").json()["feedback"] == []


def test_a_better_quote_is_chosen_in_the_source_and_becomes_a_case_that_the_evaluation_reads(
    web: Web, page: Page, tmp_path: Path
) -> None:
    tried(web, page, "better-quote")
    page.get_by_role("button", name="Feedback on this statement").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Comment").fill("The next one says it better.")
    dialog.get_by_role("button", name="There is a better quote").click()
    choices = dialog.get_by_role("checkbox")
    expect(choices.first).to_be_visible()
    quoted = page.get_by_role("log", name="Answer").locator("blockquote").first.inner_text().splitlines()[0]
    dialog.locator("label").filter(has_text=quoted[:30]).first.click()
    axe(page)
    shot(page, "feedback-better-quote-light", whole=False)
    dialog.get_by_role("button", name="Send this quote").click()
    expect(page.get_by_text("You gave a better quote.")).to_be_visible()
    with web.api() as client:
        (given,) = client.get("/v1/feedback").json()["feedback"]
    assert given["verdict"] == "better_quote"
    # one more that is wrong, since the suite wants claims of both kinds
    answer = answered(web, web.owner)
    with web.api() as client:
        client.post("/v1/feedback", json={"answer_id": answer["id"], "claim": 0, "verdict": "wrong"})

    page.goto(f"{web.url}/feedback")
    queue = page.get_by_role("list", name="To be decided")
    queue.get_by_role("button").filter(has_text="Better quote").first.click()
    expect(page.get_by_text("The next one says it better.").first).to_be_visible()
    expect(page.get_by_role("heading", name="The better quote")).to_be_visible()
    axe(page)
    shot(page, "feedback-queue-light")
    page.get_by_label("Reason").fill("Checked in the Act.")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted. It is a case from now on.")).to_be_visible()
    queue.get_by_role("button").filter(has_text="Wrong").first.click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Nothing waits to be decided")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Write cases for grounding").click()
    file = tmp_path / "claims.jsonl"
    download.value.save_as(file)
    expect(page.get_by_text("2 cases written.")).to_be_visible()
    claims = read_claims(file)
    assert sorted(claim.label for claim in claims.values()) == ["supported", "unsupported"]
    settings = load_settings(home=tmp_path / "evaluated", index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as product:
        report = evaluate(SUITES["grounding"], file, ProductUnderTest(consilium=product))
    assert len(report.cases) == 2


def test_only_colleagues_who_may_read_it_see_what_was_said_and_stewards_see_how_much(web: Web) -> None:
    for person in ("mia-f", "tom-f"):
        web.member(PATIENT, person)
    mia, tom = (web.token(person, "professional") for person in ("mia-f", "tom-f"))
    with web.api(mia) as client:
        answer = client.post(
            "/v1/answers", json={"question": "Is the patient allergic to penicillin?", "subjects": [PATIENT]}
        ).json()
        body = {"answer_id": answer["id"], "claim": 0, "verdict": "wrong", "comment": "zqcomment"}
        assert client.post("/v1/feedback", json=body).status_code == 201
    page = web.open("/feedback", token=tom)
    expect(page.get_by_text("zqcomment")).to_be_visible()
    expect(page.get_by_text("Is the patient allergic to penicillin?")).to_be_visible()
    stranger = web.open("/feedback", token=web.token("eve-f", "professional"))
    expect(stranger.get_by_text("Nothing waits to be decided")).to_be_visible()
    steward = web.open("/feedback", token=web.token("sam-f", "steward"))
    expect(steward.get_by_role("heading", name="Waiting, without content")).to_be_visible()
    expect(steward.get_by_role("heading", name="How much there is")).to_be_visible()
    assert "zqcomment" not in steward.content()
    assert PATIENT not in steward.content()
    expect(steward.get_by_role("button", name="Accept")).to_have_count(0)
    axe(steward)
    shot(steward, "feedback-steward-light")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Rejected.")).to_be_visible()


def test_the_keyboard_alone_gives_feedback_and_decides(web: Web, page: Page) -> None:
    tried(web, page, "by-keyboard")

    page.get_by_role("button", name="Try it").focus()
    tab_to(page, "Feedback on this statement")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "Wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said: wrong.")).to_be_visible()
    page.goto(f"{web.url}/feedback")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    tab_to(page, "Accept")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Accepted. It is a case from now on.")).to_be_visible()


def test_the_page_of_feedback_breaks_no_wcag_and_does_not_scroll_sideways(web: Web) -> None:
    answer = answered(web, web.owner)
    with web.api() as client:
        client.post("/v1/feedback", json={"answer_id": answer["id"], "claim": 0, "verdict": "wrong", "comment": "No."})
    page = web.open("/feedback")
    page.get_by_role("button", name="Accept").wait_for()
    at_widths(page, "feedback")
