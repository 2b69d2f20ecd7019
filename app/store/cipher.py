"""Seals what lies on disk with AES-256-GCM (NIST SP 800-38D), under keys that the operator holds."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import RequestError, ServiceError

_MAGIC: Final = b"\x93CSL\x01"
_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_HEADER: Final = len(_MAGIC) + _ID_BYTES + _NONCE_BYTES
_KEY_BYTES: Final = 32


class Cipher:
    """Seals with the first of its keys and opens with any of them.

    A sealed text is a mark, the id of the key (the first 8 bytes of the SHA-256 of its SHA-256), a random nonce and
    what AES-256-GCM made. The mark, the key's id and the ``context`` ("original SHA-256") are authenticated, so that
    one sealed text cannot stand in for another.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise RequestError("request.setting_invalid", "storage_key: 32 bytes in base64, comma between several")
        self._keys = {_id(key): AESGCM(key) for key in keys}
        self._first = _id(keys[0])

    @property
    def key(self) -> str:
        """Return the id of the key that seals, in hexadecimal digits."""
        return self._first.hex()

    def seal(self, content: bytes, context: str) -> bytes:
        """Return ``content`` sealed."""
        nonce = os.urandom(_NONCE_BYTES)
        head = _MAGIC + self._first
        return head + nonce + self._keys[self._first].encrypt(nonce, content, head + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return what was sealed. Raises ServiceError for another key, another context or another byte."""
        head, nonce = sealed[: len(_MAGIC) + _ID_BYTES], sealed[len(_MAGIC) + _ID_BYTES : _HEADER]
        key = self._keys.get(head[len(_MAGIC) :])
        if key is None:
            raise ServiceError(
                "service.storage_unavailable", f"sealed by key {key_of(sealed)}, which is not configured"
            )
        try:
            return key.decrypt(nonce, sealed[_HEADER:], head + context.encode())
        except (InvalidTag, ValueError) as error:
            raise ServiceError("service.storage_unavailable", "a sealed text was changed") from error


def is_sealed(content: bytes) -> bool:
    """Say whether a text begins as sealed ones do."""
    return content.startswith(_MAGIC) and len(content) >= _HEADER


def key_of(sealed: bytes) -> str:
    """Return the id of the key that sealed a text; empty for one that is not sealed."""
    return sealed[len(_MAGIC) : len(_MAGIC) + _ID_BYTES].hex() if is_sealed(sealed) else ""


def cipher_of(key: str | None, file: Path | None) -> Cipher | None:
    """Return the cipher of a setting or a key file; none when neither is set. Raises RequestError.

    Several keys are separated by commas or line ends; the first one seals, the others open what they sealed.
    """
    if key is None and file is None:
        return None
    if key is not None and file is not None:
        raise RequestError("request.setting_invalid", "storage_key: name a key or a key file, not both")
    try:
        text = key if key is not None else (file or Path()).read_text(encoding="ascii")
        parts = [part.strip() for part in text.replace("\n", ",").split(",")]
        return Cipher([base64.b64decode(part, validate=True) for part in parts if part])
    except (OSError, ValueError, binascii.Error) as error:
        raise RequestError("request.setting_invalid", f"storage_key: {type(error).__name__}") from None


def _id(key: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(key).digest()).digest()[:_ID_BYTES]
