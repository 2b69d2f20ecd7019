"""Reads untrusted files in a separate, fenced process that is killed and replaced when a file breaks it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from threading import Lock, Timer
from types import TracebackType
from typing import Final, Self

from domain.errors import ServiceError
from ingestion.codec import decode, read_frame, write_frame
from ingestion.limits import Limits
from ingestion.outcomes import MemberOutcome

TEXTS, ORIGINALS = "texts", "originals"
_START_SECONDS: Final = 60.0
_END_SECONDS: Final = 2.0
_FILES_A_PROCESS: Final = 200
_LARGE: Final = 768 * 2**20  # bytes resident: parsers keep what they once took
_KEPT_VARIABLES: Final = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TESSDATA_PREFIX",
    "TZ",
)
_CODES: Final = {
    errno.ENOMEM: "document.out_of_memory",
    -signal.SIGKILL: "document.out_of_memory",
    -signal.SIGXCPU: "document.too_slow",
    -signal.SIGSEGV: "document.malformed",
    -signal.SIGBUS: "document.malformed",
}


class ReadingSandbox:
    """Reads files through one child process at a time, which starts with the first file. Safe to use from threads.

    ``what`` is "texts", or "originals" to say of a file all that its original would show (:mod:`ingestion.originals`).
    """

    def __init__(self, limits: Limits | None = None, what: str = TEXTS) -> None:
        self.limits = limits or Limits()
        self._what = what
        self._child: _Child | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Return itself; nothing starts yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    def close(self) -> None:
        """End the child and remove its folder. Reading again starts another."""
        with self._lock:
            self._replace()

    def read(self, path: Path) -> list[MemberOutcome]:
        """Read a file. Anything that is no plain readable file is document.unreadable, and never waited for."""
        try:
            content = _content(path, self.limits.max_bytes)
        except (OSError, ValueError):
            return [_failed(path.name, "document.unreadable")]
        if content is None:
            return [_failed(path.name, "document.too_large", f"limit {self.limits.max_bytes} bytes")]
        return self.read_bytes(content, path.name)

    def read_bytes(self, content: bytes, name: str) -> list[MemberOutcome]:
        """Read an upload. Raises ServiceError where no reading process can be started."""
        name = PurePosixPath(name.replace("\\", "/")).name or "upload"
        if len(content) > self.limits.max_bytes:
            return [_failed(name, "document.too_large", f"limit {self.limits.max_bytes} bytes")]
        with self._lock:
            child = self._child = self._child or _Child(self.limits, self._what)
            try:
                outcomes = child.read(content, name, self.limits.seconds)
            except _ChildLostError as lost:
                self._replace()
                return [_failed(name, str(lost))]
            if child.is_worn:
                self._replace()
            return outcomes

    def _replace(self) -> None:
        if self._child:
            self._child.end()
            self._child = None


class _ChildLostError(Exception):
    """The child ended, or said what no worker says; carries the code for the file that it was reading."""


class _Child:
    """One reading process with its folder."""

    def __init__(self, limits: Limits, what: str) -> None:
        self._folder = tempfile.mkdtemp(prefix="consilium-reading-")
        self._expired = False
        self._files = 0
        self._resident = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-m", "ingestion.worker", what],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a parser's warnings quote the document
            cwd=self._folder,
            env=_environment(self._folder),
            start_new_session=True,
        )
        try:
            with self._deadline(_START_SECONDS):
                self._ask(json.dumps(asdict(limits)).encode())
                self._hear()
        except (OSError, EOFError, ValueError) as error:
            self.end()
            raise ServiceError("service.internal", "the reading process did not start") from error

    @property
    def is_worn(self) -> bool:
        """Say whether it has read enough, or grown too large, to go on."""
        return self._expired or self._files >= _FILES_A_PROCESS or self._resident > _LARGE

    def read(self, content: bytes, name: str, seconds: float) -> list[MemberOutcome]:
        """Have one file read. Raises _ChildLostError with a code; the child is of no more use then."""
        self._files += 1
        try:
            with self._deadline(seconds):
                self._ask(name.encode("utf-8", "surrogateescape"))
                self._ask(content)
                self._resident = int(self._hear())
                answer = self._hear()
            return decode(answer)
        except (OSError, EOFError) as error:
            self._kill()
            raise _ChildLostError(self._code(self._process.wait())) from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _ChildLostError("document.unreadable") from error

    def end(self) -> None:
        """Kill the process with all that it started, and remove its folder; it keeps nothing that would be lost."""
        self._kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not flushed goes nowhere
                stream.close() if stream else None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, content: bytes) -> None:
        assert self._process.stdin
        write_frame(self._process.stdin, content)

    def _hear(self) -> bytes:
        assert self._process.stdout
        return read_frame(self._process.stdout)

    def _code(self, status: int) -> str:
        """Return what the exit status of a child that ended over a file says about the file."""
        if self._expired:
            return "document.too_slow"
        return _CODES.get(status, "document.unreadable")

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        timer = Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _expire(self) -> None:
        self._expired = True
        self._kill()

    def _kill(self) -> None:
        if self._process.returncode is None:  # before it is waited for, its number cannot be another's
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _failed(name: str, code: str, detail: str = "") -> MemberOutcome:
    return MemberOutcome(name=name, reading=None, code=code, detail=detail)


def _content(path: Path, limit: int) -> bytes | None:
    """Return a file's bytes, ``None`` when over the limit. Raises OSError for anything but a plain file, at once."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        if status.st_size > limit:
            return None
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    finally:
        os.close(descriptor)
    return content if len(content) <= limit else None


def _environment(folder: str) -> dict[str, str]:
    """Return the child's environment: no settings and no secrets of ours, nothing that reaches out."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "HOME": folder,
        "TMPDIR": folder,
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",  # tesseract's
        "OPENBLAS_NUM_THREADS": "1",
    }
