"""What all tests share. The settings come first: they quiet vendors before those are imported."""

from __future__ import annotations

import gc
import os
import shutil
import tomllib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app.settings import load_settings  # isort: split

from app.bootstrap import Consilium, Replacements, build
from app.cli.demo import LABELS, SAMPLES
from app.cli.door import LocalDoor
from app.store.database import Database
from domain.ports.embedder import Embedder
from retrieval.embedder import SentenceTransformerEmbedder
from tests.postgres import PostgresServer, postgres_server, programs
from tests.tuned import Tuned, tune

Empty = Callable[[str], Database]
NO_SKIP = bool(os.environ.get("CONSILIUM_NO_SKIP"))
# What is imported stays: to look for garbage in it again and again took 11 of the 25 s of collecting the tests.
gc.set_threshold(50_000, 20, 100)
# Stores of tests are in memory where there is plenty: a process that is killed loses nothing that is there either.
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
PLENTY = 4 * 2**30

if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > PLENTY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_collection_finish() -> None:
    """Leave all that is imported by now out of every later look for garbage."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI nothing skips: a skip becomes a failure that says what is missing."""
    report = yield
    if NO_SKIP and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {item.nodeid} ({report.longrepr})"
    return report


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    """Return the real encoder, loaded once a process."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Tuned:
    """Return a re-ranker that was trained for two steps, once a process."""
    return tune(tmp_path_factory.mktemp("rerankers") / "rules")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Iterator[Consilium]:
    """Yield the product over the sample documents, ingested once a process; tests only ask it."""
    settings = load_settings(home=tmp_path_factory.mktemp("house"))
    with build(settings, Replacements(embedder=encoder)) as consilium:
        door = LocalDoor(consilium)
        manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
        for item in manifest["documents"]:
            options = {key: item[key] for key in LABELS if key in item}
            for outcome in door.ingest([SAMPLES / "files" / item["file"]], options):
                assert outcome["status"] == "indexed" or outcome["code"] == "document.needs_ocr", outcome
        yield consilium


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Yield a PostgreSQL server. What uses it is marked ``xdist_group("postgres")``, so that one process starts one."""
    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    with postgres_server(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def empty_on_postgres(postgres: PostgresServer) -> str:
    """Return a PostgreSQL database of today's schema without a row, to be copied: to make one takes five times that."""
    address = postgres.new_database()
    Database(address).close()
    return address


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file of today's schema without a row, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    Database(path).close()
    return path


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Empty]:
    """Yield what opens an empty database of a kind, "sqlite" or "postgres"."""
    with ExitStack() as open_until_the_end:

        def opened(kind: str) -> Database:
            if kind == "sqlite":
                address: Path | str = shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "new.db")
            else:
                server: PostgresServer = request.getfixturevalue("postgres")
                address = server.copy_of(request.getfixturevalue("empty_on_postgres"))
                open_until_the_end.callback(server.drop, address)
            return open_until_the_end.enter_context(closing(Database(address)))

        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def database(request: pytest.FixtureRequest, empty: Empty) -> Database:
    """Return an empty database, once of each kind."""
    return empty(request.param)


@pytest.fixture
def fresh(tmp_path: Path, encoder: Embedder) -> Iterator[Consilium]:
    """Yield the product over an empty store."""
    with build(load_settings(home=tmp_path / "home"), Replacements(embedder=encoder)) as consilium:
        yield consilium
