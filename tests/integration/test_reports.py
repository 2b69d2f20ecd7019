"""Batches of reports: whole, once, the same each time; with the asker's rights, and gone with what they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium, Replacements, build
from app.cli.door import LocalDoor
from app.reports.requests import ReportBody
from app.settings import load_settings
from domain.access import Membership, Relation
from domain.callers import OWNER, Caller, Role
from domain.errors import AccessError, RequestError
from domain.reports import Report
from tests.batches import made, made_in, state
from tests.data import ROOT
from tests.fakes.embedder import FakeEmbedder

FILES: Final = ROOT / "app" / "samples" / "files"
PEOPLE: Final = ("lind-anna-1951", "lind-anna-1987", "lindt-anna-1951")
DAY: Final = "2026-03-01"
CLAUSES: Final = """
title = "Three clauses"
pack = "legal"
description = "Three clauses of each contract."
about = "document"
purpose = "legal_advice"
formats = ["json", "html"]
grid = true
[[sections]]
title = "Clauses"
[[sections.parts]]
kind = "answer"
title = "Governing law"
ask = "Which law governs this Agreement?"
[[sections.parts]]
kind = "answer"
title = "Confidentiality"
ask = "For how long must Confidential Information be kept secret?"
[[sections.parts]]
kind = "answer"
title = "Cattle"
ask = "How many cattle does the lessee keep on the pasture?"
"""
MIA: Final = Caller(id="mia", roles=frozenset({Role.PROFESSIONAL}))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Consilium]:
    """Yield the product over three charts and two contracts of one matter, and a template of its own."""
    own = tmp_path / "templates"
    own.mkdir()
    (own / "three-clauses.toml").write_text(CLAUSES, encoding="utf-8")
    settings = load_settings(home=tmp_path / "home", index="memory", report_templates=own)
    with build(settings, Replacements(embedder=FakeEmbedder())) as house:
        charts(house)
        for name in ("services-agreement.docx", "amendment-1.docx"):
            options = {"collection": "matters", "subject": "matter-orchid"}
            assert [one["status"] for one in LocalDoor(house).ingest([FILES / name], options)] == ["indexed"]
        yield house


def charts(house: Consilium) -> None:
    files = [FILES / f"{name}.json" for name in PEOPLE]
    assert [one["status"] for one in LocalDoor(house).ingest(files, {"collection": "patients"})] == ["indexed"] * 3


def order(house: Consilium, template: str, cohort: dict[str, Any], caller: Caller = OWNER, **more: Any) -> Report:
    body = {"template": template, "cohort": cohort, "as_of": DAY, **more}
    return house.reports.order(ReportBody.model_validate(body), caller)


def carry_out(house: Consilium, report: Report) -> list[tuple[str, str, str | None]]:
    """Work on a batch in this thread, and return how each item ended."""
    while (job := house.jobs.find(report.job_id)).open:
        house.jobs.work(job.run_id)
    return [(one["target"], one["state"], one.get("code")) for one in house.reports.items(report)[0]]


def member(house: Consilium, caller: str, subject: str) -> str:
    name = f"m_{caller}_{subject}"
    house.memberships.members.add(
        Membership(
            id=name, tenant="default", kind="subject", target=subject, relation=Relation.MEMBER, party_kind="caller",
            party=caller,
        )
    )  # fmt: skip
    return name


@pytest.mark.slow
def test_a_batch_that_was_killed_is_completed_makes_nothing_twice_and_has_the_same_bytes(tmp_path: Path) -> None:
    homes = [tmp_path / "killed", tmp_path / "undisturbed"]
    for home in homes:
        with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
            charts(house)
    body = {"template": "medication-reconciliation", "cohort": {"ids": list(PEOPLE)}, "as_of": DAY}
    killed = made_in(homes[0], body, [{"step": "report.kept", "times": 2}])
    calm = made_in(homes[1], body, [])
    assert killed["items"] == calm["items"] == [[name, "done", None] for name in PEOPLE]
    assert killed["made"] == {"0": 1, "1": 1, "2": 1}
    assert len(killed["files"]) == 3 * 5 + 4
    assert killed["files"] == calm["files"]


def test_a_grid_has_every_contract_and_clause_and_every_quote_is_verbatim(store: Consilium) -> None:
    report = order(store, "three-clauses", {"subject": "matter-orchid"})
    assert [ended[1:] for ended in carry_out(store, report)] == [("done", None)] * 2
    grid = json.loads(store.reports.grid(report, "json", OWNER))
    assert grid["columns"] == ["Governing law", "Confidentiality", "Cattle"]
    answers = {row["title"]: row["answers"] for row in grid["rows"]}
    assert set(answers) == {"Laboratory Services Agreement", "Amendment No. 1 to the Laboratory Services Agreement"}
    law = answers["Laboratory Services Agreement"]["Governing law"]
    assert law["text"] == "This Agreement is governed by the law of the Republic of Norland."
    assert [one["Cattle"] for one in answers.values()] == [None, None]
    quotes = [one for row in answers.values() for one in row.values() if one]
    assert len(quotes) == 2
    for quote in quotes:
        version = store.catalogue.version(quote["version_id"])
        assert version is not None
        assert version.text[quote["start"] : quote["end"]] == quote["text"]
    for row in grid["rows"]:
        assert {one["document_id"] for one in row["answers"].values() if one} <= {row["target"]}
    assert "Republic of Norland" in store.reports.grid(report, "html", OWNER).decode()


def test_every_cell_of_a_table_is_words_of_its_record(store: Consilium) -> None:
    report = order(store, "pre-visit-summary", {"ids": [PEOPLE[0]]}, formats=["json"])
    carry_out(store, report)
    content = json.loads(store.reports.file(report, 0, "json", OWNER)[1])
    tables = [block for section in content["sections"] for block in section["blocks"] if block["kind"] == "table"]
    cells = [(cell, row["quote"]) for table in tables for row in table["rows"] for cell in row["cells"]]
    texts = [cell["text"] for cell, _ in cells]
    assert {"Anna Lind", "1951-05-04", "Hypertension", "Lisinopril 10 MG Oral Tablet", "Penicillin G"} <= set(texts)
    for cell, quote in cells:
        version = store.catalogue.version(quote["version_id"])
        assert version is not None
        assert not cell["text"] or version.text[cell["start"] : cell["end"]] == cell["text"]
    assert content["provenance"]["models"]["drafter"] == "extractive/1"
    assert [source["version_id"] for source in content["sources"]] == sorted({q["version_id"] for _, q in cells})


def test_each_report_is_made_with_the_rights_that_its_asker_has_then_and_handed_out_with_those_of_now(
    store: Consilium,
) -> None:
    mine = member(store, "mia", PEOPLE[0])
    leaving = member(store, "mia", PEOPLE[1])
    report = order(store, "pre-visit-summary", {"ids": list(PEOPLE)}, MIA, formats=["json"])
    store.memberships.members.remove("default", leaving)
    assert carry_out(store, report) == [
        (PEOPLE[0], "done", None),
        (PEOPLE[1], "aside", "access.denied"),
        (PEOPLE[2], "aside", "access.denied"),
    ]
    assert "Anna Lind" in store.reports.file(report, 0, "json", MIA)[1].decode()
    assert len(store.reports.archive(report, MIA)) > 2000
    store.memberships.members.remove("default", mine)
    with pytest.raises(AccessError):
        store.reports.file(report, 0, "json", MIA)
    sheet = store.reports.contents(report, "json").decode()
    assert "Anna Lind" not in sheet
    assert [one["state"] for one in json.loads(sheet)["items"]] == ["done", "aside", "aside"]


def test_what_was_set_aside_is_resumed_when_its_reason_is_gone(store: Consilium) -> None:
    report = order(store, "pre-visit-summary", {"ids": list(PEOPLE[:2])}, MIA, formats=["json"])
    assert [ended[2] for ended in carry_out(store, report)] == ["access.denied"] * 2
    member(store, "mia", PEOPLE[1])
    store.reports.resume(report, MIA)
    assert [ended[1:] for ended in carry_out(store, report)] == [("aside", "access.denied"), ("done", None)]


def test_a_group_has_only_whom_its_asker_may_see(store: Consilium) -> None:
    member(store, "mia", PEOPLE[2])
    report = order(store, "pre-visit-summary", {"collection": "patients"}, MIA)
    assert [one["target"] for one in store.reports.items(report)[0]] == [PEOPLE[2]]
    with pytest.raises(RequestError, match="nobody in it"):
        order(store, "three-clauses", {"subject": "matter-orchid"}, MIA)
    everyone = order(store, "pre-visit-summary", {"collection": "patients"})
    assert [one["target"] for one in store.reports.items(everyone)[0]] == list(PEOPLE)


def test_an_erasure_takes_reports_with_it_waiting_and_made(store: Consilium) -> None:
    made_before = order(store, "pre-visit-summary", {"ids": list(PEOPLE[:2])}, formats=["json"])
    carry_out(store, made_before)
    waiting = order(store, "pre-visit-summary", {"ids": [PEOPLE[0]]}, formats=["json"])
    receipts = list(LocalDoor(store).erase({"subject": PEOPLE[0]}).items())
    assert dict(receipts)["traces"]["reports"] == 2
    assert [ended[:2] for ended in carry_out(store, made_before)] == [("", "erased"), (PEOPLE[1], "done")]
    assert [ended[:2] for ended in carry_out(store, waiting)] == [("", "erased")]
    with pytest.raises(RequestError):
        store.reports.file(made_before, 0, "json", OWNER)
    assert PEOPLE[0] not in json.dumps(store.reports.items(made_before)[0])
    assert PEOPLE[0] not in store.reports.contents(made_before, "json").decode()


def test_a_cancelled_batch_keeps_what_is_made_and_makes_no_more(store: Consilium) -> None:
    report = order(store, "pre-visit-summary", {"ids": [*PEOPLE, "nobody"]}, formats=["json"])
    store.reports.cancel(report, OWNER)
    assert [ended[1] for ended in carry_out(store, report)] == ["cancelled"] * 4
    assert store.reports.status(report)["state"] == "cancelled"
    with pytest.raises(RequestError):
        store.reports.resume(report, OWNER)


def test_one_who_is_not_there_is_listed_and_the_others_are_made(store: Consilium) -> None:
    report = order(store, "pre-visit-summary", {"ids": ["nobody", PEOPLE[0]]}, formats=["json"])
    assert carry_out(store, report) == [("nobody", "aside", "request.not_found"), (PEOPLE[0], "done", None)]
    assert made(store, report.id) == {"1": 1}


@pytest.mark.parametrize(
    ("template", "more", "code"),
    [
        ("no-such-template", {}, "request.not_found"),
        ("contract-review", {"formats": ["fhir"]}, "request.invalid"),
        ("contract-review", {"cohort": {"team": "care"}}, "request.invalid"),
        ("pre-visit-summary", {"cohort": {"team": "care"}}, "request.invalid"),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_kept(
    store: Consilium, template: str, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(RequestError) as raised:
        order(store, template, **{"cohort": {"ids": ["x"]}, **more})
    assert raised.value.code == code
    assert store.reports.kept.of_owner("default", "local", after=None, limit=1).items == ()


def test_a_batch_goes_through_the_api_from_order_to_download(store: Consilium) -> None:
    token = (store.settings.home / "owner.token").read_text(encoding="utf-8").strip()
    with TestClient(create_application(store), headers={"Authorization": f"Bearer {token}"}) as client:
        body = {"template": "pre-visit-summary", "cohort": {"ids": list(PEOPLE[:2])}, "as_of": DAY}
        ordered = client.post("/v1/reports", json=body)
        assert ordered.status_code == 202
        address = f"/v1/reports/{ordered.json()['id']}"
        carry_out(store, store.reports.find(ordered.json()["id"]))
        shown = client.get(address).json()
        assert (shown["state"], shown["items"], shown["done"], shown["grid"]) == ("done", 2, 2, False)
        first = client.get(f"{address}/items", params={"limit": 1}).json()
        assert [one["target"] for one in first["items"]] == [PEOPLE[0]]
        assert [one["target"] for one in client.get(first["next"]).json()["items"]] == [PEOPLE[1]]
        for name, kind in (("pdf", "application/pdf"), ("fhir", "application/fhir+json")):
            file = client.get(f"{address}/items/0", params={"format": name})
            assert (file.status_code, file.headers["Content-Type"]) == (200, kind)
            assert file.headers["Content-Disposition"].startswith('attachment; filename="0001-lind-anna-1951.')
        assert client.get(f"{address}/archive").content[:2] == b"PK"
        assert client.get(f"{address}/grid").status_code == 404
        assert client.get(f"{address}/items/7").status_code == 404
        listed = client.get("/v1/report-templates").json()["templates"]
        assert {"three-clauses", "pre-visit-summary"} <= {one["name"] for one in listed}
        assert client.get("/v1/report-templates/three-clauses").json()["text"] == CLAUSES
        assert client.delete(address).status_code == 204
        assert client.get(address).status_code == 404


def test_the_state_that_the_killed_are_compared_by_sees_a_changed_file(store: Consilium) -> None:
    report = order(store, "pre-visit-summary", {"ids": [PEOPLE[0]]}, formats=["json"])
    other = order(store, "pre-visit-summary", {"ids": [PEOPLE[0]]}, formats=["json"], purpose="research")
    for one in (report, other):
        carry_out(store, one)
    assert state(store, report.id)["files"] != state(store, other.id)["files"]
