"""A backup restores the store, and forgets neither an erasure nor a hold that came after it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.auditing import verify
from app.bootstrap import Consilium, Replacements, build
from app.lifecycle.archive import write_archive
from app.lifecycle.restore import RestoreOrder, restore
from app.settings import Settings, load_settings
from app.store.aside import begin_switch, settle
from app.store.database import Database
from app.store.exchange import import_rows
from app.store.holds import SqlHolds
from app.store.opening import open_audit
from app.store.register import FileRegister
from app.upkeep import backup
from domain.errors import ConsiliumError, PolicyUnavailableError, RequestError
from tests.fakes.embedder import FakeEmbedder
from tests.postgres import PostgresServer
from tests.store_bytes import CANARIES, ask, digests, files_with, keep, rows_with, subject

KEY = SecretStr("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MDE=")


def opened(home: Path, **settings: object) -> Consilium:
    return build(load_settings(home=home, **settings), Replacements(embedder=FakeEmbedder()))


def back_up(consilium: Consilium, target: Path) -> Path:
    write_archive(backup(consilium), target)
    return target


def put_back(settings: Settings, path: Path, **order: Any) -> dict[str, Any]:
    return restore(settings, RestoreOrder(path=path, **order), Replacements(embedder=FakeEmbedder()))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def house(home: Path) -> Iterator[Consilium]:
    with opened(home) as consilium:
        keep(consilium, 4)
        yield consilium


@pytest.mark.parametrize("name", ["folder", "file.tar"])
def test_a_backup_restored_elsewhere_answers_as_before(house: Consilium, tmp_path: Path, name: str) -> None:
    before = ask(house, 2)
    assert CANARIES[2] in str(before["claims"])
    path = back_up(house, tmp_path / name)
    settings = load_settings(home=tmp_path / "other")
    report = put_back(settings, path)
    assert (report["versions"], report["originals"], report["embedded"], report["findings"]) == (4, 4, 0, [])
    assert report["previous"] is None
    with opened(settings.home) as again:
        after = ask(again, 2)
        assert after["claims"] == before["claims"]
        assert [one["passage_id"] for one in after["evidence"]] == [one["passage_id"] for one in before["evidence"]]
        assert again.doctor.examine().findings == ()
        assert again.replays.record("default", before["id"]).question.k == 10
        (version,) = again.catalogue.versions(before["claims"][0]["quotes"][0]["document_id"])
        assert CANARIES[2].encode() in (again.ingestor.blobs.get(version.digest) or b"")
    with open_audit(settings) as trail:
        assert verify(trail).faults == ()
        assert "restored" in [event.event for event in trail.events()]


@pytest.mark.slow
def test_fifty_subjects_stay_erased_when_an_older_backup_is_restored(tmp_path: Path, home: Path) -> None:
    with opened(home) as house:
        keep(house, 50)
        for number in range(0, 50, 5):
            assert ask(house, number)["status"] == "answered"
        path = back_up(house, tmp_path / "backup")
        assert files_with(path, *CANARIES) == files_with(home, *CANARIES) == CANARIES
        receipts = house.erasures.erase_each([subject(f"s{number:02}") for number in range(50)])
        assert [receipt.traces["answers"] for receipt in receipts] == [int(n % 5 == 0) for n in range(50)]
        assert files_with(home, *CANARIES) == []
        assert rows_with(house.database, CANARIES) == []
    report = put_back(load_settings(home=home), path)
    assert sorted(report["erased_again"]) == sorted(receipt.id for receipt in receipts)
    assert files_with(home, *CANARIES) == []
    with opened(home) as house:
        assert rows_with(house.database, CANARIES) == []
        assert house.index.count() == 0
        assert ask(house, 7)["status"] == "refused"
        assert house.doctor.examine().findings[0].kind == "store.set_aside"


@pytest.mark.xdist_group("postgres")
def test_subjects_stay_erased_on_postgresql_too(tmp_path: Path, postgres: PostgresServer) -> None:
    def settings(name: str) -> Settings:
        return load_settings(home=tmp_path / name, database=SecretStr(postgres.new_database()))

    first, second = settings("first"), settings("second")
    with build(first, Replacements(embedder=FakeEmbedder())) as house:
        keep(house, 8)
        ask(house, 3)
        path = back_up(house, tmp_path / "backup.tar")
        assert rows_with(house.database, CANARIES) == CANARIES[:8]
        house.erasures.erase_each([subject(f"s{number:02}") for number in range(6)])
        assert rows_with(house.database, CANARIES) == CANARIES[6:8]
        assert files_with(first.home, *CANARIES) == CANARIES[6:8]
    with pytest.raises(RequestError) as caught:
        put_back(first, path)
    assert caught.value.code == "request.store_in_use"
    report = put_back(second, path, register=first.home / "register.jsonl")
    assert len(report["erased_again"]) == 6
    with build(second, Replacements(embedder=FakeEmbedder())) as house:
        assert rows_with(house.database, CANARIES) == files_with(second.home, *CANARIES) == CANARIES[6:8]
        assert CANARIES[6] in str(ask(house, 6)["claims"])


@pytest.mark.xdist_group("postgres")
def test_a_backup_goes_from_one_kind_of_database_to_the_other(
    house: Consilium, tmp_path: Path, postgres: PostgresServer
) -> None:
    before = ask(house, 1)
    there = load_settings(home=tmp_path / "there", database=SecretStr(postgres.new_database()))
    put_back(there, back_up(house, tmp_path / "one"))
    with build(there, Replacements(embedder=FakeEmbedder())) as moved:
        assert ask(moved, 1)["claims"] == before["claims"]
        path = back_up(moved, tmp_path / "two")
    put_back(load_settings(home=tmp_path / "again"), path)
    with opened(tmp_path / "again") as again:
        assert ask(again, 1)["claims"] == before["claims"]
        assert again.doctor.examine().findings == ()


def _flip(folder: Path, part: str) -> None:
    (file,) = sorted(folder.glob(part))[:1]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _edit(folder: Path, **changes: Any) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


BROKEN: dict[str, Callable[[Path], object]] = {
    "a row": lambda folder: _flip(folder, "database/passages/*"),
    "an original": lambda folder: _flip(folder, "originals/*"),
    "a vector": lambda folder: _flip(folder, "vectors/*"),
    "a key": lambda folder: _flip(folder, "home/keys/audit/*"),
    "the signature": lambda folder: (folder / "manifest.sig").unlink(),
    "a part": lambda folder: shutil.rmtree(folder / "originals"),
    "the manifest": lambda folder: (folder / "manifest.json").unlink(),
    "its words": lambda folder: (folder / "manifest.json").write_text("{"),
    "its format": lambda folder: _edit(folder, format="consilium-backup/99"),
    "its schema": lambda folder: _edit(folder, schema="9999"),
    "its product": lambda folder: _edit(folder, product="9.9.9"),
    "its names": lambda folder: _edit(folder, files={"../../etc/passwd": {"sha256": "0" * 64, "bytes": 1}}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_backup_is_refused_and_nothing_is_touched(
    house: Consilium, home: Path, tmp_path: Path, what: str
) -> None:
    path = back_up(house, tmp_path / "backup")
    house.close()
    BROKEN[what](path)
    before = digests(home)
    with pytest.raises(RequestError) as caught:
        put_back(load_settings(home=home), path)
    assert caught.value.code == "request.backup_invalid"
    assert digests(home) == before


def test_what_is_no_backup_is_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"not a tar archive")
    (tmp_path / "empty").mkdir()
    for name in ("x.tar", "empty", "nothing"):
        with pytest.raises(RequestError) as caught:
            put_back(load_settings(home=home), tmp_path / name)
        assert caught.value.code == "request.backup_invalid"


def test_a_backup_of_another_store_is_refused_unless_it_is_meant(house: Consilium, home: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as other:
        keep(other, 6, first=5)
        path = back_up(other, tmp_path / "backup")
    house.close()
    before = digests(home)
    with pytest.raises(RequestError) as caught:
        put_back(load_settings(home=home), path)
    assert caught.value.code == "request.backup_foreign"
    assert digests(home) == before
    report = put_back(load_settings(home=home), path, foreign=True, discard_previous=True)
    assert report["previous"] is None
    assert files_with(home, *CANARIES) == [CANARIES[5]]


def test_a_hold_that_was_placed_or_released_after_the_backup_stands_as_it_did_last(
    house: Consilium, home: Path, tmp_path: Path
) -> None:
    released = house.erasures.place_hold(subject("s00"), "Litigation 12/2026")
    path = back_up(house, tmp_path / "backup")
    house.erasures.release_hold("default", released.id)
    house.erasures.erase(subject("s00"))
    placed = house.erasures.place_hold(subject("s01"), "Litigation 13/2026")
    house.close()
    put_back(load_settings(home=home), path, discard_previous=True)
    assert files_with(home, *CANARIES) == CANARIES[1:4]
    with opened(home) as again:
        (hold,) = again.erasures.holds.all("default")
        assert (hold.id, hold.target, hold.placed_at) == (placed.id, placed.target, placed.placed_at)
        assert "Litigation" not in hold.reason
        assert [one.because for one in again.erasures.erase(subject("s01")).kept] == ["held"]


def test_later_events_of_the_trail_are_kept(house: Consilium, home: Path, tmp_path: Path) -> None:
    path = back_up(house, tmp_path / "backup")
    answer = ask(house, 3)
    house.close()
    assert put_back(load_settings(home=home), path)["events_carried_over"] == 2
    with open_audit(load_settings(home=home)) as trail:
        events = list(trail.events())
        assert verify(trail).faults == ()
    assert answer["id"] in [event.facts.get("answer_id") for event in events]
    assert [event.event for event in events[-2:]] == ["answer", "restored"]


def test_a_database_that_was_put_back_by_hand_answers_nothing_before_it_has_caught_up(
    house: Consilium, home: Path
) -> None:
    house.database.scrub()
    older = (home / "catalogue.db").read_bytes()
    house.erasures.erase(subject("s02"))
    house.close()
    for file in home.glob("catalogue.db*"):
        file.unlink()
    (home / "catalogue.db").write_bytes(older)
    assert files_with(home, CANARIES[2]) == [CANARIES[2]]
    with pytest.raises(PolicyUnavailableError):
        opened(home)
    with open_audit(load_settings(home=home)) as trail:
        trail.resume()
    with opened(home) as again:
        assert len(again.caught_up) == 1
        assert files_with(home, *CANARIES) == [CANARIES[0], CANARIES[1], CANARIES[3]]
    with opened(home) as once_more:
        assert once_more.caught_up == ()


def test_what_was_ingested_again_after_its_erasure_stays(house: Consilium, home: Path) -> None:
    house.erasures.erase(subject("s02"))
    keep(house, 3, first=2)
    house.close()
    with opened(home) as again:
        assert again.caught_up == ()
        assert CANARIES[2] in str(ask(again, 2)["claims"])


def test_a_store_that_was_set_aside_goes_with_the_first_erasure(house: Consilium, home: Path, tmp_path: Path) -> None:
    path = back_up(house, tmp_path / "backup")
    house.close()
    report = put_back(load_settings(home=home), path)
    assert (home / report["previous"] / "catalogue.db").is_file()
    with opened(home) as again:
        hold = again.erasures.place_hold(subject("s03"), "Litigation")
        assert again.erasures.erase(subject("s01")).traces["stores_set_aside"] == 0
        again.erasures.release_hold("default", hold.id)
        assert again.erasures.erase(subject("s02")).traces["stores_set_aside"] == 1
        assert files_with(home, *CANARIES) == [CANARIES[0], CANARIES[3]]


def test_the_house_answers_and_erases_while_a_backup_is_taken(house: Consilium) -> None:
    members = house.backups.members()
    first = next(members)
    assert first[0].startswith("database/")
    assert CANARIES[1] in str(ask(house, 1)["claims"])
    assert len(house.erasures.erase(subject("s00")).originals) == 1
    names = [name for name, _ in members]
    assert len([name for name in names if name.startswith("originals/")]) == 3
    assert names[-2:] == ["manifest.json", "manifest.sig"]
    assert files_with(house.settings.home, CANARIES[0]) == []


def test_without_an_audit_trail_there_is_no_backup(house: Consilium, home: Path, tmp_path: Path) -> None:
    (home / "audit-head.json").unlink(missing_ok=True)
    (home / "audit-head.json").mkdir()
    with pytest.raises(ConsiliumError):
        back_up(house, tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))


def test_a_sealed_backup_shows_nothing_and_needs_its_key(tmp_path: Path) -> None:
    with opened(tmp_path / "home", storage_key=KEY) as house:
        keep(house, 3)
        ask(house, 1)
        path = back_up(house, tmp_path / "backup")
        assert files_with(path, *CANARIES) == files_with(house.settings.home / "originals", *CANARIES) == []
        assert KEY.get_secret_value() not in str(digests(path))
    before = digests(tmp_path / "home")
    with pytest.raises(RequestError) as caught:
        put_back(load_settings(home=tmp_path / "home"), path)
    assert caught.value.code == "request.setting_invalid"
    assert digests(tmp_path / "home") == before
    put_back(load_settings(home=tmp_path / "new", storage_key=KEY), path)
    with opened(tmp_path / "new", storage_key=KEY) as again:
        assert CANARIES[1] in str(ask(again, 1)["claims"])


@pytest.mark.parametrize("moved", range(7))
def test_a_switch_that_ends_in_the_middle_is_finished_by_the_next_start(tmp_path: Path, moved: int) -> None:
    home = tmp_path / "home"
    staged = home / "restoring"
    staged.mkdir(parents=True)
    for name in ("a", "b", "only-old"):
        (home / name).write_text("old")
    for name in ("a", "b", "only-new"):
        (staged / name).write_text("new")
    begin_switch(home, "previous-T1")
    (home / "previous-T1").mkdir()
    steps = [(home / n, home / "previous-T1" / n) for n in ("a", "b", "only-old")]
    steps += [(staged / n, home / n) for n in ("a", "b", "only-new")]
    for source, target in steps[:moved]:
        source.rename(target)
    for _ in range(2):
        settle(home)
    assert {f.name: f.read_text() for f in home.iterdir() if f.is_file()} == dict.fromkeys(
        ("a", "b", "only-new"), "new"
    )
    assert {f.name: f.read_text() for f in (home / "previous-T1").iterdir()} == dict.fromkeys(
        ("a", "b", "only-old"), "old"
    )
    assert not staged.exists()


def test_rows_of_an_earlier_schema_come_in_and_are_brought_up_to_date(tmp_path: Path) -> None:
    tables = {"holds": ["id", "tenant", "kind", "target", "reason", "placed_at"]}
    row = json.dumps(["h_1", "default", "subject", "s01", "Litigation", "2026-05-01T00:00:00+00:00"]).encode() + b"\n"
    import_rows(tmp_path / "new.db", "0004", tables, [("holds", row)])
    with closing(Database(tmp_path / "new.db")) as database:
        assert [hold.id for hold in SqlHolds(database).all("default")] == ["h_1"]
        register = FileRegister(database, tmp_path / "register.jsonl")
        assert register.unknown() == []
        assert (tmp_path / "register.jsonl").read_text().count("h_1") == 1


def test_what_a_backup_says_of_the_configuration_holds_no_secret(tmp_path: Path) -> None:
    settings = {"chat_api_key": SecretStr("zqsecretx"), "chat_url": "http://user:zqsecretx@127.0.0.1/v1"}
    with opened(tmp_path / "home", **settings) as house:
        path = back_up(house, tmp_path / "backup")
    assert json.loads((path / "configuration.json").read_text())["pack"] == "general"
    assert files_with(path, "zqsecretx") == []


def test_an_interrupted_backup_leaves_no_file(house: Consilium, tmp_path: Path) -> None:
    def cut_off() -> Iterator[bytes]:
        yield next(iter(backup(house)))
        raise KeyboardInterrupt

    for name in ("backup", "backup.tar"):
        with pytest.raises(KeyboardInterrupt):
            write_archive(cut_off(), tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["home"]
    with closing(Database(tmp_path / "home" / "catalogue.db")) as database:
        assert len(database.rows("SELECT id FROM documents")) == 4
