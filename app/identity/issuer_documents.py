"""Fetches an issuer's documents over HTTP."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import httpx

from app.identity.strict_json import json_object
from domain.errors import AccessError, ServiceError
from domain.ports.clock import Clock

MAX_BYTES: Final = 2**18
_SECONDS: Final = 3.0
_SECONDS_IN_ALL: Final = 5.0
_REFUSED: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
# Nothing is unpacked, so that what comes is as large as it looks.
_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}


class HttpIssuerDocuments:
    """Implements :class:`domain.ports.issuer_documents.IssuerDocuments`; follows no redirection and no proxy."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def fetch(self, url: str) -> Mapping[str, Any]:
        """Return the JSON object at an address."""
        return self._asked("GET", url, None)

    def send(self, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the JSON object that an address answers a form with."""
        return self._asked("POST", url, dict(form))

    def _asked(self, method: str, url: str, form: dict[str, str] | None) -> Mapping[str, Any]:
        # loading the system's certificates takes a while, and plain HTTP trusts none
        secure = url.startswith("https:")
        tls = ssl.create_default_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            with (
                httpx.Client(verify=tls, trust_env=False, timeout=_SECONDS, headers=_HEADERS) as client,
                client.stream(method, url, data=form) as response,
            ):
                return json_object(self._read(response))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise ServiceError("service.issuer_unavailable", type(error).__name__) from None

    def _read(self, response: httpx.Response) -> bytes:
        if response.request.method == "POST" and response.status_code in _REFUSED:
            raise AccessError("access.identity_required", "the issuer refused the sign-in")
        if response.status_code != HTTPStatus.OK or "content-encoding" in response.headers:
            raise ServiceError("service.issuer_unavailable", f"status {response.status_code}")
        deadline = self._clock.monotonic() + _SECONDS_IN_ALL
        content = b""
        for part in response.iter_raw(2**14):
            content += part
            if len(content) > MAX_BYTES or self._clock.monotonic() > deadline:
                raise ServiceError("service.issuer_unavailable", "too large or too slow")
        return content
