"""Processes of the product for tests, forked from one that has imported it: a start takes a moment instead of seconds.

Each is a process of its own, with its own arguments, environment, files and exit status, that may be killed. A process
of the tests keeps one nursery, started when it is first needed; ``python -m tests.forked N`` is that nursery, which
takes orders from the socket with the descriptor N.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from tests.data import ROOT

COMMAND: Final = "app.cli.main:main"
# What nearly every process of the product imports sooner or later, the slow ones named.
IMPORTED: Final = (
    "app.settings",
    "app.cli.main",
    "app.bootstrap",
    "app.cli.door",
    "app.cli.server",
    "app.cli.worker",
    "haystack",
    "sentence_transformers",
    "spacy.lang.en",
    "retrieval.bert",
)
_ORDER: Final = 1 << 20  # bytes; an order has the environment in it


@dataclass(slots=True)
class Process:
    """A started process; the part of :class:`subprocess.Popen` that tests use."""

    pid: int
    _ending: IO[bytes]
    returncode: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        """Return how it ended, as :attr:`subprocess.Popen.returncode`; ``None`` while it runs."""
        if self.returncode is None and select.select([self._ending], [], [], 0)[0]:
            self._read()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._ending], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(COMMAND, timeout or 0)
            self._read()
        assert self.returncode is not None
        return self.returncode

    def _read(self) -> None:
        self.returncode = int(self._ending.read())
        self._ending.close()

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def start(
    arguments: Sequence[str],
    *,
    what: str = COMMAND,
    stdin: int = subprocess.DEVNULL,
    stdout: int = 1,
    stderr: int = 2,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Start ``what``, a ``module:function`` or the text of a program, with arguments and open files.

    The environment is added to that of this process; it comes too late for what is read while the product is imported.
    """
    order = {"what": what, "arguments": list(map(str, arguments)), "environment": {**os.environ, **(environment or {})}}
    with Path(os.devnull).open("rb") as nothing:
        given = nothing.fileno() if stdin == subprocess.DEVNULL else stdin
        said, tell = os.pipe()
        line = json.dumps(order).encode()
        assert len(line) < _ORDER
        nursery = _nursery()
        socket.send_fds(nursery, [line], [given, stdout, stderr, tell])
    os.close(tell)
    ending = os.fdopen(said, "rb", buffering=0)
    pid = b""
    while not pid.endswith(b"\n"):
        byte = ending.read(1)
        assert byte, "the process that forks others ended"
        pid += byte
    return Process(int(pid), ending)


def run(
    arguments: Sequence[str],
    *,
    what: str = COMMAND,
    text: str | None = None,
    timeout: float = 120,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``what`` to its end with ``text`` as its standard input; as :func:`subprocess.run`."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write((text or "").encode())
        given.seek(0)
        process = start(
            arguments, what=what, stdin=given.fileno(), stdout=out.fileno(), stderr=err.fileno(),
            environment=environment,
        )  # fmt: skip
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(list(arguments), status, out.read().decode(), err.read().decode())


@dataclass(frozen=True, slots=True)
class Talking:
    """A process that is spoken to: what it reads and what it says, as lines of text."""

    process: Process
    stdin: IO[str]
    stdout: IO[str]


@contextmanager
def talking(
    arguments: Sequence[str] = (), *, what: str = COMMAND, environment: Mapping[str, str] | None = None
) -> Iterator[Talking]:
    """Start a process and talk to it; its standard input is closed and its end awaited when the block ends."""
    read, tell = os.pipe()
    hear, write = os.pipe()
    try:
        process = start(arguments, what=what, stdin=read, stdout=write, environment=environment)
    finally:
        os.close(read)
        os.close(write)
    with os.fdopen(hear, encoding="utf-8") as stdout:
        try:
            with os.fdopen(tell, "w", encoding="utf-8") as stdin:
                yield Talking(process, stdin, stdout)
        finally:
            process.wait(60)


@functools.cache
def _nursery() -> socket.socket:
    """Return the socket of this process's nursery, which ends when that is closed, with this process at the latest."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ORDER)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            pass_fds=[theirs.fileno()],
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


# What the nursery does -----------------------------------------------------------------------------------------------


def main(descriptor: int) -> None:
    """Fork a process for each order, until nobody can send any more."""
    orders = socket.socket(fileno=descriptor)
    for module in IMPORTED:
        importlib.import_module(module)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal; the tests end what they started
    while True:
        line, files, _, _ = socket.recv_fds(orders, _ORDER, 4)
        if not line:
            return
        if os.fork() == 0:
            orders.close()
            _keep(json.loads(line), files)
        for file in files:
            os.close(file)


def _keep(order: dict[str, Any], files: Sequence[int]) -> NoReturn:
    """Fork the process that was ordered, and say its number and how it ended."""
    *standard, tell = files
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(tell)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, file in enumerate(standard):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(order["environment"])
        time.tzset()
        _work(order["what"], order["arguments"])
    for file in standard:
        os.close(file)
    os.write(tell, f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    os.write(tell, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _work(what: str, arguments: list[str]) -> NoReturn:
    """Do the work and end as Python does, but for taking apart all that is imported, which takes three seconds."""
    sys.argv = ["consilium", *arguments]
    status: object = 0
    try:
        module, colon, name = what.partition(":")
        if colon and "\n" not in what:
            getattr(importlib.import_module(module), name)()
        else:
            exec(compile(what, "program of a test", "exec"), {"__name__": "__main__"})  # noqa: S102 - a test wrote it
    except SystemExit as ending:
        status = ending.code
    except BaseException:  # noqa: BLE001 - as Python does at the top
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    main(int(sys.argv[1]))
