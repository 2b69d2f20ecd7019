"""Originals in a folder, named by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from domain.errors import ServiceError


class FolderBlobStore:
    """Implements :class:`domain.ports.blob_store.BlobStore`: a file is complete or not there at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably and return its SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        if target.exists():
            return digest
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).replace(target)
        except OSError as error:
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return the bytes with this digest, if kept."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def delete(self, digest: str) -> None:
        """Forget the bytes with this digest."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():  # noqa: PLR2004 - hexadecimal digits of a SHA-256
            raise ServiceError("service.storage_unavailable", "not a digest")
        return self._folder / digest[:2] / digest
