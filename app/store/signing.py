"""Signs with Ed25519 keys that lie in a folder, one file a key, readable by their owner alone (RFC 8032)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import PolicyUnavailableError


class FolderSigner:
    """Implements :class:`domain.ports.signer.Signer`.

    The first use makes a key. To change it, add a file with a later name; older keys stay to verify with. A public key
    (``.pub``) verifies and never signs. Raises PolicyUnavailableError ``policy.audit_unavailable``.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not any(folder.glob("*.pem")):
                _make(folder / "1.pem")
            private = [_private(file) for file in sorted(folder.glob("*.pem"))]
            public = [_public(file) for file in sorted(folder.glob("*.pub"))]
        except (OSError, ValueError, TypeError) as error:
            raise PolicyUnavailableError("policy.audit_unavailable", f"keys: {type(error).__name__}") from error
        self._signing = private[-1]
        self._known = {_id(key): key for key in (*public, *(key.public_key() for key in private))}

    @property
    def key(self) -> str:
        """Return the first half of the SHA-256 of the public key."""
        return _id(self._signing.public_key())

    def sign(self, message: bytes) -> str:
        """Return the signature in hexadecimal digits."""
        return self._signing.sign(message).hex()

    def public_keys(self) -> dict[str, str]:
        """Return every public key by id."""
        return {name: _raw(key).hex() for name, key in self._known.items()}

    def verify(self, key: str, message: bytes, signature: str) -> bool:
        """Say whether one of the keys of the folder signed the message."""
        known = self._known.get(key)
        return known is not None and _signed(known, message, signature)


def verify_with(public_key: str, key: str, message: bytes, signature: str) -> bool:
    """Say whether ``public_key`` (hexadecimal digits) is the one with the id ``key`` and signed the message."""
    try:
        known = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except ValueError:
        return False
    return _id(known) == key and _signed(known, message, signature)


def _signed(key: Ed25519PublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(file: Path) -> None:
    content = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = file.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    # Two processes that start at once agree on the first.
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)


def _private(file: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError
    return key


def _public(file: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(file.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError
    return key


def _id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(_raw(key)).hexdigest()[:32]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
