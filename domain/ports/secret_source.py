"""Makes secrets."""

from __future__ import annotations

from typing import Protocol


class SecretSource(Protocol):
    """The only source of secrets."""

    def new(self) -> str:
        """Return 256 random bits as 43 letters, digits, hyphens and underscores (base64url, RFC 4648)."""
