"""The keys of an OpenID Connect issuer: discovered, kept, and fetched again when they change."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Final

from app.identity.addresses import is_private_line
from app.identity.jose import KeyRing, PublicKey, key_ring
from domain.errors import ServiceError
from domain.ports.clock import Clock
from domain.ports.issuer_documents import IssuerDocuments

DISCOVERY: Final = "/.well-known/openid-configuration"
SECONDS_BETWEEN: Final = 60.0  # a stranger who invents key ids makes us fetch no oftener than this
SECONDS_AFTER_FAILURE: Final = 5.0
SECONDS_FRESH: Final = 3600.0  # then they are fetched again, so that a key that was withdrawn goes
SECONDS_KEPT: Final = 24 * 3600.0  # how long keys outlive an issuer that does not answer
_SECONDS_TO_WAIT: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    ring: KeyRing = field(default_factory=dict)
    fetched: float = 0.0
    tried: float | None = None
    failed: str = ""


class IssuerKeys:
    """Finds the key that a token names. Use from several threads is safe; one of them fetches."""

    def __init__(self, issuer: str, documents: IssuerDocuments, clock: Clock) -> None:
        self._issuer = issuer
        self._documents = documents
        self._clock = clock
        self._fetching = threading.Lock()
        self._known = _Known()

    def find(self, key_id: str, algorithm: str) -> PublicKey | None:
        """Return the key, or ``None`` when the issuer has none by that id for that algorithm.

        Raises ServiceError ``service.issuer_unavailable`` when that cannot be known, as the issuer does not answer.
        """
        wanted = (key_id, algorithm)
        key, age = self._known.ring.get(wanted), self._clock.monotonic() - self._known.fetched
        if key is not None and age < SECONDS_FRESH:
            return key
        self._fetch_again(wait=key is None)
        known = self._known
        key, age = known.ring.get(wanted), self._clock.monotonic() - known.fetched
        if key is not None and age < SECONDS_KEPT:
            return key
        if known.failed or known.tried is None:
            raise ServiceError("service.issuer_unavailable", known.failed or "busy")
        return None

    def _fetch_again(self, *, wait: bool) -> None:
        if not self._fetching.acquire(timeout=_SECONDS_TO_WAIT if wait else 0):
            return
        try:
            known, now = self._known, self._clock.monotonic()
            pause = SECONDS_AFTER_FAILURE if known.failed else SECONDS_BETWEEN
            if known.tried is not None and now - known.tried < pause:
                return
            try:
                self._known = _Known(ring=self._fetched(), fetched=now, tried=now)
            except ServiceError as error:
                self._known = replace(known, tried=now, failed=error.detail or "no answer")
        finally:
            self._fetching.release()

    def _fetched(self) -> KeyRing:
        found = self._documents.fetch(self._issuer.rstrip("/") + DISCOVERY)
        if found.get("issuer") != self._issuer:
            # OpenID Connect Discovery 1.0, section 4.3
            raise ServiceError("service.issuer_unavailable", "it calls itself otherwise")
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not is_private_line(address):
            raise ServiceError("service.issuer_unavailable", "jwks_uri is not https")
        return key_ring(self._documents.fetch(address))
