"""The files of the web client, over HTTP: what is served to whom, how it is packed, and under which policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from app.api.client import PAGES, WebClient
from app.bootstrap import Consilium
from tests.clients import stranger_to
from tests.data import ROOT


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "index.html").write_text("<title>client</title>", encoding="utf-8")
    (folder / "docs.html").write_text("<title>docs</title>", encoding="utf-8")
    (folder / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "assets/index-abc.js").write_text("plain", encoding="utf-8")
    (folder / "assets/index-abc.js.br").write_bytes(b"brotli")
    (folder / "assets/index-abc.js.gz").write_bytes(b"gzip")
    return folder


async def _api(scope: object, receive: object, send: object) -> None:
    await PlainTextResponse("api", 401)(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own types


@pytest.fixture
def client(dist: Path) -> Iterator[TestClient]:
    application = Starlette()
    with TestClient(application):
        yield TestClient(WebClient(_api, dist), headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize("path", ["/", "/ask", "/sources/v_1", "/charts/lind-anna-1951", "/signed-in?code=x"])
def test_a_page_of_the_client_is_the_client(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.text == "<title>client</title>"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/me",
        "/v1",
        "/scim/v2/Users",
        "/openapi.json",
        "/healthz",
        "/assets/nothing.js",
        "/assets",
        "/nothing",
        "/ask.html",
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "http://testserver//secret.txt",
    ],
)
def test_everything_else_is_the_api_s(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.text == "api"
    assert response.status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_reading_reaches_the_client(client: TestClient, method: str) -> None:
    assert client.request(method, "/documents").text == "api"


@pytest.mark.parametrize(
    ("accepts", "encoding", "body"),
    [
        ("gzip, br", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("br;q=0, gzip", "gzip", b"gzip"),
        ("identity", None, b"plain"),
    ],
)
def test_files_come_packed_as_the_browser_takes_them(
    client: TestClient, accepts: str, encoding: str | None, body: bytes
) -> None:
    with client.stream("GET", "/assets/index-abc.js", headers={"Accept-Encoding": accepts}) as response:
        assert response.headers.get("content-encoding") == encoding
        assert b"".join(response.iter_raw()) == body
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"
        assert response.headers["vary"] == "Accept-Encoding"


def test_files_with_a_digest_in_their_name_are_kept_for_good_and_others_asked_for_again(client: TestClient) -> None:
    lasting = client.get("/assets/index-abc.js").headers["cache-control"]
    assert lasting == "public, max-age=31536000, immutable"
    assert client.get("/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/docs", "/ask", "/assets/index-abc.js"])
def test_nothing_may_be_asked_of_another_server(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "connect-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_head_says_what_a_get_would(client: TestClient) -> None:
    response = client.head("/ask")
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["content-length"] == "21"


def test_a_client_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    client = TestClient(WebClient(_api, tmp_path / "nothing"))
    for path in ("/", "/ask", "/docs"):
        response = client.get(path)
        assert response.status_code == 503
        assert "make setup" in response.text


def test_every_page_of_the_client_is_among_those_that_the_server_knows() -> None:
    sources = [*(ROOT / "app/web/src/features").rglob("feature.ts"), ROOT / "app/web/src/app/signin.ts"]
    found = set()
    for file in sources:
        found |= set(re.findall(r"(?:path: |RETURN_PATH = )[\"`]/([a-z-]+)", file.read_text(encoding="utf-8")))
    assert {"ask", "signed-in"} <= found
    assert found <= PAGES


def test_the_client_stands_behind_the_same_edge_as_the_api(house: Consilium) -> None:
    with stranger_to(house) as client:
        headers = client.get("/ask").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert len(headers["x-request-id"]) == 32
        assert client.get("/v1/documents").status_code == 401
