"""The doctor finds where catalogue, originals, ledger and index disagree, and mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from app.store.tables import passages, versions
from domain.documents import Interval, Labels
from domain.erasure import Target
from domain.ports.passage_index import IndexEntry, SparseVector
from ingestion.workflow import IngestRequest
from tests.clients import trail_of
from tests.fakes.embedder import FakeEmbedder
from tests.readings import reading
from tests.store_bytes import CANARIES, ask, files_with, keep


@pytest.fixture(params=["edge", "memory"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path / "home", index=request.param)
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        keep(consilium, 3)
        yield consilium


def document_of(house: Consilium, number: int) -> str:
    (document,) = house.catalogue.documents_about("default", [f"s{number:02}"])
    return document.id


def version_of(house: Consilium, number: int) -> str:
    return house.catalogue.versions(document_of(house, number))[0].id


def digest_of(house: Consilium, number: int) -> str:
    return house.catalogue.versions(document_of(house, number))[0].digest


def stray(house: Consilium, version_id: str) -> None:
    entry = IndexEntry(
        passage_id="p_stray", document_id="d", version_id=version_id, labels=Labels(), in_force=Interval(),
        sparse=SparseVector(indices=(1,), values=(1.0,)), dense=house.embedder.embed(["x"])[0],
    )  # fmt: skip
    house.index.upsert([entry])


def vectorless(house: Consilium) -> None:
    house.catalogue.set_state(version_of(house, 1), "words")
    house.reindexer.words([version_of(house, 1)])
    house.catalogue.set_state(version_of(house, 1), "indexed")


def rows_gone(house: Consilium) -> None:
    with house.database.write() as connection:
        connection.execute(versions.delete().where(versions.c.id == version_of(house, 1)))


def passage_gone(house: Consilium) -> None:
    with house.database.write() as connection:
        connection.execute(passages.delete().where(passages.c.version_id == version_of(house, 1)))


FAULTS: dict[str, tuple[Callable[[Consilium], object], list[str]]] = {
    "an orphan in the index": (lambda h: stray(h, "v_nowhere"), ["index.orphan_version"]),
    "a stray passage": (lambda h: stray(h, version_of(h, 1)), ["index.stray_passage"]),
    "missing passages": (lambda h: h.index.delete_version(version_of(h, 1)), ["index.missing_passage"]),
    "missing vectors": (vectorless, ["index.missing_vector"]),
    "waiting for vectors": (lambda h: h.catalogue.set_state(version_of(h, 1), "words"), ["catalogue.without_vectors"]),
    "wrong dates": (
        lambda h: h.index.set_in_force(version_of(h, 1), Interval(effective_from=date(2020, 1, 1))),
        ["index.wrong_dates"],
    ),
    "wrong labels": (
        lambda h: h.catalogue.relabel(document_of(h, 1), Labels(subjects=("s01",), walls=("vip",)), subjects=False),
        ["index.wrong_labels"],
    ),
    "a version half added": (lambda h: h.catalogue.set_state(version_of(h, 1), "indexing"), ["catalogue.half_added"]),
    "a retired version in the index": (
        lambda h: h.catalogue.set_state(version_of(h, 1), "retired"),
        ["index.orphan_version"],
    ),
    "rows that are gone": (
        rows_gone,
        ["catalogue.empty_document", "index.orphan_version", "ledger.document_missing", "originals.orphan"],
    ),
    "passages that are gone": (passage_gone, ["index.stray_passage"]),
    "an original of nobody": (lambda h: h.ingestor.blobs.put(b"zqnobodyx"), ["originals.orphan"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disagreement_is_found_by_its_kind_and_mended(house: Consilium, fault: str) -> None:
    assert house.doctor.examine().findings == ()
    plant, kinds = FAULTS[fault]
    plant(house)
    found = house.doctor.examine()
    assert sorted(finding.kind for finding in found.findings) == kinds
    assert all(finding.count for finding in found.findings)
    mended = house.doctor.repair()
    assert {finding.kind for finding in mended.mended} >= set(kinds)
    assert mended.findings == house.doctor.examine().findings == ()
    assert CANARIES[0] in str(ask(house, 0)["claims"])
    assert house.doctor.repair().mended == ()


def test_what_is_mended_answers_again(house: Consilium) -> None:
    house.index.delete_version(version_of(house, 1))
    assert ask(house, 1)["status"] == "refused"
    house.doctor.repair()
    assert CANARIES[1] in str(ask(house, 1)["claims"])


def test_an_original_that_is_gone_or_changed_is_told_and_stays_told(house: Consilium) -> None:
    lost, wrong = digest_of(house, 1), digest_of(house, 2)
    house.ingestor.blobs.delete(lost)
    (house.settings.home / "originals" / wrong[:2] / wrong).write_bytes(b"something else")
    for report in (house.doctor.examine(), house.doctor.repair()):
        found = {finding.kind: finding.ids for finding in report.findings}
        assert found == {"originals.missing": (lost,), "originals.wrong_digest": (wrong,)}


def test_a_text_that_never_had_an_original_is_not_missing_one(house: Consilium) -> None:
    list(
        house.ingestor.ingest_readings([("a.txt", reading(("Article 1", "Ten days.")))], IngestRequest(labels=Labels()))
    )
    assert house.doctor.examine().findings == ()


def test_what_is_mended_leaves_no_byte_of_what_was_removed(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    with build(settings, Replacements(embedder=FakeEmbedder())) as house:
        keep(house, 2)
        rows_gone(house)
        house.doctor.repair()
        house.database.scrub()
        assert files_with(settings.home, *CANARIES) == [CANARIES[0]]


def test_originals_are_sealed_with_the_newest_key_by_the_doctor(tmp_path: Path) -> None:
    home, key = tmp_path / "home", SecretStr("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MDE=")
    with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
        keep(house, 2)
    assert files_with(home / "originals", *CANARIES) == CANARIES[:2]
    with build(load_settings(home=home, storage_key=key), Replacements(embedder=FakeEmbedder())) as house:
        assert house.doctor.reencrypt() == 2
        assert house.doctor.reencrypt() == 0
        assert house.doctor.examine().findings == ()
    assert files_with(home / "originals", *CANARIES) == []
    with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
        assert [finding.kind for finding in house.doctor.examine().findings] == ["originals.wrong_digest"]


def test_the_trail_says_what_was_mended(house: Consilium) -> None:
    stray(house, "v_nowhere")
    house.doctor.repair()
    events = [event for event in trail_of(house) if event.event == "repaired"]
    assert [event.facts["findings"] for event in events] == [["index.orphan_version:1"]]
    assert house.erasures.erase(Target(tenant="default", kind="subject", id="s00")).documents
