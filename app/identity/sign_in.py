"""Signs people in for the web client: authorization code with PKCE, where this server exchanges the code.

The client never talks to the issuer itself but by going there, so that its policy lets no request off this server.
The token goes to the client and is verified at every request like anybody's (:mod:`app.identity.tokens`).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from app.identity.addresses import is_private_line
from app.identity.issuer import DISCOVERY
from app.identity.strict_json import json_object
from domain.errors import AccessError, RequestError, ServiceError
from domain.ports.clock import Clock
from domain.ports.issuer_documents import IssuerDocuments

SECONDS_FRESH: Final = 600.0
_PARTS_OF_A_TOKEN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where an issuer takes people and codes."""

    authorization: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the client has after somebody came back from the issuer."""

    code: str
    code_verifier: str
    redirect_uri: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What it sends from then on, and for how many seconds that is good where the issuer says so."""

    access_token: str
    expires_in: int | None


class SignIn:
    """Use from several threads is safe. ``issuer`` and ``client_id`` are ``None`` where people sign in otherwise."""

    def __init__(
        self, issuer: str | None, client_id: str | None, *, openid: bool, documents: IssuerDocuments, clock: Clock
    ) -> None:
        self._issuer, self._client_id, self._openid = issuer, client_id, openid
        self._documents, self._clock = documents, clock
        self._lock = threading.Lock()
        self._known: tuple[float, Endpoints] | None = None

    def endpoints(self) -> Endpoints:
        """Return where the issuer takes people and codes.

        Raises RequestError ``request.not_found`` without an issuer, ServiceError ``service.issuer_unavailable`` when
        it does not say.
        """
        issuer, _ = self._configured()
        with self._lock:
            now = self._clock.monotonic()
            if self._known is None or now - self._known[0] >= SECONDS_FRESH:
                self._known = now, self._discovered(issuer)
            return self._known[1]

    def exchange(self, asked: Exchange) -> SignedIn:
        """Return the token for a code.

        Raises AccessError ``access.identity_required`` when the issuer refuses the code or the answer is not for this
        sign-in, and what :meth:`endpoints` raises.
        """
        issuer, client_id = self._configured()
        answer = self._documents.send(
            self.endpoints().token,
            {
                "grant_type": "authorization_code",
                "client_id": client_id,
                "code": asked.code,
                "code_verifier": asked.code_verifier,
                "redirect_uri": asked.redirect_uri,
            },
        )
        token, kind, seconds = answer.get("access_token"), answer.get("token_type"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(kind, str) or kind.lower() != "bearer":
            _refuse("the issuer gave no bearer token")
        if self._openid:
            self._check_identity(answer.get("id_token"), issuer, client_id, asked.nonce)
        whole = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
        return SignedIn(access_token=token, expires_in=seconds if whole else None)

    def _configured(self) -> tuple[str, str]:
        if self._issuer is None or self._client_id is None:
            raise RequestError("request.not_found", "no issuer with a client is configured")
        return self._issuer, self._client_id

    def _discovered(self, issuer: str) -> Endpoints:
        found = self._documents.fetch(issuer.rstrip("/") + DISCOVERY)
        if found.get("issuer") != issuer:
            raise ServiceError("service.issuer_unavailable", "it calls itself otherwise")
        return Endpoints(
            authorization=_address(found, "authorization_endpoint"), token=_address(found, "token_endpoint")
        )

    def _check_identity(self, id_token: object, issuer: str, client_id: str, nonce: str) -> None:
        """Check that the answer is for this sign-in (OpenID Connect Core 1.0, section 3.1.3.7).

        Its signature is not looked at: it came from the issuer itself over a private line (point 6).
        """
        claims = _claims(id_token)
        audience = claims.get("aud")
        if claims.get("iss") != issuer or client_id not in (audience if isinstance(audience, list) else [audience]):
            _refuse("the identity is of another issuer or for another client")
        given = claims.get("nonce")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
            _refuse("the identity is not of this sign-in")


def _address(found: Mapping[str, Any], name: str) -> str:
    address = found.get(name)
    if not isinstance(address, str) or not is_private_line(address):
        raise ServiceError("service.issuer_unavailable", f"{name} is not https")
    return address


def _claims(token: object) -> Mapping[str, Any]:
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != _PARTS_OF_A_TOKEN:
        _refuse("the issuer gave no identity")
    try:
        return json_object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        _refuse("the identity cannot be read")


def _refuse(why: str) -> NoReturn:
    raise AccessError("access.identity_required", why) from None
