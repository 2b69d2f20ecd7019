"""Keeps originals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class BlobStore(Protocol):
    """Keeps bytes by their SHA-256. Raises ServiceError when the store is unavailable."""

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably and return its SHA-256 in hexadecimal; keeping twice costs nothing."""

    def get(self, digest: str) -> bytes | None:
        """Return the bytes with this digest, if kept."""

    def delete(self, digest: str) -> None:
        """Forget the bytes with this digest; nothing happens when there are none."""

    def digests(self) -> Iterator[str]:
        """Yield the digest of everything that is kept, in order."""

    def reseal(self, digest: str) -> bool:
        """Seal with the newest key what is not sealed with it; False when there was nothing to do."""
