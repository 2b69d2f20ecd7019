"""Recognises people by the access tokens of one issuer (RFC 9068), under the rules of RFC 8725.

Everything that a token says of itself is doubted: it names its algorithm and its key, and both must be among ours;
addresses and keys that it carries (``jku``, ``x5u``, ``jwk``, ``x5c``) are never looked at.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeGuard

from app.identity.issuer import IssuerKeys
from app.identity.jose import verified
from app.identity.strict_json import json_object
from domain.callers import OWNER, Caller, Role
from domain.errors import AccessError
from domain.ports.clock import Clock

MAX_LENGTH: Final = 8192
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_MOST_CHARACTERS: Final = 255
_MOST_TEAMS: Final = 1000
_LATEST: Final = 2**40
KEY_PREFIX: Final = "key_"  # ids of keys begin so; a person's may not


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """What a token must say, and in which claims it says who its bearer is. ``leeway`` is in seconds.

    A claim is named as it stands, or by the path to it ("realm_access.roles"). Without a ``tenant_claim`` everybody is
    of the tenant "default"; with one, nobody comes in without it.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    types: tuple[str, ...]
    roles_claim: str
    tenant_claim: str | None
    teams_claim: str | None
    leeway: float


class TokenVerifier:
    """Tells whose token it is."""

    def __init__(self, rules: TokenRules, keys: IssuerKeys, clock: Clock) -> None:
        self._rules = rules
        self._keys = keys
        self._clock = clock
        self._algorithms = {*rules.algorithms, *({"Ed25519"} if "EdDSA" in rules.algorithms else ())}
        self._types = {name.lower() for name in rules.types}

    def caller_of(self, token: str) -> Caller:
        """Return who bears a token.

        Raises AccessError ``access.identity_required`` with the reason, and ServiceError ``service.issuer_unavailable``
        when it is signed by a key that only the issuer could tell us.
        """
        if len(token) > MAX_LENGTH:
            _refuse("it is too long")
        parts = _COMPACT.fullmatch(token)
        if parts is None:
            _refuse("it is no signed token")
        self._check_signature(*parts.groups())
        claims = _object(parts[2])
        self._check_claims(claims)
        return self._caller(claims)

    def _check_signature(self, head: str, body: str, signature: str) -> None:
        header = _object(head)
        algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ")
        if not isinstance(algorithm, str) or algorithm not in self._algorithms:
            _refuse("its algorithm is not accepted")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in self._types:
            _refuse("its type is not accepted")
        if "crit" in header or "b64" in header:
            _refuse("it has a critical header")
        if not _is_name(key_id):
            _refuse("it names no key")
        key = self._keys.find(key_id, algorithm)
        if key is None:
            _refuse("its key is not known")
        if not verified(algorithm, key, f"{head}.{body}".encode(), _decoded(signature)):
            _refuse("its signature is wrong")

    def _check_claims(self, claims: Mapping[str, Any]) -> None:
        rules, now = self._rules, self._clock.now().timestamp()
        if claims.get("iss") != rules.issuer:
            _refuse("it is of another issuer")
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if not all(isinstance(one, str) for one in named) or rules.audience not in named:
            _refuse("it is for another audience")
        if now >= _time(claims, "exp") + rules.leeway:
            _refuse("it has expired")
        if now < _time(claims, "iat") - rules.leeway:
            _refuse("it was issued in the future")
        if "nbf" in claims and now < _time(claims, "nbf") - rules.leeway:
            _refuse("it is not valid yet")
        if "cnf" in claims:
            # Its bearer must prove to hold a key (RFC 8705, RFC 9449), which nobody here asks for.
            _refuse("it is bound to a key")

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        rules = self._rules
        person = claims.get("sub")
        if not _is_name(person) or person == OWNER.id or person.startswith(KEY_PREFIX):
            _refuse("it names nobody")
        tenant = _claim(claims, rules.tenant_claim) if rules.tenant_claim else OWNER.tenant
        if not _is_name(tenant):
            _refuse("it names no tenant")
        roles = _names(_claim(claims, rules.roles_claim))
        teams = _names(_claim(claims, rules.teams_claim)) if rules.teams_claim else frozenset()
        # No issuer makes an owner of the machine.
        known = frozenset(role for role in Role if role is not Role.OWNER and role.value in roles)
        return Caller(id=person, tenant=tenant, roles=known, teams=teams)


def _refuse(why: str) -> NoReturn:
    raise AccessError("access.identity_required", f"the token is refused: {why}") from None


def _decoded(text: str) -> bytes:
    """Return base64url without padding (RFC 7515, section 2); only the one spelling that encodes to itself."""
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        _refuse("it is not encoded as tokens are")
    if base64.urlsafe_b64encode(found).rstrip(b"=") != text.encode():
        _refuse("it is not encoded as tokens are")
    return found


def _object(text: str) -> dict[str, Any]:
    try:
        return json_object(_decoded(text))
    except ValueError:
        _refuse("it holds no clear JSON object")


def _time(claims: Mapping[str, Any], name: str) -> float:
    """Return a NumericDate (RFC 7519, section 2): seconds since 1970."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        _refuse(f"{name} is missing or no time")
    return float(value)


def _is_name(value: object) -> TypeGuard[str]:
    """Say whether a value is a short text that a line can show: no control characters, no half characters."""
    return isinstance(value, str) and 0 < len(value) <= _MOST_CHARACTERS and value.isprintable()


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, or by the path to it."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _names(value: object) -> frozenset[str]:
    """Return a list of names, or those of a text with spaces between (RFC 8693, section 4.2)."""
    found = value.split() if isinstance(value, str) else [] if value is None else value
    if not isinstance(found, list) or len(found) > _MOST_TEAMS or not all(map(_is_name, found)):
        _refuse("its roles or teams are no list of names")
    return frozenset(found)
