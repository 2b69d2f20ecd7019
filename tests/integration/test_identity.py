"""Who calls, over HTTP: nobody unknown comes in, and keys are made, used and revoked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Consilium, Replacements, build
from app.cli.door import credential_for, running_server
from app.cli.server import run
from app.settings import load_settings
from app.store.opening import open_audit, open_keys
from domain.callers import OWNER, Caller, Role
from domain.errors import CODES, RequestError
from domain.ports.embedder import Embedder
from tests.clients import client_as, client_of, owner_headers, stranger_to

ALWAYS = {"/healthz", "/readyz", "/openapi.json", "/v1/identity/configuration"}
OPEN = ALWAYS | {"/v1/identity/issuer", "/v1/identity/tokens"}  # without an issuer there is nothing at the two


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path_factory.mktemp("identity"), index="memory")
    with build(settings, Replacements(embedder=encoder)) as consilium:
        yield consilium


@pytest.fixture
def owner(service: Consilium) -> Iterator[TestClient]:
    with client_of(service, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def stranger(service: Consilium) -> Iterator[TestClient]:
    with stranger_to(service, raise_server_exceptions=False) as client:
        yield client


def test_every_route_but_the_open_ones_asks_who_calls(stranger: TestClient) -> None:
    document = stranger.get("/openapi.json").json()
    closed = 0
    for path, item in document["paths"].items():
        for method in item:
            response = stranger.request(method, path.replace("{", "").replace("}", ""))
            assert (response.status_code == 401) is (path not in OPEN), (method, path)
            if path not in OPEN:
                closed += 1
                assert response.json()["code"] == "access.identity_required"
                assert response.json()["detail"] == CODES["access.identity_required"]
                assert response.headers["WWW-Authenticate"] == 'Bearer realm="consilium"'
    assert closed >= 17


@pytest.mark.parametrize(
    "path",
    ["/v1/nothing", "/nothing", "/healthz/", "/HEALTHZ", "http://testserver//healthz", "/readyz/../v1/me", "/v1"],
)
def test_a_path_that_is_not_open_tells_a_stranger_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 401


def test_a_strangers_body_is_refused_before_it_is_read(stranger: TestClient) -> None:
    response = stranger.post("/v1/answers", content=b"{", headers={"content-type": "application/json"})
    assert response.status_code == 401
    response = stranger.post("/v1/documents", files={"file": ("x.txt", b"x" * 100_000)})
    assert response.status_code == 401


def test_open_routes_need_no_token_and_a_bad_one_does_not_hinder(service: Consilium) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "nonsense"}):
        with stranger_to(service, headers=headers) as client:
            for path in sorted(ALWAYS):
                assert client.get(path).status_code == 200, path


def test_how_much_is_stored_is_for_those_who_are_known(owner: TestClient, stranger: TestClient) -> None:
    assert owner.get("/readyz").json() == {"status": "ready", "passages": 0}
    assert stranger.get("/readyz").json() == {"status": "ready"}


def test_the_openapi_document_says_how_to_say_who_calls(stranger: TestClient) -> None:
    document = stranger.get("/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    assert {name: (one["type"], one["scheme"]) for name, one in schemes.items()} == {
        "token": ("http", "bearer"),
        "key": ("http", "bearer"),
        "owner": ("http", "bearer"),
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            named = sorted(name for one in operation.get("security", []) for name in one)
            assert named == ([] if path in OPEN else ["key", "owner", "token"]), (method, path)


def test_everybody_may_know_who_they_are(service: Consilium, owner: TestClient) -> None:
    assert owner.get("/v1/me").json() == {"id": "local", "tenant": "default", "roles": ["owner"], "teams": []}
    anna = Caller(id="anna", tenant="elm", roles=frozenset({Role.STEWARD, Role.READER}), teams=frozenset({"b", "a"}))
    with client_as(service, anna) as client:
        found = client.get("/v1/me").json()
    assert found == {"id": "anna", "tenant": "elm", "roles": ["reader", "steward"], "teams": ["a", "b"]}


def test_how_people_sign_in_is_told_without_secrets(tmp_path: Path, encoder: Embedder, stranger: TestClient) -> None:
    path = "/v1/identity/configuration"
    assert stranger.get(path).json()["issuer"] is None
    settings = load_settings(
        home=tmp_path,
        index="memory",
        oidc_issuer="https://issuer.example",
        oidc_audience="https://consilium.example",
        oidc_client_id="consilium-web",
    )
    with build(settings, Replacements(embedder=encoder)) as consilium, stranger_to(consilium) as client:
        assert client.get(path).json() == {
            "issuer": "https://issuer.example",
            "client_id": "consilium-web",
            "audience": "https://consilium.example",
            "scopes": ["openid", "profile"],
            "response_type": "code",
            "code_challenge_method": "S256",
        }


def test_a_key_is_shown_once_works_at_once_and_is_refused_once_revoked(
    service: Consilium, owner: TestClient, stranger: TestClient
) -> None:
    response = owner.post("/v1/keys", json={"name": "importer", "roles": ["system"], "tenant": "elm", "days": 30})
    made = response.json()
    assert (response.status_code, response.headers["Cache-Control"]) == (201, "no-store")
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert stranger.get("/v1/me", headers=headers).json() == {
        "id": made["id"],
        "tenant": "elm",
        "roles": ["system"],
        "teams": [],
    }
    listed = owner.get("/v1/keys", params={"tenant": "elm"})
    (shown,) = listed.json()["keys"]
    assert (shown["name"], shown["state"], shown["created_by"]) == ("importer", "active", "local")
    assert shown["last_used"] == datetime.fromisoformat(made["created_at"]).date().isoformat()
    assert made["key"] not in listed.text
    assert made["key"][37:] not in listed.text
    assert "digest" not in listed.text
    assert owner.get("/v1/keys").json() == {"keys": []}
    assert owner.delete(f"/v1/keys/{made['id']}").status_code == 404
    assert owner.delete(f"/v1/keys/{made['id']}", params={"tenant": "elm"}).status_code == 204
    refused = stranger.get("/v1/me", headers=headers)
    assert (refused.status_code, refused.json()["detail"].endswith("(the key was revoked)")) == (401, True)
    with open_audit(service.settings) as trail:
        events = [(event.event, event.facts["key"]) for event in trail.events()]
    assert [one for one in events if one[1] == made["id"]] == [
        ("key_created", made["id"]),
        ("key_revoked", made["id"]),
    ]
    assert made["key"][37:] not in service.settings.home.joinpath("catalogue.db").read_bytes().decode("latin-1")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "x", "roles": []},
        {"name": "x", "roles": ["owner"]},
        {"name": "x", "roles": ["king"]},
        {"name": " ", "roles": ["reader"]},
        {"name": "x", "roles": ["reader"], "days": 0},
        {"name": "x", "roles": ["reader"], "days": 367},
        {"name": "x", "roles": ["reader"], "secret": "mine"},
    ],
)
def test_a_key_that_cannot_be_is_a_problem(owner: TestClient, body: dict[str, object]) -> None:
    response = owner.post("/v1/keys", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "request.invalid")


def test_who_may_not_make_keys_is_denied(service: Consilium) -> None:
    reader = Caller(id="anna", roles=frozenset({Role.READER}))
    with client_as(service, reader) as client:
        for response in (
            client.post("/v1/keys", json={"name": "x", "roles": ["reader"]}),
            client.get("/v1/keys"),
            client.delete("/v1/keys/key_1"),
        ):
            assert (response.status_code, response.json()["code"]) == (403, "access.denied")


def test_many_wrong_tokens_are_answered_with_a_time_to_wait(service: Consilium) -> None:
    with stranger_to(service, client=("198.51.100.7", 1)) as client:
        sent = [client.get("/v1/me", headers={"Authorization": "Bearer x"}) for _ in range(25)]
        statuses = [response.status_code for response in sent]
        assert statuses == [401] * 20 + [429] * 5
        assert (sent[-1].json()["code"], sent[-1].headers["Retry-After"]) == ("access.too_many_attempts", "60")
        assert client.get("/v1/me", headers=owner_headers(service)).status_code == 200
    with stranger_to(service, client=("198.51.100.8", 1)) as client:
        assert client.get("/v1/me", headers={"Authorization": "Bearer x"}).status_code == 401


def test_two_headers_are_refused_over_http(stranger: TestClient, service: Consilium) -> None:
    good = owner_headers(service)["Authorization"]
    response = stranger.get("/v1/me", headers=[("Authorization", good), ("Authorization", good)])
    assert response.status_code == 401


def test_a_server_that_does_not_know_our_owners_token_is_not_ours(tmp_path: Path, encoder: Embedder) -> None:
    settings = load_settings(home=tmp_path, index="memory", api_key="csk_elsewhere")
    with build(settings, Replacements(embedder=encoder)):
        (tmp_path / "server.json").write_text(json.dumps({"url": "http://127.0.0.1:1"}), encoding="utf-8")
        assert running_server(settings) is None
        assert credential_for(settings, "http://127.0.0.1:1") == "csk_elsewhere"
        assert credential_for(load_settings(home=tmp_path), "http://127.0.0.1:1") is None


def test_the_proof_of_a_server_is_a_header_of_its_health(service: Consilium, stranger: TestClient) -> None:
    response = stranger.get("/healthz", headers={"Consilium-Challenge": "abc"})
    assert response.json() == {"status": "alive"}
    assert response.headers["Consilium-Proof"] == service.identity.prove("abc")
    assert "Consilium-Proof" not in stranger.get("/healthz").headers
    assert stranger.get("/healthz", headers={"Consilium-Challenge": "x" * 129}).status_code == 422


def test_without_an_issuer_or_a_key_the_server_stays_on_this_machine(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, host="192.0.2.1", port=0)
    with pytest.raises(RequestError) as caught:
        run(settings)
    assert caught.value.detail.startswith("host: loopback only")
    with open_keys(settings) as keys:
        key, _ = keys.create(OWNER, name="x", tenant="default", roles=[Role.READER])
        keys.revoke(OWNER, "default", key.id)
    with pytest.raises(RequestError):
        run(settings)
    with pytest.raises(RequestError) as caught:
        run(load_settings(home=tmp_path, host="example.com"))
    assert caught.value.detail == "host: an IP address"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"oidc_issuer": "http://issuer.example", "oidc_audience": "a"}, "oidc_issuer: https"),
        ({"oidc_issuer": "https://issuer.example"}, "oidc_audience: needed"),
        ({"oidc_algorithms": "HS256"}, "oidc_algorithms.0"),
        ({"oidc_algorithms": "none"}, "oidc_algorithms.0"),
        ({"oidc_algorithms": ""}, "oidc_algorithms"),
        ({"oidc_token_types": "id+jwt"}, "oidc_token_types.0"),
        ({"oidc_leeway": 301}, "oidc_leeway"),
        (
            {
                "oidc_issuer": "https://issuer.example",
                "oidc_audience": "a",
                "oidc_client_id": "a",
                "oidc_token_types": "at+jwt,JWT",
            },
            "oidc_audience: other than oidc_client_id",
        ),
    ],
)
def test_a_setting_that_would_let_others_in_is_refused(tmp_path: Path, given: dict[str, object], fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        load_settings(home=tmp_path, **given)
    assert fault in caught.value.detail


def test_lists_are_read_from_the_environment_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_OIDC_ALGORITHMS", "PS256, EdDSA")
    monkeypatch.setenv("CONSILIUM_OIDC_TOKEN_TYPES", "at+jwt JWT")
    settings = load_settings()
    assert (settings.oidc_algorithms, settings.oidc_token_types) == (("PS256", "EdDSA"), ("at+jwt", "JWT"))
