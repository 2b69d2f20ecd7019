"""The pages for documents: good and hostile files, labels, holds and erasure, and who sees what."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.data import shared_data
from tests.e2e.web.people import Web, axe, fits, focused, looks, shot, tab_to

HOSTILE = {
    "entity.xml": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "document.hostile"),
    "empty.txt": (b"", "document.empty"),
    "broken.pdf": (b"%PDF-1.7 and no more", "document.malformed"),
}


def upload(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Choose files", exact=True).and_(page.locator("input")).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def uploaded(page: Page, name: str) -> str:
    line = page.get_by_role("list", name="Files").get_by_role("listitem").filter(has_text=name)
    expect(line).to_contain_text("Taken", timeout=60_000)
    return str(line.get_by_role("link").first.get_attribute("href"))


def test_good_and_hostile_files_end_as_they_should_with_reasons(web: Web) -> None:
    page = web.open("/documents", web.token("stella", "steward"))
    page.get_by_role("button", name="Upload files").click()
    upload(page, "visit.txt", b"The clinic is open on Sundays from ten to twelve.")
    uploaded(page, "visit.txt")
    for name, (content, code) in HOSTILE.items():
        upload(page, name, content)
        line = page.get_by_role("list", name="Files").get_by_role("listitem").filter(has_text=name)
        expect(line).to_contain_text("Not taken", timeout=60_000)
        expect(line).to_contain_text(code)
    axe(page)
    shot(page, "documents-upload")


def test_files_of_the_fault_collection_end_without_a_stack_trace(web: Web) -> None:
    faults = shared_data("faults")
    page = web.open("/documents", web.token("stella", "steward"))
    page.get_by_role("button", name="Upload files").click()
    folders = ("archives_hostile", "pdf_malformed", "xml_entity")
    files = [file for folder in folders for file in sorted((faults / folder).iterdir())[:2]]
    page.get_by_label("Choose files", exact=True).and_(page.locator("input")).set_input_files(files)
    expect(page.get_by_text(f"{len(files)} of {len(files)} files finished")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_steward_sees_ids_and_labels_and_neither_titles_nor_paths(web: Web) -> None:
    page = web.open("/documents", web.token("stella", "steward"))
    table = page.get_by_role("table", name="Documents")
    expect(table.get_by_role("row").nth(1)).to_contain_text("d_")
    expect(table).not_to_contain_text("Norland")
    table.get_by_role("link").first.click()
    expect(page.get_by_text("You look after this document without reading it")).to_be_visible()


def test_a_reader_sees_titles_and_no_upload(web: Web) -> None:
    page = web.open("/documents", web.token("rita", "reader"))
    expect(page.get_by_role("table", name="Documents")).to_contain_text("Norland")
    expect(page.get_by_role("button", name="Upload files")).to_have_count(0)
    page.get_by_role("searchbox", name="Words of the title").fill("protection norland")
    rows = page.get_by_role("table", name="Documents").get_by_role("rowgroup").nth(1).get_by_role("row")
    expect(rows).to_have_count(1)
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Norland")
    looks(page, "document")


def test_labels_are_changed_a_hold_keeps_and_an_erasure_gives_its_receipt(web: Web) -> None:
    page = web.open("/documents", web.token("stella", "steward"))
    page.get_by_role("button", name="Upload files").click()
    upload(page, "doomed.txt", b"The west door of the annex is locked at eight in the evening.")
    page.goto(web.url + uploaded(page, "doomed.txt"))
    page.get_by_role("button", name="Change labels").click()
    page.get_by_label("Sensitivity").fill("high")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Labels")).to_contain_text("high")
    page.get_by_role("button", name="Place a legal hold").click()
    page.get_by_label("Reason").fill("Litigation")
    page.get_by_role("dialog").get_by_role("button", name="Place a legal hold").click()
    expect(page.get_by_text("A legal hold forbids its erasure")).to_be_visible()
    page.get_by_role("button", name="Erase", exact=True).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Nothing would be removed")
    expect(dialog.get_by_role("button", name="Erase for good")).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Release the hold").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Release the hold").click()
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("alertdialog")).to_contain_text("1 document")
    axe(page)
    shot(page, "documents-erase")
    page.get_by_label("I know that this cannot be undone.").check()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt of an erasure", timeout=30_000)


def test_the_keyboard_alone_uploads_a_document_sets_its_labels_and_erases_it(web: Web) -> None:
    page = web.open("/documents", web.token("stella", "steward"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_focused()
    tab_to(page, "Upload files")
    page.keyboard.press("Enter")
    tab_to(page, "Collection")
    page.keyboard.press("Control+A")
    page.keyboard.type("keyboards")
    tab_to(page, "Choose files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(
        {"name": "keys.txt", "mimeType": "text/plain", "buffer": b"The keys of the annex hang behind the east door."}
    )
    document = uploaded(page, "keys.txt").rpartition("/")[2]
    assert focused(page) == "Choose files"
    tab_to(page, document)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{document}")
    expect(heading).to_be_focused()
    labels = page.get_by_role("region", name="Labels")
    expect(labels).to_contain_text("keyboards")
    tab_to(page, "Change labels")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Change labels")).to_be_visible()
    tab_to(page, "Sensitivity")
    page.keyboard.press("Control+A")
    page.keyboard.type("high")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(labels).to_contain_text("high")
    expect(page.get_by_role("button", name="Change labels")).to_be_focused()
    tab_to(page, "Erase")
    page.keyboard.press("Space")
    expect(page.get_by_role("alertdialog")).to_contain_text("1 document")
    tab_to(page, "I know that this cannot be undone.")
    page.keyboard.press("Space")
    tab_to(page, "Erase for good")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Receipt of an erasure", timeout=30_000)
    expect(heading).to_be_focused()
    with web.api() as client:
        assert client.get(f"/v1/documents/{document}").status_code == 404


def test_the_list_fits_a_narrow_window_in_both_themes(web: Web) -> None:
    page = web.open("/documents")
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()  # the list is laid out for the window in which it comes
        expect(page.get_by_role("table", name="Documents").get_by_role("link").first).to_be_visible()
        fits(page)
        looks(page, f"documents-{width}")
