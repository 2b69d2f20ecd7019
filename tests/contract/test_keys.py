"""Keys of systems are kept the same in memory and on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.store.keys import SqlKeys
from domain.callers import Role
from domain.keys import ApiKey, KeyState
from domain.ports.keys import Keys
from tests.conftest import Empty
from tests.fakes.keys import MemoryKeys

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEY = ApiKey(
    id="key_1",
    name="ward 3",
    tenant="elm",
    roles=frozenset({Role.SYSTEM, Role.READER}),
    digest="ab" * 32,
    created_at=NOON,
    created_by="local",
    expires_at=NOON + timedelta(days=90),
)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def opened(request: pytest.FixtureRequest, empty: Empty) -> Iterator[Callable[[], Keys]]:
    """Yield a way to open the same store again."""
    if request.param == "memory":
        made = MemoryKeys()
        yield lambda: made
        return
    database = empty(request.param)
    yield lambda: SqlKeys(database)


def test_a_key_comes_back_as_it_was_kept(opened: Callable[[], Keys]) -> None:
    opened().add(KEY)
    assert opened().by_id("key_1") == KEY
    assert opened().by_id("key_2") is None
    assert opened().by_id("' OR 1=1 --") is None


def test_keys_are_of_their_tenant_oldest_first(opened: Callable[[], Keys]) -> None:
    late, early = replace(KEY, id="key_2", created_at=NOON + timedelta(hours=1)), replace(KEY, id="key_3")
    for key in (late, early, KEY, replace(KEY, id="key_4", tenant="oak")):
        opened().add(key)
    assert [key.id for key in opened().all("elm")] == ["key_1", "key_3", "key_2"]
    assert [key.id for key in opened().all("oak")] == ["key_4"]
    assert opened().all("ash") == []


def test_a_key_is_revoked_once_and_by_its_tenant_alone(opened: Callable[[], Keys]) -> None:
    opened().add(KEY)
    assert not opened().revoke("oak", "key_1", NOON)
    assert not opened().revoke("elm", "key_2", NOON)
    assert opened().by_id("key_1") == KEY
    assert opened().revoke("elm", "key_1", NOON)
    assert opened().revoke("elm", "key_1", NOON + timedelta(hours=1))
    assert opened().by_id("key_1") == replace(KEY, revoked_at=NOON)


def test_the_last_day_of_use_is_kept(opened: Callable[[], Keys]) -> None:
    opened().add(KEY)
    opened().used("key_1", date(2026, 5, 2))
    assert opened().by_id("key_1") == replace(KEY, last_used=date(2026, 5, 2))


def test_a_store_knows_whether_any_key_is_accepted(opened: Callable[[], Keys]) -> None:
    assert not opened().any_active(NOON)
    opened().add(KEY)
    assert opened().any_active(KEY.expires_at - timedelta(microseconds=1))
    assert not opened().any_active(KEY.expires_at)
    opened().revoke("elm", "key_1", NOON)
    assert not opened().any_active(NOON)


def test_a_key_says_whether_it_is_accepted_and_never_shows_its_digest() -> None:
    assert KEY.state(NOON) is KeyState.ACTIVE
    assert KEY.state(KEY.expires_at) is KeyState.EXPIRED
    assert replace(KEY, revoked_at=NOON).state(NOON) is KeyState.REVOKED
    assert "abab" not in repr(KEY)
