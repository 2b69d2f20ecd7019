"""One suite for every store of reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.store.cipher import Cipher
from app.store.database import Database
from app.store.reports import SqlReports
from app.store.tables import documents
from domain.errors import ServiceError
from domain.paging import Place
from domain.ports.reports import Reports
from domain.reports import Report, ReportFile, ReportItem, ReportState
from tests.conftest import Empty
from tests.fakes.reports import MemoryReports

KNOWN = ("d_1", "d_2")


def with_documents(database: Database) -> Database:
    rows = [
        {"id": name, "tenant": "acme", "collection": "charts", "identity": name, "title": name, "labels": "{}"}
        for name in KNOWN
    ]
    with database.write() as connection:
        connection.execute(insert(documents), rows)
    return database


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def kept(request: pytest.FixtureRequest, empty: Empty) -> Iterator[Reports]:
    if request.param == "memory":
        yield MemoryReports(KNOWN)
        return
    database = empty(request.param)
    yield SqlReports(with_documents(database))


def batch(name: str, *, tenant: str = "acme", owner: str = "mia", minute: int = 0) -> Report:
    return Report(
        id=name, tenant=tenant, owner=owner, job_id=f"j_{name}", template="summary", order={"as_of": "2026-01-02"},
        created_at=f"2026-05-01T00:{minute:02}:00+00:00",
    )  # fmt: skip


def waiting(number: int, target: str) -> ReportItem:
    return ReportItem(number=number, target=target, subjects=(target,))


def made(number: int, target: str, *rests_on: str) -> ReportItem:
    return ReportItem(
        number=number, target=target, state=ReportState.DONE, quotes=3, subjects=(target,), documents=rests_on,
        versions=tuple((one, f"v_{one}", "ab") for one in rests_on),
    )  # fmt: skip


FILES = {"json": b"{}", "pdf": b"%PDF"}
LISTED = (
    ReportFile(format="json", digest="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", size=2),
    ReportFile(format="pdf", digest="315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027", size=4),
)


def test_what_was_made_is_kept_whole_and_once(kept: Reports) -> None:
    kept.add(batch("r_1"), [waiting(0, "anna"), waiting(1, "ben")])
    assert kept.find("r_1") == batch("r_1")
    assert kept.item("r_1", 0) == waiting(0, "anna")
    assert kept.keep("r_1", made(0, "anna", "d_1"), FILES)
    assert kept.item("r_1", 0) == replace(made(0, "anna", "d_1"), files=LISTED)
    assert kept.file("r_1", 0, "pdf") == b"%PDF"
    assert [(one.number, one.state.value, one.files) for one in kept.items("r_1")] == [
        (0, "done", LISTED),
        (1, "waiting", ()),
    ]
    assert not kept.keep("r_1", made(0, "anna", "d_1"), {"pdf": b"other"})
    assert kept.file("r_1", 0, "pdf") == b"%PDF"


def test_nothing_is_kept_of_what_is_gone(kept: Reports) -> None:
    kept.add(batch("r_1"), [waiting(0, "anna")])
    assert not kept.keep("r_1", made(0, "anna", "d_1", "d_erased"), FILES)
    assert not kept.keep("r_none", made(0, "anna", "d_1"), FILES)
    assert not kept.keep("r_1", made(7, "anna", "d_1"), FILES)
    assert kept.file("r_1", 0, "pdf") is None
    assert kept.item("r_1", 7) is None


def test_batches_are_listed_for_their_owner_newest_first(kept: Reports) -> None:
    for name, minute in (("r_1", 1), ("r_2", 2), ("r_3", 2)):
        kept.add(batch(name, minute=minute), [])
    kept.add(batch("r_other", owner="tom", minute=9), [])
    kept.add(batch("r_elsewhere", tenant="elm", minute=9), [])
    first = kept.of_owner("acme", "mia", after=None, limit=2)
    assert ([one.id for one in first.items], first.more) == (["r_3", "r_2"], True)
    rest = kept.of_owner("acme", "mia", after=Place(at=first.items[-1].created_at, id="r_2"), limit=2)
    assert ([one.id for one in rest.items], rest.more) == (["r_1"], False)


def test_a_subject_and_a_document_take_their_reports_with_them_and_leave_no_name(kept: Reports) -> None:
    kept.add(batch("r_1"), [waiting(0, "anna"), waiting(1, "ben"), waiting(2, "cleo"), waiting(3, "anna")])
    kept.add(batch("r_2", tenant="elm"), [waiting(0, "anna")])
    assert kept.keep("r_1", made(0, "anna", "d_1"), FILES)
    assert kept.keep("r_1", made(1, "ben", "d_2"), FILES)
    assert kept.forget("acme", ["anna"], ["d_2"]) == 3
    gone = [ReportItem(number=number, target="", state=ReportState.ERASED) for number in (0, 1, 3)]
    assert [kept.item("r_1", number) for number in (0, 1, 3)] == gone
    assert [kept.file("r_1", number, "pdf") for number in (0, 1)] == [None, None]
    assert kept.item("r_1", 2) == waiting(2, "cleo")
    assert kept.item("r_2", 0) == waiting(0, "anna")
    assert not kept.keep("r_1", made(3, "anna", "d_1"), FILES)


def test_a_batch_is_removed_with_everything(kept: Reports) -> None:
    kept.add(batch("r_1"), [waiting(0, "anna")])
    assert kept.keep("r_1", made(0, "anna", "d_1"), FILES)
    assert kept.remove("r_1")
    assert not kept.remove("r_1")
    assert kept.find("r_1") is None
    assert kept.items("r_1") == []
    assert kept.file("r_1", 0, "pdf") is None


def test_files_lie_sealed_when_there_is_a_key(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "new.db")) as database:
        with_documents(database)
        kept = SqlReports(database, Cipher([b"k" * 32]))
        kept.add(batch("r_1"), [waiting(0, "anna")])
        assert kept.keep("r_1", made(0, "anna", "d_1"), {"html": b"warfarin" * 50})
        assert kept.file("r_1", 0, "html") == b"warfarin" * 50
        with pytest.raises(ServiceError):
            SqlReports(database).file("r_1", 0, "html")
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        (content,) = connection.execute("SELECT content FROM report_files").fetchone()
    assert b"warfarin" not in content
