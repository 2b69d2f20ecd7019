"""A backup as a tar archive or as a folder: members by name, each read whole and checked by its SHA-256."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

from domain.errors import RequestError, ServiceError

Member = tuple[str, bytes]
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class Source(Protocol):
    """Where a backup is read from."""

    def read(self, name: str) -> bytes:
        """Return a member. Raises RequestError ``request.backup_invalid`` when it is not there."""


def tar_of(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the bytes of a tar archive (POSIX.1-2001), member by member."""
    for name, content in members:
        head = tarfile.TarInfo(name)
        head.size, head.mode = len(content), 0o600
        yield head.tobuf(tarfile.PAX_FORMAT)
        yield content
        yield b"\0" * (-len(content) % tarfile.BLOCKSIZE)
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def write_archive(chunks: Iterable[bytes], target: Path, watch: Callable[[int], None] | None = None) -> None:
    """Write a tar stream to ``target``: a file where its name ends with ".tar", otherwise a folder.

    It has its name only once it is whole. ``watch`` hears how many bytes have come. Raises RequestError
    ``request.store_in_use`` when there is something by that name, ServiceError when it cannot be written.
    """
    if target.exists():
        raise RequestError("request.store_in_use", target.name)
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".tar":
            _write_file(_counted(chunks, watch), part)
        else:
            _write_folder(_counted(chunks, watch), part)
        with open_archive(part) as written:
            written.read(SIGNATURE)
        part.rename(target)
    except OSError as error:
        raise ServiceError("service.storage_unavailable", type(error).__name__) from error
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)


@contextmanager
def open_archive(path: Path) -> Iterator[Source]:
    """Yield the members of a backup. Raises RequestError ``request.backup_invalid`` for what is neither."""
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        archive = tarfile.open(path, "r:")  # noqa: SIM115 - closed below; only its opening is reported here
        source = _Archive(archive)
    except (OSError, tarfile.TarError) as error:
        raise RequestError("request.backup_invalid", f"{path.name}: {type(error).__name__}") from None
    with archive:
        yield source


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        try:
            return (self._folder / checked(name)).read_bytes()
        except OSError:
            raise _missing(name) from None


class _Archive:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._members = {member.name: member for member in archive.getmembers() if member.isfile()}

    def read(self, name: str) -> bytes:
        member = self._members.get(checked(name))
        try:
            file = self._archive.extractfile(member) if member else None
            if file is None:
                raise _missing(name)
            return file.read()
        except (OSError, tarfile.TarError):
            raise _missing(name) from None


def checked(name: str) -> str:
    """Return the name of a member. Raises RequestError for one that would leave its folder."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise RequestError("request.backup_invalid", "a name that is none")
    return name


def sha256(content: bytes) -> str:
    """Return the digest of a member."""
    return hashlib.sha256(content).hexdigest()


def _missing(name: str) -> RequestError:
    return RequestError("request.backup_invalid", f"{name} is missing")


def _counted(chunks: Iterable[bytes], watch: Callable[[int], None] | None) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if watch:
            watch(total)
        yield chunk


def _write_file(chunks: Iterable[bytes], part: Path) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor, so that nobody else may ever read it
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


def _write_folder(chunks: Iterable[bytes], part: Path) -> None:
    part.mkdir(mode=0o700)
    with closing(_Stream(chunks)) as stream, _reading(stream) as archive:
        for member in archive:
            file = archive.extractfile(member)
            target = part / checked(member.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read() if file else b"")


def _reading(stream: _Stream) -> AbstractContextManager[tarfile.TarFile]:
    return tarfile.open(fileobj=io.BufferedReader(stream), mode="r|")


class _Stream(io.RawIOBase):
    """Chunks as a file that is read from."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__()
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the buffer protocol, in short
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        some, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(some)] = some
        return len(some)
