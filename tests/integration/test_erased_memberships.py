"""What an erasure takes of who was near a subject, and what it leaves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.store.cipher import Cipher
from app.store.database import Database
from app.store.members import REASON_ERASED, SqlMembers
from app.store.outbox import SqlOutbox
from domain.access import CALLER, SUBJECT, BreakGlass, Membership, Relation
from domain.errors import ServiceError
from domain.webhooks import Endpoint
from tests.store_bytes import files_with


def member(name: str, subject: str, relation: Relation = Relation.MEMBER) -> Membership:
    return Membership(
        id=f"{name}-{subject}",
        tenant="t",
        kind=SUBJECT,
        target=subject,
        relation=relation,
        party_kind=CALLER,
        party=name,
    )


def glass(name: str, subject: str, verdict: str = "") -> BreakGlass:
    return BreakGlass(
        id=name, tenant="t", caller="c", subject=subject, purpose="treatment", reason="zqreason",
        opened_at="2026-01-01", expires_at="2026-01-02", verdict=verdict,
    )  # fmt: skip


def test_memberships_go_exclusions_stay_and_what_is_to_be_reviewed_loses_its_reason(database: Database) -> None:
    members = SqlMembers(database)
    for one in (member("a", "s1"), member("b", "s1", Relation.EXCLUDED), member("a", "s2")):
        members.add(one)
    for each in (glass("g1", "s1"), glass("g2", "s1", "justified"), glass("g3", "s2")):
        members.open(each)
    assert members.forget("t", ["s1"], []) == 3
    assert [one.party for one in members.of("t", SUBJECT, "s1")] == ["b"]
    assert [one.party for one in members.of("t", SUBJECT, "s2")] == ["a"]
    assert {one.id: one.reason for one in members.glasses("t")} == {"g1": REASON_ERASED, "g3": "zqreason"}
    assert members.forget("t", ["s1"], []) == 0
    assert members.forget("other", ["s2"], []) == 0
    assert members.forget("t", [], ["d1"]) == 0


def test_secrets_of_webhooks_are_sealed_where_a_storage_key_is_set(tmp_path: Path) -> None:
    endpoint = Endpoint(
        id="w1", tenant="t", url="https://example.org", kinds=("job.finished",), secret="whsec_zqsecretzq",
        created_at="2026-01-01",
    )  # fmt: skip
    cipher = Cipher([b"k" * 32])
    with closing(Database(tmp_path / "a.db")) as database:
        SqlOutbox(database, cipher).add_endpoint(endpoint, 0)
        ((found, _, _),) = SqlOutbox(database, cipher).endpoints("t")
        assert found == endpoint
        with pytest.raises(ServiceError, match="storage_key"):
            SqlOutbox(database).endpoints("t")
    assert files_with(tmp_path, "zqsecretzq") == []
    with closing(Database(tmp_path / "b.db")) as database:
        SqlOutbox(database).add_endpoint(endpoint, 0)
        ((found, _, _),) = SqlOutbox(database, cipher).endpoints("t")
        assert found == endpoint
