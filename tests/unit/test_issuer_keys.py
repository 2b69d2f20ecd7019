"""An issuer's keys are found again when they change, and strangers cannot make us ask for them all the time."""

from __future__ import annotations

from typing import Any

import pytest

from app.identity.addresses import is_private_line
from app.identity.issuer import IssuerKeys
from app.identity.jose import key_ring, verified
from domain.errors import ServiceError
from tests.fakes.clock import SetClock
from tests.fakes.issuer_documents import MemoryIssuerDocuments
from tests.issuer import ec_jwk, ed_jwk, eddsa, rs256, rsa_jwk, rsa_key

NAME = "https://issuer.example/realms/a"
DISCOVERY = f"{NAME}/.well-known/openid-configuration"
KEYS = "https://issuer.example/keys"


def published(*keys: dict[str, Any]) -> MemoryIssuerDocuments:
    found = {"issuer": NAME, "jwks_uri": KEYS}
    return MemoryIssuerDocuments({DISCOVERY: found, KEYS: {"keys": list(keys)}})


def test_a_key_that_is_new_is_found_and_one_that_is_gone_is_forgotten() -> None:
    documents, clock = published(rsa_jwk("one")), SetClock()
    keys = IssuerKeys(NAME, documents, clock)
    assert keys.find("one", "RS256") is not None
    documents.documents[KEYS] = {"keys": [rsa_jwk("two")]}
    clock.move(61)
    assert keys.find("two", "RS256") is not None
    assert keys.find("one", "RS256") is None


def test_unknown_keys_make_us_ask_at_most_once_a_minute() -> None:
    documents, clock = published(rsa_jwk("one")), SetClock()
    keys = IssuerKeys(NAME, documents, clock)
    for number in range(1000):
        assert keys.find(f"x{number}", "RS256") is None
        clock.move(0.05)
    assert documents.asked == [DISCOVERY, KEYS]
    clock.move(10.1)
    assert keys.find("x", "RS256") is None
    assert documents.asked == [DISCOVERY, KEYS] * 2


def test_known_keys_outlive_an_issuer_that_is_down_for_a_day_and_no_longer() -> None:
    documents, clock = published(rsa_jwk("one")), SetClock()
    keys = IssuerKeys(NAME, documents, clock)
    keys.find("one", "RS256")
    documents.documents.clear()
    clock.move(23 * 3600)
    assert keys.find("one", "RS256") is not None
    with pytest.raises(ServiceError) as caught:
        keys.find("two", "RS256")
    assert caught.value.code == "service.issuer_unavailable"
    clock.move(3600)
    with pytest.raises(ServiceError):
        keys.find("one", "RS256")


def test_an_issuer_that_comes_back_is_heard_within_seconds() -> None:
    documents, clock = published(rsa_jwk("one")), SetClock()
    kept = dict(documents.documents)
    documents.documents.clear()
    keys = IssuerKeys(NAME, documents, clock)
    for _ in range(3):
        with pytest.raises(ServiceError):
            keys.find("one", "RS256")
    assert len(documents.asked) == 1
    documents.documents.update(kept)
    clock.move(5)
    assert keys.find("one", "RS256") is not None


def test_keys_are_fetched_anew_each_hour() -> None:
    documents, clock = published(rsa_jwk("one")), SetClock()
    keys = IssuerKeys(NAME, documents, clock)
    keys.find("one", "RS256")
    documents.documents[KEYS] = {"keys": []}
    clock.move(3599)
    assert keys.find("one", "RS256") is not None
    clock.move(1)
    assert keys.find("one", "RS256") is None


@pytest.mark.parametrize(
    "found",
    [
        {"issuer": "https://other.example", "jwks_uri": KEYS},
        {"jwks_uri": KEYS},
        {"issuer": NAME},
        {"issuer": NAME, "jwks_uri": "http://issuer.example/keys"},
        {"issuer": NAME, "jwks_uri": "file:///etc/passwd"},
        {"issuer": NAME, "jwks_uri": ["https://issuer.example/keys"]},
    ],
)
def test_an_issuer_that_says_strange_things_gives_no_keys(found: dict[str, Any]) -> None:
    documents = published(rsa_jwk("one"))
    documents.documents[DISCOVERY] = found
    with pytest.raises(ServiceError):
        IssuerKeys(NAME, documents, SetClock()).find("one", "RS256")
    assert documents.asked == [DISCOVERY]


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "kid": "k", "k": "c2VjcmV0"},
        rsa_jwk("k", use="enc"),
        rsa_jwk("k") | {"key_ops": ["sign"]},
        rsa_jwk("k") | {"key_ops": "verify"},
        rsa_jwk("k") | {"d": "AQ"},
        rsa_jwk("k") | {"n": "AQAB"},
        rsa_jwk("k") | {"n": 5},
        rsa_jwk("k") | {"e": "AQ"},
        rsa_jwk("k", alg="RSA-OAEP"),
        rsa_jwk("k") | {"kid": 1},
        rsa_jwk("k") | {"kty": ["RSA"]},
        {"kty": "RSA", "kid": "k"},
        ec_jwk() | {"crv": "secp256k1"},
        ec_jwk() | {"y": ec_jwk()["x"]},
        ed_jwk() | {"crv": "X25519"},
        ed_jwk() | {"x": "AQ"},
        "key",
        None,
    ],
)
def test_a_key_that_cannot_verify_tokens_is_passed_over(jwk: Any) -> None:
    assert set(key_ring({"keys": [jwk, rsa_jwk("one", alg="RS256")]})) == {("one", "RS256")}


def test_a_short_rsa_key_is_passed_over() -> None:
    numbers = rsa_key("short", 1024).public_key().public_numbers()
    short = rsa_jwk("one") | {"n": rsa_jwk("one")["n"][:100]}
    assert numbers.n.bit_length() == 1024
    assert key_ring({"keys": [short]}) == {}


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": "x"}, {"keys": [{}] * 101}])
def test_what_is_no_list_of_keys_is_an_error(document: dict[str, Any]) -> None:
    with pytest.raises(ServiceError):
        key_ring(document)


def test_the_first_of_two_keys_with_one_id_stays() -> None:
    second = rsa_jwk("two") | {"kid": "one"}
    ring = key_ring({"keys": [rsa_jwk("one"), second]})
    assert verified("RS256", ring["one", "RS256"], b"x", rs256(rsa_key("one"))(b"x"))
    assert not verified("RS256", ring["one", "RS256"], b"x", rs256(rsa_key("two"))(b"x"))


def test_a_signature_of_any_length_is_only_wrong() -> None:
    ring = key_ring({"keys": [rsa_jwk("one"), ec_jwk(), ed_jwk()]})
    assert verified("EdDSA", ring["ed", "EdDSA"], b"x", eddsa(b"x"))
    for (_, algorithm), key in ring.items():
        for size in (0, 1, 63, 64, 65, 255, 256, 257, 1000):
            assert not verified(algorithm, key, b"x", bytes(size)), (algorithm, size)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://issuer.example", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://[::1]/x", True),
        ("http://localhost", True),
        ("http://issuer.example", False),
        ("http://127.0.0.1.attacker.example", False),
        ("http://localhost@attacker.example", False),
        ("https://user@issuer.example", False),
        ("https://issuer.example/#x", False),
        ("ftp://127.0.0.1", False),
        ("https://", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_a_line_is_private_under_tls_or_within_the_machine(url: str, private: bool) -> None:  # noqa: FBT001 - a table
    assert is_private_line(url) is private
