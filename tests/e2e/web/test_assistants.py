"""An assistant is made without code, tried, published, used as a model by OpenAI's client, carried and restored."""

from __future__ import annotations

import json
from pathlib import Path

import openai
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.people import Web, at_widths, axe, shot, tab_to

ASKED = "How long may the controller keep a health record?"


def made(web: Web, name: str, *, publish: bool = True, **design: object) -> str:
    """Make an assistant by the API and return its id."""
    body = {"name": name, "design": {"title": name.title(), "collections": ["law"], "starters": [ASKED], **design}}
    with web.api() as client:
        reply = client.post("/v1/assistant-designs", json=body)
        assert reply.status_code == 201, reply.text
        key = str(reply.json()["id"])
        if publish:
            assert client.put(f"/v1/assistant-designs/{key}/publication", json={"version": 1}).status_code == 200
    return key


def test_an_assistant_is_made_tried_and_published_and_openais_client_asks_it(web: Web, page: Page) -> None:
    page.goto(f"{web.url}/assistants")
    page.get_by_role("link", name="New assistant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New assistant")
    page.get_by_role("button", name="Make version 1").click()
    expect(page.get_by_role("alert")).to_have_text("2 fields are not right yet.")
    page.get_by_label("Title").fill("Data protection desk")
    expect(page.get_by_label("Name", exact=True)).to_have_value("data-protection-desk")
    page.get_by_label("Description").fill("Questions on the Data Act, from the law alone.")
    page.get_by_label("Instructions").fill("Answer in one sentence.")
    expect(page.get_by_text("This server drafts without a language model.")).to_be_visible()
    page.get_by_label("Questions to begin with").fill(ASKED)
    page.get_by_label("Collections").fill("law")
    axe(page)
    shot(page, "assistants-new-light")
    page.get_by_role("button", name="Make version 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data protection desk")

    page.get_by_role("button", name=ASKED).click()
    page.get_by_role("button", name="Try it").click()
    log = page.get_by_role("log", name="Answer")
    expect(log).to_contain_text("Supported")
    expect(log.get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_text("Not published").first).to_be_visible()
    shot(page, "assistants-edit-light")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Version 1: in the client, as a model")).to_be_visible()

    with openai.OpenAI(base_url=f"{web.url}/v1", api_key=web.owner, max_retries=0) as client:
        assert "consilium/assistant/data-protection-desk" in [one.id for one in client.models.list()]
        found = client.chat.completions.create(
            model="consilium/assistant/data-protection-desk", messages=[{"role": "user", "content": ASKED}]
        )
        assert found.choices[0].message.content is not None
        assert "[1]" in found.choices[0].message.content
        assert found.model_dump()["consilium"]["assistant"]["name"] == "data-protection-desk"

    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Not published").first).to_be_visible()
    with (
        openai.OpenAI(base_url=f"{web.url}/v1", api_key=web.owner, max_retries=0) as client,
        pytest.raises(openai.NotFoundError),
    ):
        client.chat.completions.create(
            model="consilium/assistant/data-protection-desk", messages=[{"role": "user", "content": ASKED}]
        )


def test_a_version_is_saved_compared_and_restored_and_nobody_overwrites_what_they_have_not_seen(
    web: Web, page: Page
) -> None:
    key = made(web, "history-desk")
    page.goto(f"{web.url}/assistants/{key}")
    page.get_by_label("Description").fill("Said anew.")
    page.get_by_role("button", name="Save as version 2").click()
    history = page.get_by_role("list").filter(has_text="The first version.")
    expect(history).to_contain_text("Changed: Description")
    page.get_by_role("button", name="Restore version 1").click()
    expect(history).to_contain_text("Says again what version 1 said.")
    expect(page.get_by_label("Description")).to_have_value("")
    with web.api() as client:
        design = client.get(f"/v1/assistant-designs/{key}").json()["latest"]["design"]
        client.put(f"/v1/assistant-designs/{key}", json={"base": 3, "design": design | {"title": "Another's"}})
    page.get_by_label("Description").fill("Late.")
    page.get_by_role("button", name="Save as version 4").click()
    expect(page.get_by_role("alert")).to_contain_text("request.conflict")


def test_an_assistant_leaves_as_a_file_and_comes_in_again(web: Web, page: Page, tmp_path: Path) -> None:
    key = made(web, "carried-desk", publish=False)
    page.goto(f"{web.url}/assistants/{key}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export version 1").click()
    file = tmp_path / "carried.json"
    download.value.save_as(file)
    assert download.value.suggested_filename == "carried-desk.assistant.json"
    body = json.loads(file.read_text(encoding="utf-8"))
    assert body["format"] == "consilium-assistant/1"
    file.write_text(json.dumps(body | {"name": "taken-in-desk"}), encoding="utf-8")
    page.goto(f"{web.url}/assistants")
    page.get_by_label("File of an assistant").set_input_files(file)
    page.wait_for_url("**/assistants/as_*")
    expect(page.get_by_label("Name", exact=True)).to_have_value("taken-in-desk")
    file.write_text("{}", encoding="utf-8")
    page.goto(f"{web.url}/assistants")
    page.get_by_label("File of an assistant").set_input_files(file)
    expect(page.get_by_role("alert")).to_have_text("This is no file of an assistant that this version reads.")
    file.write_text(json.dumps(body | {"colour": "red"}), encoding="utf-8")
    page.get_by_label("File of an assistant").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("request.invalid")


def test_who_is_meant_finds_it_and_a_starter_question_leads_to_the_question_without_words_in_the_address(
    web: Web,
) -> None:
    key = made(web, "readers-desk", roles=["reader"], description="For readers.")
    page = web.open("/assistants", token=web.token("rea", "reader"))
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Readers-Desk"))
    expect(card).to_contain_text("For readers.")
    expect(page.get_by_role("heading", name="All assistants")).to_have_count(0)
    card.get_by_role("link", name=ASKED).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask")
    assert page.url == f"{web.url}/ask?assistant={key}&starter=0"
    other = web.open("/assistants", token=web.token("pro", "professional"))
    expect(other.get_by_role("heading", level=1)).to_have_text("Assistants")
    expect(other.get_by_role("heading", name="Readers-Desk")).to_have_count(0)


def test_a_steward_keeps_assistants_and_is_told_why_they_cannot_try_one(web: Web) -> None:
    key = made(web, "steward-desk", publish=False)
    page = web.open(f"/assistants/{key}", token=web.token("sam", "steward"))
    expect(page.get_by_text("Trying asks a question with your own rights")).to_be_visible()
    expect(page.get_by_role("button", name="Try it")).to_have_count(0)
    page.get_by_role("button", name="Retire").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assistants")
    expect(page.get_by_role("link", name="Steward-Desk")).to_have_count(0)


def test_the_keyboard_alone_makes_an_assistant(web: Web, page: Page) -> None:
    page.goto(f"{web.url}/assistants/new")
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    tab_to(page, "Title")
    page.keyboard.type("Keyboard desk")
    tab_to(page, "Make version 1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard desk")
    tab_to(page, "Publish version 1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 1: in the client, as a model")).to_be_visible()


def test_no_page_of_assistants_breaks_wcag_or_scrolls_sideways(web: Web) -> None:
    key = made(web, "looks-desk", description="For looks.", instructions="Be brief.")
    page = web.open("/assistants")
    page.get_by_role("heading", name="All assistants").wait_for()
    page.get_by_role("table").wait_for()
    at_widths(page, "assistants-list")
    page.goto(f"{web.url}/assistants/{key}")
    page.get_by_text("The first version.").wait_for()
    at_widths(page, "assistants-edit")
