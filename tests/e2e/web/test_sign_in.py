"""Coming in, going out, and what stands around every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, axe, fits, focused, in_theme, looks


def test_a_stranger_is_asked_to_sign_in_and_comes_to_where_they_wanted(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/ask")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Token or key").fill(web.owner)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask")
    assert page.url == f"{web.url}/ask"


def test_a_wrong_token_is_refused_with_the_reason_and_the_code(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/sign-in")
    page.get_by_label("Token or key").fill("cso_wrong")
    page.get_by_role("button", name="Sign in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("access.identity_required")
    expect(alert).to_contain_text("it is not the token of the owner of this machine")
    assert page.evaluate("sessionStorage.getItem('consilium.credential')") is None


def test_a_token_in_the_fragment_signs_in_and_is_seen_no_more(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/#token={web.owner}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask")
    assert "token" not in page.url
    assert page.evaluate("localStorage.length") == 0
    assert web.owner not in page.content()


def test_somebody_signs_in_with_the_issuer_and_its_code_goes_through_our_server(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/ask")
    page.get_by_role("button", name="Go to the sign-in page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask")
    expect(page.get_by_role("banner")).to_contain_text("dr-okafor")
    assert web.issuer.forms[-1]["grant_type"] == "authorization_code"
    assert "code=" not in page.url


def test_an_answer_of_the_issuer_that_this_tab_did_not_ask_for_is_not_taken(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/signed-in?code=stolen&state=invented")
    expect(page.get_by_role("alert")).to_contain_text("not begun in this tab")
    assert page.evaluate("sessionStorage.getItem('consilium.credential')") is None


def test_signing_out_forgets_everything_in_the_tab(page: Page) -> None:
    page.get_by_role("button", name="Appearance, language and sign-out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Ask"), ("de-AT", "Fragen"), ("zh-CN", "提问"), ("fr", "Ask")]
)
def test_the_client_speaks_the_language_of_the_browser_where_it_can(web: Web, language: str, heading: str) -> None:
    page = web.open("/ask", language=language)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert page.evaluate("document.documentElement.lang") == {"de-AT": "de", "zh-CN": "zh"}.get(language, "en")


def test_a_language_that_is_chosen_stays(page: Page) -> None:
    page.get_by_role("button", name="Appearance, language and sign-out").click()
    page.get_by_role("button", name="English Language").click()
    page.get_by_role("option", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1, include_hidden=True)).to_have_text("Fragen")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fragen")


def test_the_keyboard_alone_skips_to_the_content_and_goes_to_a_page(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "Skip to the content":
            break
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", ["/sign-in", "/ask", "/ask/nowhere-at-all"])
def test_no_page_around_the_others_breaks_wcag(web: Web, path: str) -> None:
    page = web.window() if path == "/sign-in" else web.open(path)
    page.goto(web.url + path) if path == "/sign-in" else None
    page.get_by_role("heading", level=1).wait_for()
    looks(page, f"web{path.replace('/', '-')}")


def test_everything_fits_into_320_pixels(web: Web) -> None:
    page = web.window(width=320)
    page.goto(f"{web.url}/sign-in")
    page.get_by_role("heading", level=1).wait_for()
    fits(page)
    in_theme(page, "dark")
    axe(page)
    page = web.open("/ask", width=320)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Ask")).to_be_visible()
    fits(page)
    axe(page)


def test_the_api_page_comes_from_this_server_alone(web: Web) -> None:
    page = web.window()
    page.goto(f"{web.url}/docs")
    expect(page.get_by_role("heading", name="Consilium").first).to_be_visible()
    expect(page.get_by_text("/v1/answers", exact=True).first).to_be_visible()
