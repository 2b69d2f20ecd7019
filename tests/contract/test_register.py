"""The register of erasures and holds: a table and a file that know the same."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from app.store.database import Database
from app.store.register import FileRegister, read_register
from domain.erasure import Entry, Target
from domain.errors import ServiceError

ANNA = Target(tenant="acme", kind="subject", id="anna")


def entry(name: str, day: str, event: str = "erased") -> Entry:
    return Entry(
        event=event, id=name, at=f"2026-05-{day}T00:00:00+00:00", target=ANNA, shared=True, names=("anna", "mrn-1"),
        documents=("d_1",), originals=("0" * 64,),
    )  # fmt: skip


def test_an_older_database_lacks_what_the_file_knows_in_the_order_of_time(database: Database, tmp_path: Path) -> None:
    register = FileRegister(database, tmp_path / "register.jsonl")
    assert register.unknown() == []
    for one in (entry("e_2", "02"), entry("h_1", "01", "hold_placed")):
        register.add(one)
        register.add(one)
    assert register.unknown() == []
    assert register.entry("erased", "e_2") == entry("e_2", "02")
    assert register.entry("erased", "e_3") is None
    with closing(Database(tmp_path / "older.db")) as older:
        again = FileRegister(older, tmp_path / "register.jsonl")
        assert again.unknown() == [entry("h_1", "01", "hold_placed"), entry("e_2", "02")]
        again.known(entry("h_1", "01", "hold_placed"))
        assert again.unknown() == [entry("e_2", "02")]
        assert len((tmp_path / "register.jsonl").read_text().splitlines()) == 2


def test_a_file_that_was_lost_is_written_again_from_the_database(database: Database, tmp_path: Path) -> None:
    FileRegister(database, tmp_path / "one.jsonl").add(entry("e_1", "01"))
    register = FileRegister(database, tmp_path / "two.jsonl")
    assert register.unknown() == []
    assert list(read_register(tmp_path / "two.jsonl").values()) == [entry("e_1", "01")]


def test_a_line_that_was_cut_off_is_passed_over_and_a_broken_one_is_told(tmp_path: Path) -> None:
    file = tmp_path / "register.jsonl"
    with closing(Database(tmp_path / "new.db")) as database:
        register = FileRegister(database, file)
        register.add(entry("e_1", "01"))
        whole = file.read_bytes()
        file.write_bytes(whole + whole[:40])
        register.add(entry("e_2", "02"))
        assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["e_1", "e_2"]
        file.write_bytes(b"{}\n" + whole)
        with pytest.raises(ServiceError) as caught:
            register.unknown()
        assert caught.value.detail == "register: line 1"
