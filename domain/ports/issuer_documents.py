"""Fetches what an issuer of tokens publishes, and exchanges codes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class IssuerDocuments(Protocol):
    """The discovery document and the keys of an OpenID Connect issuer."""

    def fetch(self, url: str) -> Mapping[str, Any]:
        """Return the JSON object at an address.

        Raises ServiceError ``service.issuer_unavailable`` when it does not come, comes too slowly, is too large, leads
        elsewhere, or is no JSON object in which every name stands once.
        """

    def send(self, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the JSON object that an address answers a form with (RFC 6749, section 4.1.3).

        Raises AccessError ``access.identity_required`` when it refuses the form (status 400 or 401), and otherwise
        what :meth:`fetch` raises.
        """
