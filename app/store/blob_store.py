"""Originals named by their SHA-256: in a folder, or wherever fsspec reaches; sealed when there is a key."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import fsspec

from app.store.cipher import Cipher, is_sealed, key_of
from domain.errors import RequestError, ServiceError

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class _Place(Protocol):
    """Keeps files by name. What goes wrong is an OSError, or whatever the vendor raises."""

    def write(self, digest: str, content: bytes) -> None:
        """Write a file durably: it is complete or not there at all."""

    def read(self, digest: str) -> bytes | None:
        """Return a file, if it is there."""

    def exists(self, digest: str) -> bool:
        """Say whether a file is there."""

    def remove(self, digest: str) -> None:
        """Remove a file, if it is there."""

    def names(self) -> Iterator[str]:
        """Yield the names of all files."""


class _SealedStore:
    """Implements :class:`domain.ports.blob_store.BlobStore` over a place.

    With a cipher everything new is sealed. What is already there unsealed, from before there was a key, is read all
    the same: its own digest tells it from what is sealed. Raises ServiceError ``service.storage_unavailable``.
    """

    def __init__(self, place: _Place, cipher: Cipher | None) -> None:
        self._place = place
        self._cipher = cipher

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably and return its SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        with _reported():
            if not self._place.exists(digest):
                self._place.write(digest, self._sealed(content, digest))
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return the bytes with this digest, if kept."""
        _check(digest)
        with _reported():
            content = self._place.read(digest)
        return content if content is None else self._opened(content, digest)

    def delete(self, digest: str) -> None:
        """Forget the bytes with this digest."""
        _check(digest)
        with _reported():
            self._place.remove(digest)

    def digests(self) -> Iterator[str]:
        """Yield the digest of everything that is kept."""
        with _reported():
            names = list(self._place.names())
        yield from (name for name in sorted(names) if _DIGEST.fullmatch(name))

    def reseal(self, digest: str) -> bool:
        """Seal with the newest key what is not sealed with it; False when there was nothing to do."""
        with _reported():
            content = self._place.read(_check(digest))
            if self._cipher is None or content is None or key_of(content) == self._cipher.key:
                return False
            self._place.write(digest, self._sealed(self._opened(content, digest), digest))
        return True

    def _sealed(self, content: bytes, digest: str) -> bytes:
        return self._cipher.seal(content, digest) if self._cipher else content

    def _opened(self, content: bytes, digest: str) -> bytes:
        if not is_sealed(content) or hashlib.sha256(content).hexdigest() == digest:
            return content
        if self._cipher is None:
            raise ServiceError(
                "service.storage_unavailable", f"sealed by key {key_of(content)}, which is not configured"
            )
        return self._cipher.open(content, digest)


class FolderBlobStore(_SealedStore):
    """Keeps originals in a folder, two digits deep; a file is complete or not there at all."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        super().__init__(_Folder(folder), cipher)


class FsspecBlobStore(_SealedStore):
    """Keeps originals below a URL that fsspec knows ("s3://bucket/prefix"); S3 needs the package ``s3fs``.

    An object store shows an object whole or not at all. Raises RequestError ``request.setting_invalid`` for a URL that
    nothing installed can reach.
    """

    def __init__(self, url: str, cipher: Cipher | None = None) -> None:
        try:
            files, path = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError, OSError) as error:
            kind = url.split("://", maxsplit=1)[0]
            raise RequestError("request.setting_invalid", f"originals: nothing installed reaches {kind}://") from error
        super().__init__(_Remote(files, path), cipher)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, digest: str, content: bytes) -> None:
        target = self._path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).replace(target)

    def read(self, digest: str) -> bytes | None:
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def exists(self, digest: str) -> bool:
        return self._path(digest).exists()

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        return (file.name for file in self._folder.glob("??/*") if file.is_file())

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


class _Remote:
    def __init__(self, files: Any, path: str) -> None:
        self._files = files
        self._path = path.rstrip("/")

    def write(self, digest: str, content: bytes) -> None:
        # A file system shows what is written by and by, so that it goes to its name last; an object store does not.
        target, part = self._of(digest), f"{self._path}/{digest}.part"
        self._files.makedirs(self._path, exist_ok=True)
        self._files.pipe_file(part, content)
        self._files.mv(part, target)

    def read(self, digest: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(self._of(digest)))
        except FileNotFoundError:
            return None

    def exists(self, digest: str) -> bool:
        # What was asked before may be remembered by the vendor, and other processes write too.
        self._files.invalidate_cache()
        return bool(self._files.exists(self._of(digest)))

    def remove(self, digest: str) -> None:
        try:
            self._files.rm_file(self._of(digest))
        except FileNotFoundError:
            return

    def names(self) -> Iterator[str]:
        self._files.invalidate_cache()
        try:
            found = self._files.ls(self._path, detail=False)
        except FileNotFoundError:
            found = []
        return (str(name).rsplit("/", maxsplit=1)[-1] for name in found)

    def _of(self, digest: str) -> str:
        return f"{self._path}/{digest}"


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what a place raises into errors of ours; vendors of object stores raise trees of their own."""
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:
        raise ServiceError("service.storage_unavailable", type(error).__name__) from error


def _check(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ServiceError("service.storage_unavailable", "not a digest")
    return digest
