"""A real PostgreSQL that the tests start themselves: one server a process, a new database for each test."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

_PLACES: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
# A crash of the machine is for PostgreSQL to test; like this, too, what was committed survives a kill -9.
_FAST: Final = "-c fsync=off -c full_page_writes=off -c listen_addresses='' -c shared_buffers=32MB"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, if PostgreSQL is installed."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else []
    folders += [folder for place in _PLACES for folder in sorted(Path("/").glob(place[1:]), reverse=True)]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@dataclass(slots=True)
class PostgresServer:
    """A running server; it listens on a socket in its own folder only."""

    folder: Path
    binaries: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """Create an empty database and return its SQLAlchemy URL."""
        return self._created("template1")

    def copy_of(self, address: str) -> str:
        """Create a database with all that is in another one, which nobody uses meanwhile, and return its URL."""
        return self._created(_name(address))

    def drop(self, address: str) -> None:
        """Remove a database."""
        self._execute(f"DROP DATABASE {_name(address)} WITH (FORCE)")

    def _created(self, template: str) -> str:
        name = f"test{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def _execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"{_FAST} -k {self.folder}"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server; "immediate" is how a crash looks."""
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_somebody(), str(self.binaries / program), *arguments]
        # The server keeps what it inherits: with a pipe, nobody would ever see its end.
        with (self.folder / "output").open("ab") as output:
            subprocess.run(command, check=True, cwd=self.folder, stdout=output, stderr=output, timeout=60)


@contextmanager
def postgres_server(binaries: Path) -> Iterator[PostgresServer]:
    """Make a cluster, run it, and remove it again."""
    # A short path: it holds the server's socket.
    short = os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")  # noqa: S108 - mkdtemp makes a folder of its own in it
    folder = Path(tempfile.mkdtemp(prefix="consilium-pg-", dir=short))
    try:
        if _as_somebody():
            shutil.chown(folder, "postgres")
        server = PostgresServer(folder, binaries)
        server._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _name(address: str) -> str:
    return str(make_url(address).database)


def _as_somebody() -> list[str]:
    """Return what goes before a command: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam("postgres")
    return ["runuser", "-u", "postgres", "--"]
