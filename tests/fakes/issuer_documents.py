"""An issuer's documents in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import AccessError, ServiceError


class MemoryIssuerDocuments:
    """Gives what stands in ``documents`` by address; ``asked`` holds the addresses that were asked for.

    A form with a code in ``codes`` is answered with what stands there, any other is refused.
    """

    def __init__(self, documents: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.documents = dict(documents or {})
        self.asked: list[str] = []
        self.codes: dict[str, Mapping[str, Any]] = {}

    def fetch(self, url: str) -> Mapping[str, Any]:
        self.asked.append(url)
        if url not in self.documents:
            raise ServiceError("service.issuer_unavailable", "nothing there")
        return self.documents[url]

    def send(self, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        self.asked.append(url)
        if url not in self.documents:
            raise ServiceError("service.issuer_unavailable", "nothing there")
        if form.get("code") not in self.codes:
            raise AccessError("access.identity_required", "the issuer refused the sign-in")
        return self.codes[form["code"]]
