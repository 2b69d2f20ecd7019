"""What an issuer publishes comes as an object, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app.identity.issuer_documents import MAX_BYTES, HttpIssuerDocuments
from app.system import SystemClock
from domain.errors import AccessError, ServiceError
from domain.ports.issuer_documents import IssuerDocuments
from tests.fakes.issuer_documents import MemoryIssuerDocuments
from tests.issuer import Issuer


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(params=["memory", "http"])
def documents(request: pytest.FixtureRequest, issuer: Issuer) -> IssuerDocuments:
    if request.param == "http":
        return HttpIssuerDocuments(SystemClock())
    memory = MemoryIssuerDocuments({f"{issuer.url}/keys": issuer.said("/keys"), f"{issuer.url}/token": {}})
    memory.codes["known"] = {"token_type": "Bearer"}
    return memory


def test_an_object_comes_as_it_was_published(documents: IssuerDocuments, issuer: Issuer) -> None:
    assert documents.fetch(f"{issuer.url}/keys") == {"keys": issuer.keys}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/keys", "ftp://127.0.0.1/keys", "nonsense", ""])
def test_what_does_not_come_is_an_error(documents: IssuerDocuments, url: str) -> None:
    with pytest.raises(ServiceError) as caught:
        documents.fetch(url)
    assert caught.value.code == "service.issuer_unavailable"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"",
        b"{",
        b'{"keys": [], "keys": []}',
        b'{"keys": NaN}',
        b"\xff",
        b'{"a":' * 5000,
        json.dumps({"keys": "x" * MAX_BYTES}).encode(),
    ],
    ids=["list", "nothing", "half", "twice", "nan", "not utf-8", "deep", "large"],
)
def test_what_is_no_clear_object_over_http_is_an_error(issuer: Issuer, body: bytes) -> None:
    issuer.answer["/odd"] = body or b" "
    with pytest.raises(ServiceError) as caught:
        HttpIssuerDocuments(SystemClock()).fetch(f"{issuer.url}/odd")
    assert caught.value.code == "service.issuer_unavailable"


def test_no_redirection_is_followed(issuer: Issuer) -> None:
    before = issuer.paths.count("/keys")
    with pytest.raises(ServiceError):
        HttpIssuerDocuments(SystemClock()).fetch(f"{issuer.url}/moved")
    assert issuer.paths.count("/keys") == before


def test_a_form_is_answered_with_an_object(documents: IssuerDocuments, issuer: Issuer) -> None:
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    issuer.codes["known"] = {"code_challenge": challenge, "redirect_uri": "r", "client_id": "c", "nonce": "n"}
    form = {"code": "known", "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "redirect_uri": "r"}
    assert documents.send(f"{issuer.url}/token", form)["token_type"] == "Bearer"


def test_a_form_that_is_refused_is_the_callers_fault(documents: IssuerDocuments, issuer: Issuer) -> None:
    with pytest.raises(AccessError) as caught:
        documents.send(f"{issuer.url}/token", {"code": "unknown"})
    assert caught.value.code == "access.identity_required"


def test_a_form_that_nobody_answers_is_an_error(documents: IssuerDocuments) -> None:
    with pytest.raises(ServiceError) as caught:
        documents.send("http://127.0.0.1:1/token", {"code": "known"})
    assert caught.value.code == "service.issuer_unavailable"
