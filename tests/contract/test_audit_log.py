"""The audit trail on both databases: complete, chained, signed, and closed when something is wrong with it."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from app.store.audit_log import SqlAuditLog
from app.store.database import Database
from app.store.signing import FolderSigner
from app.store.tables import audit_checkpoints, audit_events
from domain.audit import AuditEvent, faults, seal, signed_part
from domain.errors import PolicyUnavailableError
from tests.postgres import PostgresServer

pytestmark = pytest.mark.xdist_group("postgres")


class StillClock:
    def now(self) -> datetime:
        return datetime(2026, 5, 1, 12, tzinfo=UTC)

    def today(self) -> date:
        return date(2026, 5, 1)

    def monotonic(self) -> float:
        return 0.0


def trail(database: Database, folder: Path) -> SqlAuditLog:
    return SqlAuditLog(database, FolderSigner(folder / "keys"), StillClock(), head=folder / "head.json")


def codes(log: SqlAuditLog) -> list[tuple[str, int]]:
    return [(fault.code, fault.seq) for fault in faults(log.events(), log.checkpoints(), log.verified)]


def test_events_come_back_in_order_chained_and_without_faults(database: Database, tmp_path: Path) -> None:
    log = trail(database, tmp_path)
    assert codes(log) == []
    log.append("question", {"actor": "anna", "subjects": ["s1", "s2"], "count": 3})
    log.append("answer", {"answer_id": "a_1"})
    first, second = log.events()
    assert (first.seq, first.at, first.event, first.previous) == (1, "2026-05-01T12:00:00+00:00", "question", "0" * 64)
    assert first.facts == {"actor": "anna", "subjects": ["s1", "s2"], "count": 3}
    assert second.previous == first.digest
    assert [event.seq for event in log.events(after=1)] == [2]
    assert codes(log) == []
    assert codes(trail(database, tmp_path)) == []


def test_several_writers_make_one_chain(database: Database, tmp_path: Path) -> None:
    logs = [trail(database, tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=lambda log=log: [log.append("e", {"n": n}) for n in range(10)]) for log in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [event.seq for event in logs[0].events()] == list(range(1, 41))
    assert codes(logs[0]) == []


def test_a_trail_that_was_cut_takes_nothing_more_until_somebody_resumes_it(database: Database, tmp_path: Path) -> None:
    log = trail(database, tmp_path)
    for number in range(5):
        log.append("e", {"n": number})
    with database.write() as connection:
        connection.execute(delete(audit_events).where(audit_events.c.seq > 3))
        connection.execute(delete(audit_checkpoints))
    for one in (log, trail(database, tmp_path)):
        with pytest.raises(PolicyUnavailableError) as caught:
            one.append("e", {})
        assert caught.value.code == "policy.audit_unavailable"
        assert "consilium audit resume" in caught.value.detail
    assert codes(log) == [("audit.truncated", 5)]
    log.resume()
    log.append("e", {})
    events = list(log.events())
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert (events[3].event, events[3].facts["last_known"]) == ("audit_resumed", 5)
    assert codes(log) == []


def test_a_log_of_before_is_sealed_into_the_first_event(database: Database, tmp_path: Path) -> None:
    earlier = tmp_path / "audit.jsonl"
    earlier.write_text('{"event": "answer"}\n{"event": "search"}\n', encoding="utf-8")
    for _ in range(2):
        log = SqlAuditLog(
            database, FolderSigner(tmp_path / "keys"), StillClock(), head=tmp_path / "head.json", earlier=earlier
        )
    (event,) = log.events()
    assert event.facts == {
        "earlier_log": "audit.jsonl",
        "lines": 2,
        "sha256": "cb3077d4afe984106f7ff39ba42a56ca09b0cc4a90603be0a3331a930afeeb27",
    }


def test_what_cannot_be_written_is_told_and_nothing_is_kept_back(database: Database, tmp_path: Path) -> None:
    log = trail(database, tmp_path)
    (tmp_path / "head.json").mkdir()
    with pytest.raises(PolicyUnavailableError) as caught:
        log.append("e", {})
    assert caught.value.code == "policy.audit_unavailable"
    with pytest.raises(PolicyUnavailableError):
        trail(database, tmp_path)
    (tmp_path / "head.json").rmdir()
    log.append("e", {})
    assert codes(log) == []


def test_nothing_is_recorded_inside_a_transaction_that_may_be_taken_back(database: Database, tmp_path: Path) -> None:
    log = trail(database, tmp_path)
    with database.write(), pytest.raises(PolicyUnavailableError):
        log.append("e", {})
    log.append("e", {})
    assert [event.seq for event in log.events()] == [1]


def test_a_key_that_is_replaced_still_verifies_and_a_foreign_one_does_not(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "a.db")) as database:
        trail(database, tmp_path).append("e", {"n": 1})
        foreign = FolderSigner(tmp_path / "other")
        (tmp_path / "keys" / "2.pem").write_bytes((tmp_path / "other" / "1.pem").read_bytes())
        log = trail(database, tmp_path)
        assert FolderSigner(tmp_path / "keys").key == foreign.key
        log.append("e", {"n": 2})
        assert codes(log) == []
        (tmp_path / "keys" / "2.pem").unlink()
        assert codes(trail(database, tmp_path)) == [
            ("audit.unsigned", 2), ("audit.unsigned", 2), ("audit.unsealed", 2)
        ]  # fmt: skip


def test_keys_are_for_their_owner_alone_and_a_broken_one_stops_the_trail(tmp_path: Path) -> None:
    FolderSigner(tmp_path / "keys")
    assert (tmp_path / "keys" / "1.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    (tmp_path / "keys" / "1.pem").write_text("not a key", encoding="utf-8")
    with pytest.raises(PolicyUnavailableError):
        FolderSigner(tmp_path / "keys")


# What somebody with the database, but without the key, could do to a trail of 1,000 events.


def edit(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    seq = chance.randint(1, 1000)
    event = next(log.events(after=seq - 1))
    field = chance.choice(("at", "event", "facts", "digest", "previous"))
    new = {
        "at": event.at.replace("2026", "2025"),
        "event": event.event + "s",
        "facts": json.dumps({**event.facts, "actor": "nobody"}),
        "digest": "f" + event.digest[1:] if event.digest[0] != "f" else "e" + event.digest[1:],
        "previous": "f" * 64,
    }[field]
    connection.execute(update(audit_events).where(audit_events.c.seq == seq).values({field: new}))


def remove(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    del log
    first = chance.randint(1, 999)
    last = min(999, first + chance.choice((0, 0, 1, 50)))
    connection.execute(delete(audit_events).where(audit_events.c.seq.between(first, last)))


def remove_and_renumber(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    """Take one out and write everything after it anew, so that the chain itself is whole."""
    rewrite(connection, log, lambda events: events.pop(chance.randint(0, 998)))


def reorder(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    del log
    first, second = chance.sample(range(1, 1001), 2)
    rows = {
        row.seq: row for row in connection.execute(select(audit_events).where(audit_events.c.seq.in_((first, second))))
    }
    for here, there in ((first, second), (second, first)):
        changes = {**rows[there]._mapping, "seq": here}
        connection.execute(update(audit_events).where(audit_events.c.seq == here).values(changes))


def truncate(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    """Cut the end off, back to where a checkpoint that once was signed is the last."""
    del log
    last = 1000 - chance.randint(1, 500)
    connection.execute(delete(audit_events).where(audit_events.c.seq > last))
    connection.execute(delete(audit_checkpoints).where(audit_checkpoints.c.seq > last))


def replay(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    """Say once more, at the end and well chained, what was said before."""
    last, old = next(log.events(after=999)), next(log.events(after=chance.randint(0, 998)))
    again = seal(1001, old.at, old.event, old.facts, last.digest)
    connection.execute(insert(audit_events).values(vars_of(again)))


def rewrite(connection: Connection, log: SqlAuditLog, change: Callable[[list[AuditEvent]], object]) -> None:
    events = list(log.events())
    change(events)
    connection.execute(delete(audit_events))
    previous, rows = "0" * 64, []
    for seq, event in enumerate(events, start=1):
        sealed = seal(seq, event.at, event.event, event.facts, previous)
        previous = sealed.digest
        rows.append(vars_of(sealed))
    connection.execute(insert(audit_events), rows)


def rewrite_one(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    seq = chance.randint(0, 999)

    def change(events: list[AuditEvent]) -> None:
        events[seq] = replace(events[seq], facts={"actor": "nobody"})

    rewrite(connection, log, change)


def forge_checkpoint(connection: Connection, chance: random.Random, log: SqlAuditLog) -> None:
    """Write the trail anew and sign it with a key of one's own, under the name of ours."""
    rewrite_one(connection, chance, log)
    connection.execute(update(audit_checkpoints).values(signature="00" * 64))


def vars_of(event: AuditEvent) -> dict[str, object]:
    return {
        "seq": event.seq, "at": event.at, "event": event.event, "facts": json.dumps(event.facts),
        "previous": event.previous, "digest": event.digest,
    }  # fmt: skip


MUTATIONS = (edit, remove, remove_and_renumber, reorder, truncate, replay, rewrite_one, forge_checkpoint)


class UndoError(Exception):
    pass


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, SqlAuditLog]]:
    folder = tmp_path_factory.mktemp("thousand")
    with closing(Database(folder / "a.db")) as database:
        log = trail(database, folder)
        for number in range(1000):
            log.append("question", {"actor": f"actor-{number % 7}", "answer_id": f"a_{number}"})
        yield database, log


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_mutation_of_a_thousand_events_is_found(
    mutation: Callable[[Connection, random.Random, SqlAuditLog], None], thousand: tuple[Database, SqlAuditLog]
) -> None:
    database, log = thousand
    assert codes(log) == []
    unseen = []
    for seed in range(38):  # 8 kinds of 38 make 304
        with suppress(UndoError), database.write() as connection:
            mutation(connection, random.Random(seed), log)
            if not codes(log):
                unseen.append(seed)
            raise UndoError
    assert unseen == []
    assert codes(log) == []


def test_an_extract_is_verified_from_its_first_number(thousand: tuple[Database, SqlAuditLog]) -> None:
    _, log = thousand
    part = list(log.events(after=400))
    assert list(faults(part, log.checkpoints()[4:], log.verified, start=401)) == []
    found = list(faults(part[1:], log.checkpoints()[4:], log.verified, start=401))
    assert [(fault.code, fault.seq) for fault in found] == [("audit.missing", 402)]


def test_a_signature_is_over_number_digest_and_time() -> None:
    assert signed_part(1, "ab", "t") == b'["consilium audit checkpoint",1,"ab","t"]'


def test_a_database_that_is_away_means_no_record(postgres: PostgresServer, tmp_path: Path) -> None:
    with closing(Database(postgres.new_database())) as database:
        log = trail(database, tmp_path)
        log.append("e", {"n": 1})
        postgres.stop("immediate")
        try:
            with pytest.raises(PolicyUnavailableError) as caught:
                log.append("e", {"n": 2})
            assert (caught.value.code, caught.value.detail) == ("policy.audit_unavailable", "OperationalError")
        finally:
            postgres.start()
        log.append("e", {"n": 3})
        assert [event.facts["n"] for event in log.events()] == [1, 3]
        assert codes(log) == []
