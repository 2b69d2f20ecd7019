"""An issuer's documents in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import ServiceError


class MemoryIssuerDocuments:
    """Gives what stands in ``documents`` by address; ``asked`` holds the addresses that were asked for."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.documents = dict(documents or {})
        self.asked: list[str] = []

    def fetch(self, url: str) -> Mapping[str, Any]:
        self.asked.append(url)
        if url not in self.documents:
            raise ServiceError("service.issuer_unavailable", "nothing there")
        return self.documents[url]
