"""Versions shown for checking: exact windows, places, originals and changes, and what none of them may show."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Consilium, Replacements, build
from app.requests import IngestOptions
from app.settings import load_settings
from app.store.rows import labels_to_json
from app.store.tables import documents
from domain.callers import Caller, Role
from domain.erasure import Target
from tests.clients import client_as, client_of, trail_of
from tests.fakes.deidentifier import ExactDeidentifier
from tests.fakes.embedder import FakeEmbedder
from tests.unit.readers.pdf_files import blank, put, put_picture, scan_of, written

SECRET = "123-45-6789"
SAFE = "Start lisinopril 10 mg once daily in adults without contraindications."


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path_factory.mktemp("sources"), index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        yield consilium


@pytest.fixture
def client(shop: Consilium) -> Iterator[TestClient]:
    with client_of(shop, raise_server_exceptions=False) as client:
        yield client


def add(shop: Consilium, name: str, content: bytes | str, **labels: Any) -> str:
    """Ingest a file and return the id of its newest version."""
    data = content.encode() if isinstance(content, str) else content
    outcomes = shop.ingestor.ingest_bytes(data, name, IngestOptions.model_validate(labels).to_request())
    outcome = outcomes[-1]
    assert outcome.document_id, outcome
    return shop.catalogue.versions(outcome.document_id)[-1].id


def pdf(*lines: str, change: Any = None) -> bytes:
    made = blank()
    for number, line in enumerate(lines):
        put(made, 72, 100 + 20 * number, line)
    if change:
        change(made)
    return written(made)


def original(client: TestClient, version: str, **scope: Any) -> tuple[int, str]:
    reply = client.get(f"/v1/versions/{version}/original", params=scope)
    return reply.status_code, reply.json()["detail"] if reply.status_code != 200 else reply.headers["content-type"]


def test_windows_side_by_side_are_the_text_and_no_more(shop: Consilium, client: TestClient) -> None:
    text = "\n".join(f"Paragraph {n}. " + "The controller keeps what it must keep. " * (n % 30) for n in range(200))
    version = add(shop, "long.txt", text)
    whole = shop.catalogue.version(version)
    assert whole is not None
    outline = client.get(f"/v1/versions/{version}/outline").json()
    assert outline["length"] == len(whole.text)
    assert len(outline["windows"]) > 10
    edges = [*outline["windows"], outline["length"]]
    windows = [
        client.get(f"/v1/versions/{version}/text", params={"start": a, "end": b}).json() for a, b in pairwise(edges)
    ]
    assert "".join(one["text"] for one in windows) == whole.text
    assert [one["start"] for one in windows] == outline["windows"]


def test_no_edge_of_a_window_cuts_what_is_kept_back_in_two(shop: Consilium, client: TestClient) -> None:
    text = f"The note says that the number is {SECRET} and nothing else of it is written here."
    version = add(shop, "number.txt", text)
    place = text.index(SECRET)
    for edge in range(place - 2, place + len(SECRET) + 3):
        left = client.get(f"/v1/versions/{version}/text", params={"start": 0, "end": edge}).json()
        right = client.get(f"/v1/versions/{version}/text", params={"start": edge}).json()
        joined = left["text"] + right["text"]
        assert not any(digit in joined for digit in "123456789"), joined
        assert left["end"] == max(edge, left["end"])
    shown = client.get(f"/v1/versions/{version}/text", params={"mark_start": place - 4, "mark_end": place + 20}).json()
    (mark,) = shown["marks"]
    assert shown["text"][mark["start"] : mark["end"]].startswith(" is [US_SSN] and")


def test_places_have_boxes_and_nonsense_is_refused(shop: Consilium, client: TestClient) -> None:
    version = add(shop, "places.pdf", pdf("Lisinopril", SAFE))
    whole = shop.catalogue.version(version)
    assert whole is not None
    start = whole.text.index("10 mg")
    route = f"/v1/versions/{version}/locator"
    place = client.get(route, params={"start": start, "end": start + 5}).json()
    assert (place["page"], len(place["boxes"])) == (1, 1)
    assert 72 < place["boxes"][0]["left"] < 300
    for span in ((5, 5), (9, 3), (0, 10**6)):
        reply = client.get(route, params={"start": span[0], "end": span[1]})
        assert (reply.status_code, reply.json()["code"]) == (422, "request.invalid")


def test_an_original_is_the_file_with_a_type_of_ours_and_is_never_rendered_by_itself(
    shop: Consilium, client: TestClient
) -> None:
    content = pdf("Treatment of hypertension", SAFE)
    version = add(shop, 'evil".html.pdf', content)
    reply = client.get(f"/v1/versions/{version}/original")
    assert reply.content == content
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["content-disposition"] == 'attachment; filename="original.pdf"'
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert reply.headers["cache-control"] == "no-store"
    (*_, last) = (event for event in trail_of(shop) if event.event == "original_shown")
    assert last.facts["version"] == version


def headed(made: Any) -> None:
    put(made, 72, 30, f"SSN {SECRET}", size=7)


def attached(made: Any) -> None:
    made.embed_file(bytes=b"Somebody else", basename="other.txt", desc="x")


def noted(made: Any) -> None:
    made.text_annotation(100, 100, "See the other patient")


def pictured(made: Any) -> None:
    put_picture(made, pdf("Somebody's number"), width=50)


def titled(made: Any) -> None:
    made.set_subject(f"SSN {SECRET}")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (headed, "something in it is kept back"),
        (titled, "something in it is kept back"),
        (attached, "files are attached"),
        (noted, "notes or forms"),
    ],
)
def test_an_original_that_holds_what_its_text_does_not_is_withheld(
    shop: Consilium, client: TestClient, change: Any, reason: str
) -> None:
    version = add(shop, f"{change.__name__}.pdf", pdf(change.__name__, SAFE, change=change))
    status, detail = original(client, version)
    assert (status, reason in detail) == (403, True), detail


def test_pictures_are_shown_where_nobody_is_meant_and_withheld_where_somebody_is(
    shop: Consilium, client: TestClient
) -> None:
    guideline = add(shop, "figure.pdf", pdf("A figure", SAFE, change=pictured))
    assert original(client, guideline) == (200, "application/pdf")
    chart = add(shop, "chart.pdf", pdf("A chart", SAFE, change=pictured), subject="pia")
    status, detail = original(client, chart, subject="pia")
    assert (status, "shows pictures" in detail) == (403, True)
    scan = add(shop, "scan.pdf", scan_of(pdf("The patient was seen on Monday", SAFE)), subject="pia")
    assert original(client, scan, subject="pia")[0] == 403


@pytest.mark.parametrize("purpose", ["operations", "research", "audit"])
def test_a_purpose_that_keeps_names_back_gets_no_original_at_all(
    shop: Consilium, client: TestClient, purpose: str
) -> None:
    version = add(shop, "plain.pdf", pdf("Plain", SAFE))
    assert original(client, version)[0] == 200
    status, detail = original(client, version, purpose=purpose)
    assert (status, "keeps names back" in detail) == (403, True)


def test_other_formats_and_members_of_archives_have_no_original(shop: Consilium, client: TestClient) -> None:
    page = add(shop, "page.html", "<h1>Dose</h1><p>" + SAFE + "</p><script>alert(1)</script>")
    assert "only PDF" in original(client, page)[1]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.pdf", pdf("One of many", SAFE))
    inside = add(shop, "many.zip", packed.getvalue())
    assert "part of another file" in original(client, inside)[1]


def test_an_original_is_withheld_when_the_detector_fails(shop: Consilium) -> None:
    version = add(shop, "detector.pdf", pdf("Detector", SAFE))
    disclosure = dataclasses.replace(shop.sources.originals.disclosure, deidentifier=ExactDeidentifier(broken=True))
    originals = dataclasses.replace(shop.sources.originals, disclosure=disclosure)
    broken = dataclasses.replace(shop, sources=dataclasses.replace(shop.sources, originals=originals))
    with client_of(broken, raise_server_exceptions=False) as client:
        reply = client.get(f"/v1/versions/{version}/original")
    assert (reply.status_code, reply.json()["code"]) == (503, "policy.detector_unavailable")


def test_what_is_walled_elsewhere_or_erased_is_answered_like_what_does_not_exist(shop: Consilium) -> None:
    walled = add(shop, "walled.pdf", pdf("Merger", SAFE), walls=["merger"])
    chart = add(shop, "mine.pdf", pdf("Mine", SAFE), subject="quentin")
    gone = add(shop, "gone.pdf", pdf("Gone", SAFE))
    free = add(shop, "free.pdf", pdf("Free", SAFE))
    document = shop.catalogue.version(gone)
    assert document is not None
    reader = Caller(id="rita", tenant="default", roles=frozenset({Role.READER}))
    stranger = Caller(id="otto", tenant="oak", roles=frozenset({Role.READER}))
    with client_as(shop, reader) as client, client_as(shop, stranger) as other:
        assert client.get(f"/v1/versions/{gone}/original").status_code == 200
        shop.erasures.erase(Target(tenant="default", kind="document", id=document.document_id))
        for version in (walled, chart, gone, "v_none"):
            for route in (
                f"{version}/outline",
                f"{version}/text",
                f"{version}/locator?start=0&end=4",
                f"{version}/original",
                f"{version}/changes?with={free}",
                f"{free}/changes?with={version}",
            ):
                reply = client.get(f"/v1/versions/{route}")
                assert (reply.status_code, reply.json()["detail"]) == (
                    404,
                    "There is nothing by that id within this scope. (version)",
                ), route
        assert other.get(f"/v1/versions/{free}/original").status_code == 404


def test_a_document_about_two_is_shown_to_who_sees_both(shop: Consilium, client: TestClient) -> None:
    version = add(shop, "two.pdf", pdf("Anna and Berta", SAFE), subject="two-a")
    whole = shop.catalogue.version(version)
    assert whole is not None
    document = shop.catalogue.document(whole.document_id)
    assert document is not None
    both = dataclasses.replace(document.labels, subjects=("two-a", "two-b"))
    with shop.database.write() as connection:  # as a file about two people would be labelled
        connection.execute(documents.update().where(documents.c.id == document.id).values(labels=labels_to_json(both)))
    for route in ("outline?", "text?", "original?", "locator?start=0&end=4&"):
        assert client.get(f"/v1/versions/{version}/{route}subject=two-a").status_code == 404
        assert client.get(f"/v1/versions/{version}/{route}subject=two-a&subject=two-b").status_code == 200


def test_versions_are_in_order_and_their_changes_are_sentences(shop: Consilium, client: TestClient) -> None:
    old = add(
        shop,
        "act.md",
        "# Act\n\n## Retention\n\nKeep it for ten years. Ask first.\n\n## Fees\n\nNone.",
        document="act",
        effective_from="2019-01-01",
    )
    new = add(
        shop,
        "act.md",
        "# Act\n\n## Retention\n\nKeep it for six years. Ask first.\n\n## Fees\n\nNone.\nTwo euro.",
        document="act",
        effective_from="2024-01-01",
    )
    outline = client.get(f"/v1/versions/{new}/outline").json()
    assert (outline["number"], outline["count"], outline["previous"]["id"], outline["next"]) == (2, 2, old, None)
    assert outline["previous"]["in_force"] == {"from": "2019-01-01", "to": "2024-01-01"}
    found = client.get(f"/v1/versions/{new}/changes", params={"with": old}).json()
    assert [(one["kind"], one["section"][-1]) for one in found["changes"]] == [
        ("changed", "Retention"),
        ("added", "Fees"),
    ]
    assert [(p["kind"], p["text"]) for p in found["changes"][0]["pieces"]] == [
        ("same", "Keep it for "),
        ("removed", "ten "),
        ("added", "six "),
        ("same", "years."),
    ]
    assert client.get(f"/v1/versions/{new}/changes", params={"with": new}).json()["changes"] == []


def test_a_change_within_what_is_kept_back_is_counted_and_not_shown(shop: Consilium, client: TestClient) -> None:
    text = "The number is {}.\nThe fee is {} euro."
    old = add(shop, "n.txt", text.format(SECRET, "ten"), document="n", effective_from="2019-01-01")
    new = add(shop, "n.txt", text.format("234-56-7890", "six"), document="n", effective_from="2024-01-01")
    reply = client.get(f"/v1/versions/{new}/changes", params={"with": old})
    assert (len(reply.json()["changes"]), reply.json()["kept_back"]) == (1, 1)
    assert SECRET not in reply.text
    assert "7890" not in reply.text


def test_files_of_a_fresh_store_leave_no_process_behind(tmp_path: Path) -> None:
    with build(load_settings(home=tmp_path, index="memory"), Replacements(embedder=FakeEmbedder())) as consilium:
        version = add(consilium, "one.pdf", pdf("One", SAFE))
        with client_of(consilium) as client:
            assert original(client, version)[0] == 200
        sandbox = consilium.sources.originals.sandbox
        assert sandbox._child is not None
    assert sandbox._child is None
