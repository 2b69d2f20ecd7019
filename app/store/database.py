"""The SQL database: SQLite on one machine, PostgreSQL on many."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    URL,
    ClauseElement,
    Connection,
    CursorResult,
    Engine,
    Executable,
    RowMapping,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.store.schema import bring_up_to_date
from domain.errors import ServiceError

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
_SECONDS_TO_WAIT: Final = 5
_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "busy_timeout = 5000",
    "foreign_keys = ON",
    "secure_delete = ON",
)


class Database:
    """A database at a SQLAlchemy URL, or a SQLite file; its schema is brought up to date when it opens.

    Every method raises ServiceError ``service.storage_unavailable``; a database that comes back is used again. Use from
    several threads is safe: each has a connection of its own while it needs one.
    """

    def __init__(self, address: Path | URL | str) -> None:
        with _reported():
            url = URL.create(SQLITE, database=str(address)) if isinstance(address, Path) else make_url(address)
            if isinstance(address, Path):
                address.parent.mkdir(parents=True, exist_ok=True)
            self.dialect: Final = url.get_backend_name()
            self._engine = _engine(url)
            # Reads are single statements: they need no transaction, and so nothing to begin and to roll back.
            self._reading = _engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
            if self.dialect == SQLITE:
                event.listen(self._engine, "begin", _begin)
            # SQLite has one writer at a time; waiting for it here is fair, and its own waiting is not.
            self._writer = threading.RLock() if self.dialect == SQLITE else nullcontext()
            self._own = threading.local()
            self._alone_here = threading.RLock()
            self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
            self._compiled: dict[ClauseElement, tuple[str, Sequence[str] | None]] = {}
            try:
                bring_up_to_date(self._engine)
            except BaseException:
                self.close()
                raise

    @property
    def inside(self) -> bool:
        """Say whether this thread is in a transaction."""
        return getattr(self._own, "connection", None) is not None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run statements as one transaction: all of them or none. Inside another one it joins that."""
        current: Connection | None = getattr(self._own, "connection", None)
        if current is not None:
            yield current
            return
        with _reported(), self._writer, self._engine.begin() as connection:
            self._own.connection = connection
            try:
                yield connection
            finally:
                self._own.connection = None

    def rows(self, statement: Executable | str, parameters: Mapping[str, Any] | None = None) -> list[RowMapping]:
        """Return all rows of a query, as this thread's transaction sees them if it is in one."""
        query = text(statement) if isinstance(statement, str) else statement
        current: Connection | None = getattr(self._own, "connection", None)
        with _reported():
            if current is not None:
                return list(current.execute(query, parameters).mappings())
            with self._reading.connect() as connection:
                return list(connection.execute(query, parameters).mappings())

    def run(
        self, connection: Connection, statement: ClauseElement, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> CursorResult[Any]:
        """Run a statement that is a constant of its module, once or for each of several rows.

        It is compiled once for good, and its values go to the driver as they are: a tenth of what SQLAlchemy takes to
        find it in its cache, which counts where ten statements are run for each of many documents.
        """
        sql, names = self._compiled.get(statement) or self._compile(statement)
        if names is None:
            return connection.exec_driver_sql(sql, rows if isinstance(rows, Mapping) else list(rows))
        if isinstance(rows, Mapping):
            return connection.exec_driver_sql(sql, tuple(rows[name] for name in names))
        return connection.exec_driver_sql(sql, [tuple(row[name] for name in names) for row in rows])

    def found(self, statement: ClauseElement, values: Mapping[str, Any]) -> list[RowMapping]:
        """Return all rows of a query that is a constant of its module, see :meth:`run`."""
        current: Connection | None = getattr(self._own, "connection", None)
        with _reported():
            if current is not None:
                return list(self.run(current, statement, values).mappings())
            with self._reading.connect() as connection:
                return list(self.run(connection, statement, values).mappings())

    def _compile(self, statement: ClauseElement) -> tuple[str, Sequence[str] | None]:
        """Return a statement's text and the order of its values; none where the driver takes them by name."""
        compiled = statement.compile(dialect=self._engine.dialect)
        names = getattr(compiled, "positiontup", None)
        self._compiled[statement] = str(compiled), names
        return self._compiled[statement]

    def lock(self, connection: Connection, number: int) -> None:
        """Let transactions with the same number go one after the other; on SQLite they do anyway."""
        if self.dialect != SQLITE:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

    @contextmanager
    def alone(self, number: int = 0x416C6F6E) -> Iterator[None]:
        """Let only one thread of one process do this at a time (erasing, copying); nesting is allowed."""
        depth: int = getattr(self._own, "alone", 0)
        here = self.dialect == SQLITE or depth > 0
        held: AbstractContextManager[object] = self._alone_here if here else self._alone_everywhere(number)
        with held:
            self._own.alone = depth + 1
            try:
                yield
            finally:
                self._own.alone = depth

    @contextmanager
    def _alone_everywhere(self, number: int) -> Iterator[None]:
        with self._alone_here, _reported(), self._reading.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})

    @contextmanager
    def among_processes(self, number: int, *, alone: bool) -> Iterator[None]:
        """Do this while no other process does it ``alone``, or alone; on SQLite one process has the store anyway."""
        if self.dialect == SQLITE:
            yield
            return
        kind = "" if alone else "_shared"
        with _reported(), self._reading.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock{kind}(:number)"), {"number": number})
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock{kind}(:number)"), {"number": number})

    @contextmanager
    def one_at_a_time(self, number: int) -> Iterator[None]:
        """Let only one thread of one process do at a time what has this number; it must not be nested."""
        with self._locks[number], self.among_processes(number, alone=True):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of everything, whatever is written meanwhile; it holds up nobody."""
        if self.dialect == SQLITE:
            with _reported(), self._reading.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("ROLLBACK")
            return
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _reported(), self._engine.connect().execution_options(**options) as connection:
            yield connection
            connection.rollback()

    def prove(self) -> None:
        """Return when the database answers."""
        self.rows("SELECT 1")

    def scrub(self) -> None:
        """Leave nothing of deleted rows behind.

        SQLite overwrites them as it deletes (``secure_delete``), and here its write-ahead log, which holds pages of
        before, is emptied. PostgreSQL's server vacuums by itself; this asks it to at once.
        """
        with _reported(), self._reading.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if self.dialect == SQLITE else "VACUUM")

    def close(self) -> None:
        """Write everything out and close all connections."""
        self._reading.dispose()
        self._engine.dispose()


def upsert(table: Table, key: Sequence[str], changing: Sequence[str]) -> Mapping[str, ClauseElement]:
    """Return, by dialect, the insertion of a row that changes some columns of the one that is there already."""
    found: dict[str, ClauseElement] = {}
    for dialect, insert in ((SQLITE, sqlite.insert), (POSTGRESQL, postgresql.insert)):
        new: Any = insert(table)
        changes = {name: new.excluded[name] for name in changing}
        found[dialect] = new.on_conflict_do_update(index_elements=list(key), set_=changes)
    return found


def _engine(url: URL, **options: Any) -> Engine:
    """Return an engine; a server's connections are tried before use, as it may have been started again."""
    if url.get_backend_name() == SQLITE:
        engine = create_engine(url, connect_args={"timeout": _SECONDS_TO_WAIT}, **options)
        event.listen(engine, "connect", _set_up)
        return engine
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _SECONDS_TO_WAIT}, **options)


def _set_up(connection: Any, record: object) -> None:
    del record
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at once: a transaction that reads first could not get it later."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what the database raises into errors of ours; its words may quote values, so only its type is said."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise ServiceError("service.storage_unavailable", type(cause).__name__) from error
