"""Ingestion over the real store: nothing acknowledged is lost, nothing rejected leaves a trace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.bootstrap import Consilium
from app.cli.door import LocalDoor
from tests.readings import asked, reading, request

ACT = "# Act\n\n## Article 1\n\nThe deadline is {} days.\n"


def ingest(house: Consilium, *paths: Path, **options: str) -> list[tuple[str, str | None]]:
    return [(o["status"], o.get("code")) for o in LocalDoor(house).ingest(paths, dict(options))]


def test_ingesting_again_is_unchanged_and_a_changed_file_replaces_its_text(fresh: Consilium, tmp_path: Path) -> None:
    act = tmp_path / "act.md"
    act.write_text(ACT.format(10), encoding="utf-8")
    assert ingest(fresh, act) == [("indexed", None)]
    assert ingest(fresh, act) == [("unchanged", None)]
    act.write_text(ACT.format(20), encoding="utf-8")
    assert ingest(fresh, act) == [("indexed", None)]
    texts = [hit["text"] for hit in LocalDoor(fresh).search({"query": "deadline"})["results"]]
    assert any("20 days" in text for text in texts)
    assert not any("10 days" in text for text in texts)
    assert fresh.index.count() == len(texts)


def test_a_rejected_file_leaves_nothing_and_says_its_code_again(fresh: Consilium, tmp_path: Path) -> None:
    broken = tmp_path / "chart.json"
    broken.write_text('{"resourceType": "Patient", ', encoding="utf-8")
    assert ingest(fresh, broken) == [("rejected", "document.malformed")]
    assert ingest(fresh, broken) == [("unchanged", "document.malformed")]
    assert fresh.index.count() == 0
    assert fresh.database.rows("SELECT count(*) AS n FROM documents")[0]["n"] == 0
    assert not list((fresh.settings.home / "originals").rglob("*"))


def test_a_file_that_fails_does_not_stop_the_others(fresh: Consilium, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.json").write_text("{", encoding="utf-8")
    (folder / "b.md").write_text(ACT.format(10), encoding="utf-8")
    (folder / "c.bin").write_bytes(b"\x00\x01\x02" * 100)
    assert [status for status, _ in ingest(fresh, folder)] == ["rejected", "indexed", "rejected"]


def test_two_editions_of_a_named_document_follow_each_other(fresh: Consilium, tmp_path: Path) -> None:
    for year, days in ((2020, 10), (2024, 20)):
        path = tmp_path / f"act-{year}.md"
        path.write_text(ACT.format(days), encoding="utf-8")
        assert ingest(fresh, path, document="act", effective_from=f"{year}-01-01") == [("indexed", None)]
    door = LocalDoor(fresh)
    for day, said in (("2023-12-31", "10 days"), ("2024-01-01", "20 days")):
        (hit,) = door.search({"query": "deadline", "as_of": day})["results"]
        assert said in hit["text"]
    assert door.search({"query": "deadline", "as_of": "2019-12-31"})["results"] == []


def test_an_earlier_edition_that_comes_later_does_not_outlive_the_next_one(fresh: Consilium) -> None:
    for since, text in ((date(2024, 1, 1), "Twenty days."), (date(2020, 1, 1), "Ten days.")):
        read = reading(("Article 1", text), work="act/1", since=since)
        outcomes = list(fresh.ingestor.ingest_readings([(f"{since}.xml", read)], request()))
        assert [o.status for o in outcomes] == ["indexed"]
    evidence = fresh.retriever.retrieve(asked("days", as_of=date(2025, 1, 1)))
    assert ["Twenty" in e.passage.text for e in evidence] == [True]


def test_another_text_for_the_same_day_of_a_named_document_is_a_conflict(fresh: Consilium, tmp_path: Path) -> None:
    for name, days in (("a.md", 1), ("b.md", 2)):
        (tmp_path / name).write_text(ACT.format(days), encoding="utf-8")
    assert ingest(fresh, tmp_path / "a.md", document="act") == [("indexed", None)]
    assert ingest(fresh, tmp_path / "b.md", document="act") == [("rejected", "document.version_conflict")]


def test_two_files_that_claim_one_work_and_day_are_both_kept(fresh: Consilium) -> None:
    items = [(f"{n}.xml", reading(("Article 1", f"Text {n}."), work="act/1")) for n in (1, 2)]
    outcomes = list(fresh.ingestor.ingest_readings(items, request()))
    assert [o.status for o in outcomes] == ["indexed", "indexed"]
    assert len({o.document_id for o in outcomes}) == 2


def test_one_label_for_a_file_about_several_subjects_is_refused(fresh: Consilium) -> None:
    read = reading(("Chart", "Two people."))
    several = type(read)(
        media_type=read.media_type, title=read.title, text=read.text, sections=read.sections, subjects=("a", "b")
    )
    (outcome,) = fresh.ingestor.ingest_readings([("x.json", several)], request(subject="anna"))
    assert (outcome.status, outcome.code) == ("rejected", "document.subject_conflict")


def test_a_version_whose_indexing_was_cut_off_is_unseen_and_finished_by_the_next_run(
    fresh: Consilium, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [("a.txt", reading(("Article 1", "The deadline is ten days.")))]

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(fresh.index), "upsert", cut_off)
        with pytest.raises(KeyboardInterrupt):
            list(fresh.ingestor.ingest_readings(items, request()))
    assert LocalDoor(fresh).search({"query": "deadline"})["results"] == []
    assert list(fresh.catalogue.documents("default", [])) == []
    assert [o.status for o in fresh.ingestor.ingest_readings(items, request())] == ["indexed"]
    assert len(LocalDoor(fresh).search({"query": "deadline"})["results"]) == 1


def test_an_upload_that_cannot_be_read_has_the_same_codes(fresh: Consilium) -> None:
    (outcome,) = fresh.ingestor.ingest_bytes(b"PK\x03\x04broken", "x.docx", request())
    assert outcome.status == "rejected"
    assert outcome.code in {"document.malformed", "document.unsupported"}
