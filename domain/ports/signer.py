"""Signs what must not be forged."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """Signs with the newest of our keys and knows the older ones."""

    @property
    def key(self) -> str:
        """Return the id of the key that signs now."""

    def sign(self, message: bytes) -> str:
        """Return a signature. Raises PolicyUnavailableError when there is no key to sign with."""

    def public_keys(self) -> dict[str, str]:
        """Return every key that signatures are verified with, by id, in hexadecimal digits."""

    def verify(self, key: str, message: bytes, signature: str) -> bool:
        """Say whether the key with this id, which must be one of ours, signed the message."""
