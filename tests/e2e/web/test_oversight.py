"""The pages of stewards, auditors and administrators: rates, reviews, proofs, measurements and settings."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.auditing import verify_export
from app.evaluations import FOLDER, EvaluationReports
from app.settings import load_settings
from app.store.opening import open_audit
from evaluation.report import Case, Curve, Figure, Origin, Report
from tests.e2e.web.people import Web, axe, fits, focused, looks, shot

PATHS = ("/activity", "/break-glass", "/audit", "/evaluations", "/settings")
AUDITOR = ("ann-auditor", "auditor")
STEWARD = ("sue-steward", "steward")
ADMINISTRATOR = ("adam-admin", "administrator")
ASKED = "Is the patient allergic to penicillin?"


def ask(web: Web, person: str, question: str, **scope: object) -> None:
    with web.api(web.token(person, "professional")) as client:
        assert client.post("/v1/answers", json={"question": question, **scope}).status_code == 200


def opened(web: Web, person: str, reason: str, *roles: str) -> None:
    with web.api(web.token(person, "professional", *roles)) as client:
        body = {"subject": "lind-anna-1951", "reason": reason, "purpose": "treatment", "minutes": 30}
        assert client.post("/v1/break-glass", json=body).status_code == 201


def report(started: str, score: float) -> Report:
    origin = Origin(
        dataset="samples", dataset_digest="ab", product="0.1.0", configuration={"pack": "general"},
        models={"encoder": "all-MiniLM-L6-v2"}, machine={"cores": "2"}, seed=0, started=started,
    )  # fmt: skip
    figures = (
        Figure(name="hybrid.hit@5", value=score, count=12, low=score - 0.12, high=score + 0.1),
        Figure(name="hybrid.ndcg@10", value=score - 0.08, count=12, low=score - 0.2, high=score + 0.04),
        Figure(name="hybrid.ms", value=41.5, count=12, low=38, high=47, unit="ms", higher_is_better=False),
        Figure(name="passages", value=960, count=1, higher_is_better=None),
    )
    cases = tuple(Case(id=f"q{n}", scores={"hybrid.hit@5": score + (n % 3) / 50}) for n in range(12))
    curve = Curve(name="recall by depth", x_label="k", y_label="recall", points=((1, 0.5), (5, 0.82), (10, 0.9)))
    return Report(
        suite="retrieval", origin=origin, seconds=12.5, main=("hybrid.hit@5", "hybrid.ndcg@10"), figures=figures,
        cases=cases, curves=(curve,),
    )  # fmt: skip


@pytest.fixture
def measured(web: Web) -> Iterator[None]:
    reports = EvaluationReports(web.home / FOLDER)
    kept = [
        reports.keep(report("2026-03-01T09:30:00+00:00", 0.7)),
        reports.keep(report("2026-03-08T09:30:00+00:00", 0.8)),
    ]
    yield
    for name in kept:
        (web.home / FOLDER / f"{name}.json").unlink()


def test_a_steward_sees_rates_and_classes_without_names_or_words(web: Web) -> None:
    web.member("lind-anna-1951", "dr-okafor")
    for question in (ASKED, "Who won the regatta of 1905?"):
        ask(web, "dr-okafor", question, subjects=["lind-anna-1951"])
    page = web.open("/activity", token=web.token(*STEWARD))
    expect(page.get_by_role("img", name="Verdicts on drafted claims")).to_be_visible()
    rows = page.get_by_role("table", name="Each operation").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Question")
    expect(rows.nth(1)).to_contain_text("Not for your role")
    assert "penicillin" not in page.content()
    assert "dr-okafor" not in page.content()
    page.get_by_role("button", name=re.compile("^Outcome|Outcome")).first.click()
    page.get_by_role("option", name="Answered", exact=True).click()
    expect(rows.nth(1)).to_contain_text("Answered")
    expect(rows.filter(has_text="Refused")).to_have_count(0)
    shot(page, "steward-activity-light")


def test_an_auditor_sees_who_asked_and_reads_a_plot_as_a_table(web: Web) -> None:
    web.member("lind-anna-1951", "dr-okafor")
    ask(web, "dr-okafor", ASKED, subjects=["lind-anna-1951"])
    page = web.open("/activity", token=web.token(*AUDITOR))
    expect(page.get_by_role("table", name="Each operation")).to_contain_text("dr-okafor")
    figure = page.get_by_role("figure", name="Time to an answer")
    figure.get_by_role("button", name="As a table").click()
    expect(figure.get_by_role("columnheader", name="Median")).to_be_visible()


def test_an_auditor_reviews_a_break_glass_by_the_keyboard_alone(web: Web) -> None:
    opened(web, "dr-reyes", "Unconscious in the emergency room, allergies unknown")
    page = web.open("/break-glass", token=web.token(*AUDITOR))
    card = page.get_by_role("article", name="dr-reyes opened lind-anna-1951")
    expect(card).to_contain_text("Unconscious in the emergency room")
    expect(card).to_contain_text(re.compile(r"Still open: \d+ min"))
    shot(page, "steward-break-glass-light")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == "Justified":
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("cannot be changed")
    axe(page)
    for _ in range(10):
        if focused(page) == "Justified":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Reviewed")).to_contain_text("dr-reyes")
    expect(card).to_be_hidden()
    with web.api() as client:
        (one,) = [
            glass for glass in client.get("/v1/break-glass").json()["break_glass"] if glass["caller"] == "dr-reyes"
        ]
    assert (one["verdict"], one["reviewer"]) == ("justified", "ann-auditor")


def test_nobody_is_offered_the_review_of_what_they_opened(web: Web) -> None:
    opened(web, "dr-both", "On call", "auditor")
    page = web.open("/break-glass", token=web.token("dr-both", "professional", "auditor"))
    card = page.get_by_role("article", name="dr-both opened lind-anna-1951")
    expect(card).to_contain_text("You opened this yourself")
    expect(card.get_by_role("button")).to_have_count(0)


def test_the_trail_is_verified_and_an_altered_one_is_shown_as_broken(web: Web) -> None:
    ask(web, "dr-okafor", "Which dose of warfarin?")
    page = web.open("/audit", token=web.token(*AUDITOR))
    page.get_by_role("button", name="Verify the trail").click()
    expect(page.get_by_text("The trail is whole.")).to_be_visible()
    database = web.home / "catalogue.db"
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        (facts,) = connection.execute("SELECT facts FROM audit_events WHERE seq = 2").fetchone()
        connection.execute("UPDATE audit_events SET facts = ? WHERE seq = 2", ('{"actor": "somebody-else"}',))
        connection.commit()
        try:
            page.get_by_role("button", name="Verify the trail").click()
            alert = page.get_by_role("alert")
            expect(alert).to_contain_text("The trail is broken.")
            expect(alert).to_contain_text("At event 2: The event is not what was written. audit.altered")
            axe(page)
            shot(page, "steward-audit-broken-light")
        finally:
            connection.execute("UPDATE audit_events SET facts = ? WHERE seq = 2", (facts,))
            connection.commit()
    page.get_by_role("button", name="Verify the trail").click()
    expect(page.get_by_text("The trail is whole.")).to_be_visible()


def test_the_trail_is_searched_and_an_extract_can_be_verified_elsewhere(web: Web, tmp_path: Path) -> None:
    ask(web, "dr-sato", "Which dose of warfarin?")
    page = web.open("/audit", token=web.token(*AUDITOR))
    page.get_by_label("Event").fill("question")
    page.get_by_label("Who").fill("dr-sato")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("table", name="Events")).to_contain_text("dr-sato")
    assert "warfarin" not in page.get_by_role("table", name="Events").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / "extract.jsonl"
    download.value.save_as(file)
    with open_audit(load_settings(home=web.home)) as trail:
        found = verify_export(file, None, trail)
    assert found.faults == ()
    assert found.events > 1


@pytest.mark.usefixtures("measured")
def test_evaluations_are_shown_with_intervals_and_two_are_compared(web: Web) -> None:
    page = web.open("/evaluations", token=web.token(*STEWARD))
    page.get_by_role("link", name=re.compile("retrieval, Mar 8, 2026")).click()
    expect(page.get_by_role("table", name="Main figures")).to_contain_text("0.68 – 0.9")
    expect(page.get_by_role("img", name=re.compile("recall by depth"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Run to compare with")).click()
    page.get_by_role("option", name=re.compile("Mar 1, 2026")).click()
    expect(page.get_by_role("table", name=re.compile("This run minus"))).to_contain_text("Better")
    looks(page, "steward-evaluation")
    page.set_viewport_size({"width": 320, "height": 800})
    fits(page)
    shot(page, "steward-evaluation-320")


def test_settings_show_where_values_come_from_and_no_secret(web: Web) -> None:
    page = web.open("/settings", token=web.token(*ADMINISTRATOR))
    page.get_by_label("Search settings").fill("issuer")
    row = page.get_by_role("row").filter(has_text="oidc_issuer").first
    expect(row).to_contain_text("Environment")
    page.get_by_label("Search settings").fill("")
    assert web.owner not in page.content()
    page.get_by_role("tab", name="Health").click()
    expect(page.get_by_text("Questions can be answered: every part is well.")).to_be_visible()
    axe(page)
    shot(page, "steward-health-light")


def test_a_key_is_made_shown_once_used_and_revoked(web: Web) -> None:
    token = web.token("adam-admin", "administrator", "reader")
    page = web.open("/settings", token=token, permissions=("clipboard-read", "clipboard-write"))
    page.get_by_role("tab", name="Keys").click()
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name").fill("ward 3 importer")
    expect(page.get_by_role("checkbox")).to_have_count(2)  # nobody gives away a role that they do not have
    axe(page)
    shot(page, "steward-new-key-light", whole=False)
    page.get_by_role("button", name="Make the key").click()
    dialog = page.get_by_role("alertdialog", name="The key is made")
    secret = dialog.locator("code").inner_text()
    assert secret.startswith("csk_")
    dialog.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    dialog.get_by_role("button", name="I have kept it").click()
    assert secret not in page.content()
    with web.api(secret) as client:
        assert client.get("/v1/me").status_code == 200
    page.get_by_role("button", name="Revoke ward 3 importer").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row").filter(has_text="ward 3 importer")).to_contain_text("Revoked")
    with web.api(secret) as client:
        assert client.get("/v1/me").status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_a_direct_link_of_another_role_is_told_why_not(web: Web, path: str) -> None:
    page = web.open(path, token=web.token("rita-reader", "reader"))
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("You may not do this")
    expect(alert).to_contain_text("access.denied")
    expect(page.get_by_role("navigation").get_by_role("link", name="Audit trail")).to_have_count(0)


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("path", PATHS)
def test_no_page_of_oversight_breaks_wcag_or_its_width(web: Web, path: str) -> None:
    page = web.open(path)
    settled(page)
    fits(page)
    looks(page, f"steward{path.replace('/', '-')}-1280")
    page.set_viewport_size({"width": 320, "height": 800})
    settled(page)
    fits(page)
    looks(page, f"steward{path.replace('/', '-')}-320")


@pytest.mark.parametrize("language", ["de", "zh"])
def test_the_pages_speak_the_other_languages(web: Web, language: str) -> None:
    page = web.open("/activity", language=language)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text({"de": "Nutzung", "zh": "使用情况"}[language])
    shot(page, f"steward-activity-{language}")


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
