"""The rules of RFC 8725 and RFC 9068: tokens that the whole service must refuse, and some that it must take."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import serialization
from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from domain.ports.embedder import Embedder
from tests.clients import stranger_to
from tests.issuer import (
    AUDIENCE,
    JSON,
    Issuer,
    Sign,
    b64,
    compact,
    eddsa,
    es256,
    hs256,
    ps256,
    rs256,
    rsa_jwk,
    rsa_key,
)

pytestmark = pytest.mark.xdist_group("tokens")  # one service and one issuer for all
OURS: Final = rs256(rsa_key("one"))
THEIRS: Final = rs256(rsa_key("attacker"))
HOUR: Final = 3600


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder, issuer: Issuer) -> Iterator[Consilium]:
    settings = load_settings(
        home=tmp_path_factory.mktemp("tokens"),
        index="memory",
        oidc_issuer=issuer.url,
        oidc_audience=AUDIENCE,
        oidc_algorithms="RS256, ES256 PS256,EdDSA",
    )
    with build(settings, Replacements(embedder=encoder)) as consilium:
        yield consilium


def header(**more: Any) -> JSON:
    return {"alg": "RS256", "kid": "one", "typ": "at+jwt", **more}


def claims(issuer: Issuer, *without: str, **more: Any) -> JSON:
    now = int(time.time())
    said = {
        "iss": issuer.url,
        "aud": AUDIENCE,
        "sub": "anna",
        "client_id": "web",
        "jti": "1",
        "iat": now,
        "exp": now + HOUR,
        "roles": ["professional", "owner", "gardener"],
        "groups": ["ward-3"],
        **more,
    }
    return {name: value for name, value in said.items() if name not in without}


def says(*without: str, head: Mapping[str, Any] | None = None, sign: Sign = OURS, **more: Any) -> Callable[..., str]:
    """Return what makes a token of ours with other claims or headers."""
    return lambda issuer: compact(header(**(head or {})), claims(issuer, *without, **more), sign)


def headed(sign: Sign = OURS, **head: Any) -> Callable[..., str]:
    return says(head=head, sign=sign)


def good(issuer: Issuer) -> str:
    return compact(header(), claims(issuer), OURS)


def raw_header(text: bytes) -> Callable[..., str]:
    return lambda issuer: compact(text, claims(issuer), OURS)


def raw_claims(make: Callable[[str], str]) -> Callable[..., str]:
    """Return a token whose claims are a text that is made of the JSON of good ones."""
    return lambda issuer: compact(header(), make(json.dumps(claims(issuer))).encode(), OURS)


def public_pem() -> bytes:
    return (
        rsa_key("one")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def parts_of(change: Callable[[str, str, str], str]) -> Callable[..., str]:
    return lambda issuer: change(*good(issuer).split("."))


def nested(issuer: Issuer) -> str:
    """Return a token within a token."""
    return compact(header(cty="JWT"), good(issuer).encode(), OURS)


def with_address(name: str, issuer: Issuer) -> str:
    """Return what an attacker signed, with the address of the attacker's own keys in it."""
    return compact(header(kid="attacker", **{name: f"{issuer.url}/attacker"}), claims(issuer), THEIRS)


NOW: Final = time.time()
KEY_IDS = {
    "path": "../../../../dev/null",
    "sql": "x' UNION SELECT 'c2VjcmV0' --",
    "url": "https://attacker.example/key",
    "very long": "k" * 4000,
    "empty": "",
    "nul": "one\x00",
    "number": 1,
    "list": ["one"],
    "null": None,
    "owner file": "owner.token",
}
REFUSED: dict[str, tuple[Callable[..., str], str]] = {
    "hs256 with the public key as secret": (
        headed(hs256(public_pem()), alg="HS256"),
        "its algorithm is not accepted",
    ),
    "hs256 with the public JWK as secret": (
        headed(hs256(json.dumps(rsa_jwk("one")).encode()), alg="HS256"),
        "its algorithm is not accepted",
    ),
    "hs256 with an empty secret": (headed(hs256(b""), alg="HS256"), "its algorithm is not accepted"),
    "none": (headed(lambda _: b"x", alg="none"), "its algorithm is not accepted"),
    "None": (headed(lambda _: b"x", alg="None"), "its algorithm is not accepted"),
    "none without a signature": (headed(lambda _: b"", alg="none"), "it is no signed token"),
    "no algorithm": (raw_header(b'{"kid": "one", "typ": "at+jwt"}'), "its algorithm is not accepted"),
    "algorithm as a list": (headed(alg=["RS256"]), "its algorithm is not accepted"),
    "rs384": (headed(alg="RS384"), "its algorithm is not accepted"),
    "es256k": (headed(alg="ES256K"), "its algorithm is not accepted"),
    "lower case": (headed(alg="rs256"), "its algorithm is not accepted"),
    "ps256 with a key that is for rs256": (headed(ps256(rsa_key("one")), alg="PS256"), "its key is not known"),
    "es256 with an rsa key": (headed(alg="ES256"), "its key is not known"),
    "eddsa with a key on p-256": (headed(eddsa, alg="EdDSA", kid="ec"), "its key is not known"),
    "es256 with zeros": (headed(lambda _: bytes(64), alg="ES256", kid="ec"), "its signature is wrong"),
    "another's signature": (headed(THEIRS), "its signature is wrong"),
    "empty signature": (headed(lambda _: b""), "it is no signed token"),
    "half a signature": (headed(lambda data: OURS(data)[:128]), "its signature is wrong"),
    "changed claims": (
        parts_of(lambda head, body, seal: f"{head}.{b64(b'{}')}.{seal}" if body else ""),
        "its signature is wrong",
    ),
    "last bits of the signature": (
        parts_of(lambda head, body, seal: f"{head}.{body}.{seal[:-1]}{chr(ord(seal[-1]) + 1)}"),
        "it is not encoded as tokens are",
    ),
    **{
        f"key id: {name}": (
            headed(kid=value),
            "its key is not known"
            if isinstance(value, str) and 0 < len(value) < 200 and "\0" not in value
            else "it names no key",
        )
        for name, value in KEY_IDS.items()
    },
    "no key id": (raw_header(b'{"alg": "RS256", "typ": "at+jwt"}'), "it names no key"),
    "jku": (lambda issuer: with_address("jku", issuer), "its key is not known"),
    "x5u": (lambda issuer: with_address("x5u", issuer), "its key is not known"),
    "jku with our key id": (headed(THEIRS, jku="https://attacker.example/keys"), "its signature is wrong"),
    "jwk": (headed(THEIRS, jwk=rsa_jwk("attacker")), "its signature is wrong"),
    "jwk with its own key id": (headed(THEIRS, jwk=rsa_jwk("attacker"), kid="attacker"), "its key is not known"),
    "x5c": (headed(THEIRS, x5c=["MIIB"]), "its signature is wrong"),
    "unknown critical header": (headed(crit=["exp"], exp=1), "it has a critical header"),
    "empty critical header": (headed(crit=[]), "it has a critical header"),
    "payload that is not encoded": (headed(b64=False, crit=["b64"]), "it has a critical header"),
    "duplicate header": (
        raw_header(b'{"alg": "HS256", "alg": "RS256", "kid": "one", "typ": "at+jwt"}'),
        "it holds no clear JSON object",
    ),
    "sign-in token": (headed(typ="JWT"), "its type is not accepted"),
    "logout token": (headed(typ="logout+jwt"), "its type is not accepted"),
    "no type": (raw_header(b'{"alg": "RS256", "kid": "one"}'), "its type is not accepted"),
    "type as a number": (headed(typ=1), "its type is not accepted"),
    "header that is a list": (raw_header(b"[]"), "it holds no clear JSON object"),
    "header with a nul": (raw_header(b'{"alg": "RS256\\u0000"}'), "its algorithm is not accepted"),
    "encrypted": (
        lambda _: ".".join([b64(b'{"alg": "RSA-OAEP", "enc": "A256GCM"}'), *(b64(b"x" * 12),) * 4]),
        "it is no signed token",
    ),
    "nested": (nested, "it holds no clear JSON object"),
    "two parts": (parts_of(lambda head, body, _: f"{head}.{body}"), "it is no signed token"),
    "four parts": (parts_of(lambda head, body, seal: f"{head}.{body}.{seal}.x"), "it is no signed token"),
    "padded": (parts_of(lambda head, body, seal: f"{head}.{body}.{seal}=="), "it is no signed token"),
    "oversized": (says(more="x" * 8192), "it is too long"),
    "wrong issuer": (says(iss="https://attacker.example"), "it is of another issuer"),
    "issuer with a slash more": (lambda issuer: says(iss=f"{issuer.url}/")(issuer), "it is of another issuer"),
    "issuer as a list": (lambda issuer: says(iss=[issuer.url])(issuer), "it is of another issuer"),
    "no issuer": (says("iss"), "it is of another issuer"),
    "wrong audience": (says(aud="https://other.example"), "it is for another audience"),
    "audience of which ours is a part": (says(aud=f"{AUDIENCE}.attacker.example"), "it is for another audience"),
    "audiences without ours": (says(aud=["a", "b"]), "it is for another audience"),
    "audience as an object": (says(aud={AUDIENCE: 1}), "it is for another audience"),
    "audiences with a number": (says(aud=[AUDIENCE, 1]), "it is for another audience"),
    "no audience": (says("aud"), "it is for another audience"),
    "expired": (says(exp=NOW - 60), "it has expired"),
    "expired for ever": (says(exp=0), "it has expired"),
    "no expiry": (says("exp"), "exp is missing or no time"),
    "expiry as a text": (says(exp="9999999999"), "exp is missing or no time"),
    "expiry that is true": (says(exp=True), "exp is missing or no time"),
    "expiry that never comes": (says(exp=1e300), "exp is missing or no time"),
    "expiry before all time": (says(exp=-1), "exp is missing or no time"),
    "infinite expiry": (
        raw_claims(lambda text: text.replace('"exp": ', '"exp": Infinity, "was": ')),
        "it holds no clear JSON object",
    ),
    "expiry of five thousand digits": (
        raw_claims(lambda text: text.replace('"exp": ', f'"exp": {"9" * 5000}, "was": ')),
        "it holds no clear JSON object",
    ),
    "not valid yet": (says(nbf=NOW + HOUR), "it is not valid yet"),
    "validity as a text": (says(nbf="1"), "nbf is missing or no time"),
    "issued in the future": (says(iat=NOW + HOUR), "it was issued in the future"),
    "no time of issue": (says("iat"), "iat is missing or no time"),
    "duplicate claims": (
        raw_claims(lambda text: text[:-1] + ', "sub": "bert"}'),
        "it holds no clear JSON object",
    ),
    "duplicate claims further in": (
        raw_claims(lambda text: text[:-1] + ', "x": {"a": 1, "a": 2}}'),
        "it holds no clear JSON object",
    ),
    "something after the claims": (raw_claims(lambda text: text + "{}"), "it holds no clear JSON object"),
    "claims that are a list": (raw_claims(lambda text: f"[{text}]"), "it holds no clear JSON object"),
    "claims that are very deep": (
        raw_claims(lambda text: text[:-1] + ', "x": ' + "[" * 5000 + "]" * 200 + "}"),
        "it holds no clear JSON object",
    ),
    "claims that are not utf-8": (
        lambda issuer: compact(header(), json.dumps(claims(issuer))[:-1].encode() + b', "x": "\xff"}', OURS),
        "it holds no clear JSON object",
    ),
    "no subject": (says("sub"), "it names nobody"),
    "empty subject": (says(sub=""), "it names nobody"),
    "subject as a number": (says(sub=1), "it names nobody"),
    "subject with a nul": (says(sub="anna\x00admin"), "it names nobody"),
    "subject with a line break": (says(sub="anna\nbert"), "it names nobody"),
    "subject with half a character": (says(sub="anna\ud800"), "it names nobody"),
    "very long subject": (says(sub="a" * 256), "it names nobody"),
    "the owner of the machine as subject": (says(sub="local"), "it names nobody"),
    "a key as subject": (says(sub="key_0123"), "it names nobody"),
    "bound to a key": (says(cnf={"jkt": "x"}), "it is bound to a key"),
    "roles as a number": (says(roles=7), "its roles or teams are no list of names"),
    "teams as an object": (says(groups={"ward-3": True}), "its roles or teams are no list of names"),
    "teams with a nul": (says(groups=["ward\x00"]), "its roles or teams are no list of names"),
}


@pytest.fixture(scope="module")
def answered(service: Consilium, issuer: Issuer) -> dict[str, tuple[int, JSON, str]]:
    """Return what the service says to each token, each sent from an address of its own."""
    found, application = {}, create_application(service)
    for place, (name, (make, _)) in enumerate(REFUSED.items()):
        client = TestClient(application, raise_server_exceptions=False, client=(f"10.0.0.{place}", 1))
        response = client.get("/v1/me", headers={"Authorization": f"Bearer {make(issuer)}"})
        found[name] = response.status_code, response.json(), response.headers["WWW-Authenticate"]
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_a_token_that_breaks_a_rule_is_refused_with_the_reason(
    answered: dict[str, tuple[int, JSON, str]], name: str
) -> None:
    status, problem, challenge = answered[name]
    assert (status, problem["code"]) == (401, "access.identity_required")
    assert problem["detail"].endswith(f" (the token is refused: {REFUSED[name][1]})"), problem["detail"]
    assert challenge == 'Bearer realm="consilium", error="invalid_token"'


def test_addresses_and_strange_key_ids_in_tokens_are_never_followed(
    answered: dict[str, tuple[int, JSON, str]], issuer: Issuer
) -> None:
    assert len(answered) == len(REFUSED)
    assert set(issuer.paths) == {"/.well-known/openid-configuration", "/keys"}


ACCEPTED: dict[str, Callable[..., str]] = {
    "as the RFC has it": good,
    "on P-256": lambda issuer: compact(header(alg="ES256", kid="ec"), claims(issuer), es256),
    "on Ed25519": lambda issuer: compact(header(alg="EdDSA", kid="ed"), claims(issuer), eddsa),
    "on Ed25519 by its newer name": lambda issuer: compact(header(alg="Ed25519", kid="ed"), claims(issuer), eddsa),
    "with PSS, by a key for any algorithm": headed(ps256(rsa_key("any")), alg="PS256", kid="any"),
    "with the long type": headed(typ="application/AT+JWT"),
    "for several audiences": says(aud=["https://other.example", AUDIENCE]),
    "expired within the leeway": lambda issuer: compact(header(), claims(issuer, exp=time.time() - 5), OURS),
    "with headers that nobody looks at": headed(jku="https://a.example", x5t="x", jwk=rsa_jwk("attacker"), more=1),
    "with roles as a text": says(roles="professional gardener"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_token_that_keeps_all_rules_says_who_calls(service: Consilium, issuer: Issuer, name: str) -> None:
    with stranger_to(service) as client:
        response = client.get("/v1/me", headers={"Authorization": f"bearer  {ACCEPTED[name](issuer)}"})
    assert response.json() == {"id": "anna", "tenant": "default", "roles": ["professional"], "teams": ["ward-3"]}


def built(home: Path, encoder: Embedder, issuer: Issuer, **more: Any) -> Consilium:
    settings = load_settings(home=home, index="memory", oidc_issuer=issuer.url, oidc_audience=AUDIENCE, **more)
    return build(settings, Replacements(embedder=encoder))


def test_algorithms_that_are_not_configured_are_refused(tmp_path: Path, encoder: Embedder, issuer: Issuer) -> None:
    with built(tmp_path, encoder, issuer) as narrow, stranger_to(narrow) as client:
        for name, status in (("as the RFC has it", 200), ("on P-256", 200), ("on Ed25519", 401)):
            sent = {"Authorization": f"Bearer {ACCEPTED[name](issuer)}"}
            assert client.get("/v1/me", headers=sent).status_code == status, name


def test_tenant_roles_and_teams_come_from_the_claims_that_are_configured(
    tmp_path: Path, encoder: Embedder, issuer: Issuer
) -> None:
    named = {
        "oidc_roles_claim": "realm_access.roles",
        "oidc_tenant_claim": "https://example.com/tenant",
        "oidc_teams_claim": "teams",
        "oidc_token_types": "JWT",
    }
    more: dict[str, Any] = {
        "realm_access": {"roles": ["auditor", "system"]},
        "https://example.com/tenant": "elm",
        "teams": ["a", "b"],
    }
    with built(tmp_path, encoder, issuer, **named) as service, stranger_to(service) as client:
        token = says(head={"typ": "JWT"}, **more)(issuer)
        found = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert found == {"id": "anna", "tenant": "elm", "roles": ["auditor", "system"], "teams": ["a", "b"]}
        for tenant in (None, "", 7, ["elm"]):
            token = says(head={"typ": "JWT"}, **more | {"https://example.com/tenant": tenant})(issuer)
            refused = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert refused.json()["detail"].endswith("it names no tenant)")


def test_while_the_issuer_is_down_a_token_of_an_unknown_key_is_not_judged(tmp_path: Path, encoder: Embedder) -> None:
    with Issuer() as issuer, built(tmp_path, encoder, issuer) as service, stranger_to(service) as client:
        issuer.down = True
        response = client.get("/v1/me", headers={"Authorization": f"Bearer {good(issuer)}"})
        assert (response.status_code, response.json()["code"]) == (503, "service.issuer_unavailable")
