"""Keys, the owner's token and headers that are neither."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from app.identity.attempts import MOST_FAILURES, Attempts
from app.identity.authenticator import Authenticator, proof
from app.identity.keys import KeyService
from app.identity.owner import FILE, owner_token, read_owner_token
from app.system import RandomIds, RandomSecrets
from domain.audit import Fact
from domain.callers import OWNER, Caller, Role
from domain.errors import AccessError, PolicyUnavailableError, RequestError, ServiceError
from tests.fakes.clock import SetClock
from tests.fakes.keys import MemoryKeys
from tests.fakes.secret_source import CountedSecrets

ADMIN = Caller(id="ada", tenant="elm", roles=frozenset({Role.ADMINISTRATOR, Role.READER}))
TOKEN = "cso_" + "t" * 43


@dataclass
class Events:
    """An audit log that can break."""

    events: list[tuple[str, Mapping[str, Fact]]] = field(default_factory=list)
    broken: bool = False

    def append(self, event: str, facts: Mapping[str, Fact]) -> None:
        if self.broken:
            raise PolicyUnavailableError("policy.audit_unavailable")
        self.events.append((event, facts))


@dataclass
class Desk:
    """What recognises callers, over a store in memory and a clock that a test moves."""

    clock: SetClock = field(default_factory=SetClock)
    store: MemoryKeys = field(default_factory=MemoryKeys)
    audit: Events = field(default_factory=Events)

    def __post_init__(self) -> None:
        self.keys = KeyService(
            keys=self.store, audit=self.audit, clock=self.clock, ids=RandomIds(), secrets=CountedSecrets()
        )
        self.door = Authenticator(owner_token=TOKEN, keys=self.keys, tokens=None, attempts=Attempts(self.clock))

    def key(self, caller: Caller = OWNER, tenant: str = "elm", *roles: Role) -> str:
        return self.keys.create(caller, name="ward 3", tenant=tenant, roles=roles or (Role.READER,))[1]

    def asks(self, *headers: str, address: str = "192.0.2.1") -> Caller:
        return self.door.caller([header.encode("latin-1") for header in headers], address)

    def refused(self, *headers: str, address: str = "192.0.2.1") -> AccessError:
        with pytest.raises(AccessError) as caught:
            self.asks(*headers, address=address)
        return caught.value


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_key_stands_for_its_roles_and_tenant_until_it_expires(desk: Desk) -> None:
    text = desk.key(OWNER, "elm", Role.SYSTEM, Role.READER)
    (kept,) = desk.store.all("elm")
    caller = desk.asks(f"Bearer {text}")
    assert caller == Caller(id=kept.id, tenant="elm", roles=frozenset({Role.SYSTEM, Role.READER}))
    desk.clock.move(90 * 86400 - 1)
    assert desk.asks(f"Bearer {text}") == caller
    desk.clock.move(1)
    assert desk.refused(f"Bearer {text}").detail == "the key has expired"


def test_of_a_key_only_a_digest_is_kept_and_nothing_is_said_of_its_secret(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = desk.key()
    assert re.fullmatch(r"csk_[0-9a-f]{32}_[A-Za-z0-9_-]{43}", text)
    secret = text[37:]
    (kept,) = desk.store.all("elm")
    # of "a4ayc_80_OGda4BO_1o_V0etpOqiLx1JwB5S3beHW0s", by sha256sum
    assert kept.digest == "77c71ea815e5d8cb94eccbc792a34db99abfedad4a54f100da180d4788976c5d"
    for said in (str(kept), repr(kept), str(desk.audit.events), caplog.text):
        assert secret not in said


def test_a_revoked_key_is_refused_at_once_also_while_the_audit_log_is_broken(desk: Desk) -> None:
    text = desk.key()
    (kept,) = desk.store.all("elm")
    desk.audit.broken = True
    with pytest.raises(PolicyUnavailableError):
        desk.keys.revoke(ADMIN, "elm", kept.id)
    assert desk.refused(f"Bearer {text}").detail == "the key was revoked"


def test_no_key_is_made_that_is_not_recorded(desk: Desk) -> None:
    desk.audit.broken = True
    with pytest.raises(PolicyUnavailableError):
        desk.key()
    assert desk.store.all("elm") == []


def test_the_trail_says_by_ids_who_made_and_revoked_a_key(desk: Desk) -> None:
    desk.key(ADMIN)
    (kept,) = desk.store.all("elm")
    desk.keys.revoke(OWNER, "elm", kept.id)
    assert desk.audit.events == [
        (
            "key_created",
            {
                "actor": "ada",
                "key": kept.id,
                "tenant": "elm",
                "roles": ["reader"],
                "expires_at": "2026-07-30T12:00:00+00:00",
            },
        ),
        ("key_revoked", {"actor": "local", "key": kept.id, "tenant": "elm"}),
    ]


def test_what_no_key_is_cannot_be_revoked(desk: Desk) -> None:
    desk.key()
    (kept,) = desk.store.all("elm")
    for tenant, key_id in (("oak", kept.id), ("elm", "key_0")):
        with pytest.raises(RequestError) as caught:
            desk.keys.revoke(OWNER, tenant, key_id)
        assert caught.value.code == "request.not_found"


def test_the_last_day_of_use_is_kept_and_no_reason_to_refuse(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    text = desk.key()
    desk.clock.move(86400)
    desk.asks(f"Bearer {text}")
    assert [key.last_used for key in desk.store.all("elm")] == [date(2026, 5, 2)]

    def full(key_id: str, day: date) -> None:
        del key_id, day
        raise ServiceError("service.storage_unavailable")

    monkeypatch.setattr(desk.store, "used", full)
    desk.clock.move(86400)
    assert desk.asks(f"Bearer {text}").tenant == "elm"


@pytest.mark.parametrize(
    ("caller", "tenant", "roles", "why"),
    [
        (ADMIN, "elm", {Role.SYSTEM}, "you do not have these roles: system"),
        (ADMIN, "elm", {Role.READER, Role.STEWARD, Role.AUDITOR}, "you do not have these roles: auditor, steward"),
        (ADMIN, "oak", {Role.READER}, "a key is of its maker's tenant"),
        (ADMIN, "elm", {Role.OWNER}, "no key stands for the owner of the machine"),
        (OWNER, "elm", {Role.OWNER}, "no key stands for the owner of the machine"),
        (Caller(id="key_1", tenant="elm", roles=ADMIN.roles), "elm", {Role.READER}, "a key makes no keys"),
    ],
)
def test_nobody_gives_what_they_do_not_have(
    desk: Desk, caller: Caller, tenant: str, roles: set[Role], why: str
) -> None:
    with pytest.raises(AccessError) as caught:
        desk.keys.create(caller, name="x", tenant=tenant, roles=roles)
    assert (caught.value.code, caught.value.detail) == ("access.denied", why)
    assert desk.store.all(tenant) == []


@pytest.mark.parametrize(
    ("name", "roles", "days"),
    [(" ", {Role.READER}, 1), ("x", set(), 1), ("x", {Role.READER}, 0), ("x", {Role.READER}, 367)],
)
def test_a_key_has_a_name_a_role_and_an_end(desk: Desk, name: str, roles: set[Role], days: int) -> None:
    with pytest.raises(RequestError):
        desk.keys.create(OWNER, name=name, tenant="elm", roles=roles, days=days)


def test_a_secret_opens_its_own_key_alone(desk: Desk) -> None:
    first, second = desk.key(), desk.key()
    for wrong in (first[:37] + second[37:], first[:-1] + ("A" if first[-1] != "A" else "B"), first + "A", first[:-1]):
        assert desk.refused(f"Bearer {wrong}").detail == "the key is not known"
    assert desk.refused(f"Bearer {first.upper()}").detail == "no issuer of tokens is configured"
    assert desk.refused(f"Bearer csk_{'0' * 32}_{'A' * 43}").detail == "the key is not known"


def test_the_owners_token_makes_the_owner_and_nothing_like_it_does(desk: Desk) -> None:
    assert desk.asks(f"Bearer {TOKEN}") == OWNER
    assert desk.asks(f"bEARER   {TOKEN}") == OWNER
    for wrong in (TOKEN[:-1], TOKEN + "t", "cso_", TOKEN[:-1] + "u"):
        assert desk.refused(f"Bearer {wrong}").detail == "it is not the token of the owner of this machine"


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN}, Bearer {TOKEN}",
        f"Bearer\t{TOKEN}",
        f"Bearer {TOKEN}\n",
        f"Bearer {TOKEN}\x00",
        "Bearer \xff\xfe",
        "Bearer ' OR 1=1 --",
        "Bearer " + "a b" * 20_000,
    ],
)
def test_a_header_that_is_none_is_refused(desk: Desk, header: str) -> None:
    error = desk.refused(header)
    assert (error.code, error.detail) == (
        "access.identity_required",
        "the header is not: Authorization: Bearer TOKEN",
    )


def test_two_headers_are_refused_also_when_both_are_good(desk: Desk) -> None:
    assert desk.refused(f"Bearer {TOKEN}", f"Bearer {TOKEN}").detail == "there are several Authorization headers"


def test_many_failures_from_an_address_are_told_to_stop_and_keep_nobody_out(desk: Desk) -> None:
    for _ in range(MOST_FAILURES):
        assert desk.refused("Bearer wrong").code == "access.identity_required"
    assert desk.refused("Bearer wrong").code == "access.too_many_attempts"
    assert desk.refused("Bearer wrong", address="192.0.2.2").code == "access.identity_required"
    assert desk.asks(f"Bearer {TOKEN}") == OWNER
    desk.clock.move(60)
    assert desk.refused("Bearer wrong").code == "access.identity_required"


def test_who_sends_nothing_fails_no_attempt(desk: Desk) -> None:
    for _ in range(MOST_FAILURES + 5):
        error = desk.refused()
        assert (error.code, error.detail) == ("access.identity_required", "")


def test_the_addresses_of_one_house_are_one_and_memory_is_bounded() -> None:
    attempts = Attempts(SetClock())
    assert not any(attempts.failed(f"2001:db8::{number}") for number in range(MOST_FAILURES))
    assert attempts.failed("2001:db8::ffff")
    assert not attempts.failed("2001:db8:0:1::1")
    for number in range(10_050):
        attempts.failed(f"host-{number}")
    assert len(attempts._failures) == 10_000


def test_the_owners_token_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    assert read_owner_token(home) is None
    token = owner_token(home, RandomSecrets())
    assert re.fullmatch(r"cso_[A-Za-z0-9_-]{43}", token)
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert owner_token(home, RandomSecrets()) == read_owner_token(home) == token
    assert [file.name for file in home.iterdir()] == [FILE]


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644])
def test_a_token_that_everybody_may_read_or_write_is_nobodys(tmp_path: Path, mode: int) -> None:
    owner_token(tmp_path, RandomSecrets())
    (tmp_path / FILE).chmod(mode)
    assert read_owner_token(tmp_path) is None
    with pytest.raises(ServiceError) as caught:
        owner_token(tmp_path, RandomSecrets())
    assert caught.value.code == "service.storage_unavailable"


@pytest.mark.parametrize("content", ["", "cso_", "cso_short", f"{TOKEN} {TOKEN}", "\xff"])
def test_a_file_that_is_no_token_starts_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="latin-1")
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(ServiceError):
        owner_token(tmp_path, RandomSecrets())


def test_a_challenge_is_answered_by_who_knows_the_token(desk: Desk) -> None:
    assert desk.door.prove("a") == proof(TOKEN, "a") != proof(TOKEN, "b")
    assert desk.door.prove("a") != proof("cso_" + "u" * 43, "a")
