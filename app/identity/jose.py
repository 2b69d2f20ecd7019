"""Verifies signatures with the public keys of an issuer; the only module that knows joserfc.

Which algorithm is meant is decided by our settings and by the key, never by the token alone: a key is taken only under
an algorithm of its own kind (RFC 8725, section 3.1). Symmetric keys are never taken, so that no public key can serve as
a shared secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import base64_to_int

from domain.errors import ServiceError

PublicKey: TypeAlias = RSAKey | ECKey | OKPKey
KeyRing: TypeAlias = Mapping[tuple[str, str], PublicKey]

# The algorithms that can be chosen, with kind and curve of their keys. RFC 9864 has a second name for EdDSA.
ALGORITHMS: Final[Mapping[str, tuple[str, str | None]]] = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
    "Ed25519": ("OKP", "Ed25519"),
}
_KINDS: Final[Mapping[str, tuple[type[PublicKey], tuple[str, ...]]]] = {
    "RSA": (RSAKey, ("kty", "n", "e")),
    "EC": (ECKey, ("kty", "crv", "x", "y")),
    "OKP": (OKPKey, ("kty", "crv", "x")),
}
_RSA_BITS: Final = (2048, 8192)
_MOST_KEYS: Final = 100


def key_ring(document: Mapping[str, Any]) -> KeyRing:
    """Return the keys of a JWK Set (RFC 7517) by id and algorithm; keys that cannot verify tokens are passed over.

    The first of two keys with one id stays. Raises ServiceError ``service.issuer_unavailable`` for no list of keys.
    """
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise ServiceError("service.issuer_unavailable", "no list of keys")
    ring: dict[tuple[str, str], PublicKey] = {}
    for jwk in listed:
        if not isinstance(jwk, dict) or not _for_signatures(jwk):
            continue
        fitting = [
            algorithm
            for algorithm, (kind, curve) in ALGORITHMS.items()
            if kind == jwk["kty"] and curve in {None, jwk.get("crv")} and _meant(jwk.get("alg"), algorithm)
        ]
        key = _imported(jwk) if fitting else None
        if key is not None:
            for algorithm in fitting:
                ring.setdefault((jwk["kid"], algorithm), key)
    return ring


def verified(algorithm: str, key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Say whether the owner of the key signed the message under one of :data:`ALGORITHMS`."""
    model = JWSRegistry.algorithms[algorithm]
    try:
        model.check_key(key)
        return model.verify(message, signature, key)
    except (JoseError, ValueError, TypeError):
        return False


def _for_signatures(jwk: Mapping[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        isinstance(jwk.get("kid"), str)
        and all(isinstance(jwk.get(name, ""), str) for name in ("kty", "crv", "alg"))
        and jwk.get("kty") in _KINDS
        and jwk.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and "d" not in jwk  # a private key that is published is nobody's secret
    )


def _meant(named: object, algorithm: str) -> bool:
    return named is None or named == algorithm or {named, algorithm} == {"EdDSA", "Ed25519"}


def _imported(jwk: Mapping[str, Any]) -> PublicKey | None:
    kind, members = _KINDS[jwk["kty"]]
    given: Any = {name: jwk[name] for name in members if isinstance(jwk.get(name), str)}
    try:
        if kind is RSAKey and not _RSA_BITS[0] <= base64_to_int(given["n"]).bit_length() <= _RSA_BITS[1]:
            return None
        key = kind.import_key(given)
        key.get_op_key("verify")
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key
