"""People sign in for the web client: our server exchanges the code, and checks that the answer is for this sign-in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Consilium, Replacements, build
from app.identity.sign_in import Exchange, SignIn
from app.settings import load_settings
from app.system import SystemClock
from domain.errors import AccessError, ServiceError
from tests.clients import stranger_to
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.issuer_documents import MemoryIssuerDocuments
from tests.issuer import AUDIENCE, Issuer, b64

ISSUER = "https://id.example"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
NONCE = "0123456789abcdef"
ASKED = Exchange(code="c", code_verifier=VERIFIER, redirect_uri="https://us.example/signed-in", nonce=NONCE)
FOUND = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
}


def identity(**claims: Any) -> str:
    told = {"iss": ISSUER, "aud": "web", "nonce": NONCE} | claims
    return f"{b64(b'{}')}.{b64(json.dumps(told).encode())}.{b64(b'signature')}"


def answer(**more: Any) -> dict[str, Any]:
    return {"access_token": "at", "token_type": "Bearer", "expires_in": 600, "id_token": identity()} | more


def sign_in(said: dict[str, Any], found: dict[str, Any] | None = None, *, openid: bool = True) -> SignIn:
    documents = MemoryIssuerDocuments(
        {f"{ISSUER}/.well-known/openid-configuration": found or FOUND, f"{ISSUER}/token": {}}
    )
    documents.codes["c"] = said
    return SignIn(ISSUER, "web", openid=openid, documents=documents, clock=SystemClock())


def test_a_code_gives_the_token() -> None:
    found = sign_in(answer()).exchange(ASKED)
    assert (found.access_token, found.expires_in) == ("at", 600)


@pytest.mark.parametrize(
    "said",
    [
        answer(access_token=""),
        answer(access_token=None),
        answer(token_type="DPoP"),
        answer(id_token=None),
        answer(id_token="a.b"),
        answer(id_token="a.!.c"),
        answer(id_token=f"a.{base64.b64encode(b'[]').decode()}.c"),
        answer(id_token=identity(nonce="another nonce")),
        answer(id_token=identity(nonce=None)),
        answer(id_token=identity(iss="https://evil.example")),
        answer(id_token=identity(aud="another")),
        answer(id_token=identity(aud=["another", "third"])),
    ],
)
def test_an_answer_that_is_not_for_this_sign_in_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(AccessError) as caught:
        sign_in(said).exchange(ASKED)
    assert caught.value.code == "access.identity_required"


def test_without_the_scope_openid_no_identity_is_asked_for() -> None:
    assert sign_in(answer(id_token=None), openid=False).exchange(ASKED).access_token == "at"


@pytest.mark.parametrize(
    "found",
    [
        FOUND | {"issuer": "https://other.example"},
        FOUND | {"token_endpoint": "http://id.example/token"},
        FOUND | {"authorization_endpoint": "javascript:alert(1)"},
        FOUND | {"authorization_endpoint": None},
    ],
)
def test_an_issuer_that_says_what_cannot_be_trusted_is_as_one_that_is_silent(found: dict[str, Any]) -> None:
    with pytest.raises(ServiceError) as caught:
        sign_in(answer(), found).exchange(ASKED)
    assert caught.value.code == "service.issuer_unavailable"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[Consilium]:
    settings = load_settings(
        home=tmp_path_factory.mktemp("sign-in"),
        index="memory",
        oidc_issuer=issuer.url,
        oidc_audience=AUDIENCE,
        oidc_client_id="web",
    )
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        yield consilium


@pytest.fixture
def stranger(service: Consilium) -> Iterator[TestClient]:
    with stranger_to(service, raise_server_exceptions=False) as client:
        yield client


def body(code: str, **more: str) -> dict[str, str]:
    return {"code": code, "code_verifier": VERIFIER, "redirect_uri": "http://us/signed-in", "nonce": NONCE} | more


def code_of(endpoint: str) -> str:
    asked = {
        "client_id": "web", "redirect_uri": "http://us/signed-in", "state": "s", "nonce": NONCE,
        "code_challenge": CHALLENGE,
    }  # fmt: skip
    sent_back = httpx.get(f"{endpoint}?{urlencode(asked)}").headers["location"]
    return httpx.URL(sent_back).params["code"]


def test_somebody_comes_back_with_a_code_and_is_known_from_then_on(stranger: TestClient, issuer: Issuer) -> None:
    endpoint = stranger.get("/v1/identity/issuer").json()["authorization_endpoint"]
    assert endpoint == f"{issuer.url}/authorize"
    code = code_of(endpoint)
    token = stranger.post("/v1/identity/tokens", json=body(code)).json()["access_token"]
    who = stranger.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (who["id"], who["roles"]) == ("dr-okafor", ["professional"])
    again = stranger.post("/v1/identity/tokens", json=body(code))
    assert again.status_code == 401
    assert again.json()["code"] == "access.identity_required"


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": "x" * 43}, {"redirect_uri": "http://evil/signed-in"}, {"nonce": "f" * 16}]
)
def test_a_code_is_no_use_without_the_secrets_of_the_tab_that_asked(
    stranger: TestClient, issuer: Issuer, wrong: dict[str, str]
) -> None:
    response = stranger.post("/v1/identity/tokens", json=body(code_of(f"{issuer.url}/authorize"), **wrong))
    assert response.status_code == 401
    assert "access_token" not in response.text


def test_an_issuer_that_is_down_is_said_so(stranger: TestClient, issuer: Issuer) -> None:
    issuer.down = True
    try:
        response = stranger.post("/v1/identity/tokens", json=body("c"))
    finally:
        issuer.down = False
    assert response.status_code == 503
    assert response.json()["code"] == "service.issuer_unavailable"
