"""One suite for both databases: what a transaction promises, and what is said when the database is away."""

from __future__ import annotations

import threading
from contextlib import closing, suppress

import pytest

from app.store.database import Database
from app.store.ledger import SqlLedger
from domain.errors import ServiceError
from domain.ports.ledger import LedgerEntry
from tests.postgres import PostgresServer


def entry(path: str, code: str | None = None) -> LedgerEntry:
    return LedgerEntry(
        tenant="acme", collection="law", path=path, digest="d", fingerprint="f", code=code,
        document_ids=("d_1", "d_2"), passages=3,
    )  # fmt: skip


def paths(database: Database) -> list[str]:
    return [row["path"] for row in database.rows("SELECT path FROM files ORDER BY path")]


def test_an_outcome_is_remembered_and_replaced(database: Database) -> None:
    ledger = SqlLedger(database)
    assert ledger.entry("acme", "law", "a") is None
    ledger.record(entry("a"))
    ledger.record(entry("b"))
    ledger.record(entry("a", "document.empty"))
    assert ledger.entry("acme", "law", "a") == entry("a", "document.empty")
    assert ledger.entry("acme", "other", "a") is None
    assert paths(database) == ["a", "b"]


def test_what_fails_in_the_middle_leaves_nothing_not_even_what_an_inner_transaction_wrote(database: Database) -> None:
    ledger = SqlLedger(database)
    with suppress(KeyError), database.write():
        ledger.record(entry("a"))
        assert paths(database) == ["a"]
        raise KeyError
    assert paths(database) == []
    ledger.record(entry("b"))
    assert paths(database) == ["b"]


def test_no_other_thread_sees_what_is_not_committed(database: Database) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        thread = threading.Thread(target=lambda: seen.append(paths(database)))
        thread.start()
        thread.join(10)

    with database.write():
        SqlLedger(database).record(entry("a"))
        look()
    look()
    assert seen == [[], ["a"]]


def test_threads_that_write_at_once_lose_nothing(database: Database) -> None:
    ledger = SqlLedger(database)

    def write(number: int) -> None:
        for place in range(10):
            ledger.record(entry(f"{number}-{place}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(paths(database)) == 60


def test_a_constraint_that_fails_is_told_by_its_kind_alone(database: Database) -> None:
    with pytest.raises(ServiceError) as caught, database.write() as connection:
        connection.exec_driver_sql("INSERT INTO versions (id) VALUES ('Anna Lind, born 1950')")
    assert caught.value.code == "service.storage_unavailable"
    assert "Anna" not in str(caught.value)


@pytest.mark.xdist_group("postgres")
def test_a_server_that_comes_back_is_used_again_without_a_restart(postgres: PostgresServer) -> None:
    with closing(Database(postgres.new_database())) as database:
        ledger = SqlLedger(database)
        ledger.record(entry("before"))
        postgres.stop("immediate")
        try:
            with pytest.raises(ServiceError) as unwritten:
                ledger.record(entry("lost"))
            with pytest.raises(ServiceError) as unread:
                ledger.entry("acme", "law", "before")
            assert unwritten.value.detail == unread.value.detail == "OperationalError"
        finally:
            postgres.start()
        assert ledger.entry("acme", "law", "before") == entry("before")
        ledger.record(entry("after"))
        assert paths(database) == ["after", "before"]


@pytest.mark.parametrize("address", ["postgresql+psycopg://anna:secret@127.0.0.1:1/none", "nonsense"])
def test_an_address_where_nothing_answers_is_an_error_without_the_password(address: str) -> None:
    with pytest.raises(ServiceError) as caught:
        Database(address)
    assert caught.value.code == "service.storage_unavailable"
    assert "secret" not in str(caught.value)
