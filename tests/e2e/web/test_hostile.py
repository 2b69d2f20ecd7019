"""Hostile texts through everything that is shown: nothing runs, nothing is asked of anybody, no link leads away.

What each window did is watched as in every journey (``conftest.py``): a request to another origin, an error and a
broken policy fail the test. ``CONSILIUM_EVERY=1`` asks all of them as questions too, instead of every twentieth.
"""

from __future__ import annotations

import html
import json
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.e2e.web.payloads import HOST, payloads
from tests.e2e.web.people import Web

# One process makes the store of these tests, not each.
pytestmark = pytest.mark.xdist_group("hostile")
SUBJECT: Final = "hostile-1990"
EVERY: Final = int(os.environ.get("CONSILIUM_EVERY", "20"))
NAME: Final = "<img src=x onerror=hostile=400>\u202etxt.md"
_LOOK: Final = """() => ({
  ran: window.hostile ?? null,
  away: [...document.querySelectorAll('a[href], area[href], form[action], [src], [srcset], [ping], object[data]')]
    .map(one => one.href || one.action || one.src || one.srcset || one.data)
    .filter(one => typeof one === 'string' && one !== '' && new URL(one, location.href).origin !== location.origin
      && !one.startsWith('blob:') && !one.startsWith('data:image/')),
  planted: document.querySelectorAll('iframe, object, embed, base, meta[http-equiv=refresh], marquee, xss').length,
})"""
_TABS: Final = ("Documents", "Chronology", "Deadlines", "Clauses")


def sentences() -> list[str]:
    """Return a sentence around each payload."""
    return [f"The marker zq{number} reads {text} in this note." for number, text in enumerate(payloads())]


def looked(page: Page) -> None:
    """Assert that no script ran in a page, and that nothing in it leads away."""
    assert page.evaluate(_LOOK) == {"ran": None, "away": [], "planted": 0}


def watched(page: Page) -> Page:
    """Return the page with every dialog being a fault of it."""

    def opened(dialog: Dialog) -> None:
        dialog.dismiss()
        page.evaluate("() => { window.hostile = 'a dialog' }")

    page.on("dialog", opened)
    return page


@pytest.fixture(scope="module")
def shelf(served_samples: tuple[str, Any]) -> dict[str, Any]:
    """Put the payloads into the served store in every way that documents come; return the versions by name."""
    from app.identity.owner import read_owner_token  # noqa: PLC0415 - beside its only use

    url, home = served_samples
    headers = {"Authorization": f"Bearer {read_owner_token(home)}"}
    markdown = "# Notes <script>hostile=401</script>\n\n" + "\n\n".join(sentences())
    page = "".join(f"<p>{html.escape(text)}</p>\n{raw}\n" for text, raw in zip(sentences(), payloads(), strict=True))
    files = {
        NAME: markdown,
        "raw.html": f"<html><head><title>{html.escape(payloads()[0])}</title></head><body>{page}</body></html>",
        "chart.json": json.dumps(_bundle()),
    }
    versions = {}
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
        for name, text in files.items():
            options = json.dumps({"subject": SUBJECT, "collection": "hostile <b>b</b>"})
            reply = client.post("/v1/documents", files={"file": (name, text.encode())}, data={"options": options})
            assert reply.status_code == 201, reply.text
            versions[name] = reply.json()["files"][0]
    return versions


def _printable(text: str) -> str:
    return "".join(c for c in text if c >= " ") or "x"


def _bundle() -> dict[str, Any]:
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": SUBJECT,
        "name": [{"family": payloads()[1], "given": [payloads()[5]]}],
    }
    conditions: list[dict[str, Any]] = [
        {
            "resourceType": "Condition",
            "id": f"c{number}",
            "subject": {"reference": f"Patient/{SUBJECT}"},
            "code": {"text": _printable(text)},
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "onsetDateTime": "2024-01-02",
        }
        for number, text in enumerate(payloads())
    ]
    entries = [{"fullUrl": f"urn:x:{one['id']}", "resource": one} for one in (patient, *conditions)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_a_frame_and_a_link_that_leads_away_are_seen(web: Web) -> None:
    page = web.open("/ask")
    looked(page)
    for planted in ("<iframe></iframe>", f"<a href=https://{HOST}/1>more</a>"):
        page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", planted)
        with pytest.raises(AssertionError):
            looked(page)
        page.evaluate("() => document.body.lastElementChild.remove()")


def test_sources_charts_matters_and_lists_show_hostile_texts_as_text(web: Web, shelf: dict[str, Any]) -> None:
    page = watched(web.open("/"))
    for name in shelf:
        version, document = shelf[name]["version_id"], shelf[name]["document_id"]
        page.goto(f"{web.url}/sources/{version}?start=0&end=20&subject={SUBJECT}")
        page.get_by_role("heading", level=1).wait_for()
        expect(page.get_by_text("zq0").or_(page.get_by_text("Condition").first).first).to_be_visible()
        looked(page)
        page.goto(f"{web.url}/documents/{document}?subject={SUBJECT}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        looked(page)
    for path in ("charts", "matters", f"charts/{SUBJECT}", f"matters/{SUBJECT}"):
        page.goto(f"{web.url}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        looked(page)
        for name in _TABS:
            if (tab := page.get_by_role("tab", name=name)).count():
                tab.first.click()
                page.wait_for_load_state("networkidle")
                looked(page)
    page.goto(f"{web.url}/documents")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    looked(page)


def test_a_hostile_draft_is_marked_sentence_by_sentence(web: Web, shelf: dict[str, Any]) -> None:
    assert shelf
    page = watched(web.open("/check"))
    page.get_by_role("textbox", name="Text to check").fill("\n".join(sentences())[:30_000])
    page.get_by_role("button", name="Check the draft").click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=120_000)
    looked(page)


def test_hostile_questions_come_back_from_the_history_as_text(web: Web, shelf: dict[str, Any]) -> None:
    assert shelf
    asked = payloads()[::EVERY]
    with web.api() as client:
        begun = client.post("/v1/conversations", json={"subjects": [SUBJECT]}).json()
        for text in asked:
            reply = client.post(f"/v1/conversations/{begun['id']}/messages", json={"question": f"zq {text} note"})
            assert reply.status_code == 200, reply.text
    page = watched(web.open("/ask"))
    page.evaluate("id => sessionStorage.setItem('consilium.conversation', id)", begun["id"])
    page.reload()
    expect(page.get_by_role("article")).to_have_count(len(asked), timeout=60_000)
    looked(page)


def test_whatever_a_model_or_server_says_is_shown_as_text(web: Web) -> None:
    def said(route: Route) -> None:
        route.fulfill(status=200, content_type="text/event-stream", body="".join(_events(payloads())))

    page = watched(web.open("/ask"))
    page.route("**/v1/conversations/*/messages", said)
    page.get_by_role("textbox", name="Question").fill("What does it say?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("listitem").filter(has_text="Supported").first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Copy with sources")).to_be_visible(timeout=60_000)
    assert page.locator("[data-claim]").count() == len(payloads())
    looked(page)


def _events(texts: Sequence[str]) -> Iterator[str]:
    claims = [_claim(text) for text in texts]
    for claim in claims:
        yield f"event: claim\ndata: {json.dumps(claim)}\n\n"
    policies = [{"policy": text, "decision": text, "reason": text} for text in texts[:40]]
    answer = {
        "id": f"a_{HOST}", "status": "answered", "as_of": "2026-01-01", "claims": claims, "evidence": [],
        "policies": policies, "redactions": dict.fromkeys(texts[:40], 1), "model": texts[0],
        "timings_ms": {"total": 1.0},
    }  # fmt: skip
    yield f"event: answer\ndata: {json.dumps(answer)}\n\n"


def _claim(text: str) -> dict[str, Any]:
    quote = {
        "document_id": "d_x", "version_id": text, "passage_id": text, "title": text, "section": [text],
        "locator": {"citation": text, "resource": text}, "in_force": {"from": None, "to": None},
        "start": 0, "end": 3, "text": text,
    }  # fmt: skip
    return {
        "text": text, "verdict": "supported", "score": 1.0, "reason": text, "checker": text, "quotes": [quote]
    }  # fmt: skip


def test_names_of_assistants_and_what_feedback_says_are_shown_as_text(web: Web) -> None:
    design = {"title": payloads()[0], "description": payloads()[12], "instructions": payloads()[3]}
    starters = [text.replace("\n", " ").strip()[:300] for text in payloads()[20:26]]
    with web.api() as client:
        made = client.post(
            "/v1/assistant-designs", json={"name": "hostile", "design": {**design, "starters": starters}}
        )
        assert made.status_code == 201, made.text
    page = watched(web.open("/assistants"))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("window.hostile=0").first).to_be_visible()
    looked(page)


def test_what_feedback_says_is_shown_to_its_reviewer_as_text(web: Web, shelf: dict[str, Any]) -> None:
    assert shelf
    given = []
    with web.api() as client:
        for comment in _comments():
            answer = client.post("/v1/answers", json={"question": "What does zq1 read?", "subjects": [SUBJECT]}).json()
            body = {"answer_id": answer["id"], "verdict": "wrong", "comment": comment}
            given.append(client.post("/v1/feedback", json=body).json()["id"])
    try:
        page = watched(web.open("/feedback"))
        for end in ("zq0", f"zq{len(payloads()) - 1}"):
            expect(page.get_by_text(f"{end} reads").first).to_be_visible()
        looked(page)
    finally:
        with web.api() as client:
            for one in given:
                assert client.delete(f"/v1/feedback/{one}").status_code == 204


def _comments() -> Iterator[str]:
    """Yield all sentences, in texts that are no longer than a comment may be."""
    text = ""
    for one in sentences():
        if len(text) + len(one) >= 4_000:
            yield text
            text = ""
        text += one + "\n"
    yield text


def test_a_report_shows_hostile_records_as_text(web: Web, shelf: dict[str, Any]) -> None:
    assert shelf
    order = {"template": "pre-visit-summary", "cohort": {"ids": [SUBJECT]}, "as_of": "2026-03-01", "formats": ["html"]}
    with web.api() as client:
        report = client.post("/v1/reports", json=order).json()["id"]
        until = time.monotonic() + 60
        while client.get(f"/v1/reports/{report}").json()["state"] != "done":
            assert time.monotonic() < until
            time.sleep(0.2)
        (item,) = client.get(f"/v1/reports/{report}/items").json()["items"]
        made = client.get(f"/v1/reports/{report}/items/{item['number']}", params={"format": "html"})
        assert made.status_code == 200, (item, made.text)
    shown = [text for text in map(_printable, payloads()) if html.escape(text, quote=False) in made.text]
    assert len(shown) >= 20  # the template lists twenty problems, beside the name
    page = watched(web.window())
    # without the content policy under which it is served: the text itself must be harmless
    page.route("**/harmless", lambda route: route.fulfill(status=200, content_type="text/html", body=made.text))
    page.goto(f"{web.url}/harmless")
    looked(page)
