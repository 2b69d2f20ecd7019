"""Brings the schema of a database up to date with Alembic; stores of before Alembic come in as its first revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, text

from domain.errors import ServiceError

HEAD: Final = "0016"
_FIRST: Final = "0001"
_LOCK: Final = 0x436F6E73  # "Cons": which of PostgreSQL's advisory locks is ours
# What SQLite files of before Alembic lack, by their PRAGMA user_version. A CHECK cannot be altered, so its table is
# made anew; that drops no row of another table, as foreign keys are off meanwhile (sqlite.org/lang_altertable.html,
# section 7).
_BEFORE: Final = {
    2: (
        (
            "CREATE TABLE versions_anew (id TEXT PRIMARY KEY,"
            " document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, digest TEXT NOT NULL,"
            " path TEXT NOT NULL, media_type TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,"
            " effective_from TEXT, effective_to TEXT,"
            " state TEXT NOT NULL CHECK (state IN ('indexing', 'words', 'indexed', 'retired')))"
        ),
        "INSERT INTO versions_anew SELECT * FROM versions ORDER BY rowid",
        "DROP TABLE versions",
        "ALTER TABLE versions_anew RENAME TO versions",
        "CREATE INDEX versions_of_document ON versions (document_id)",
        "CREATE INDEX versions_without_vectors ON versions (state) WHERE state = 'words'",
    ),
    3: ("CREATE INDEX version_of_passage ON passages (id, version_id)",),
    # Subjects of one document were taken for names of one another.
    4: (
        (
            "DELETE FROM aliases WHERE version_id IN (SELECT v.id FROM versions v JOIN documents d"
            " ON d.id = v.document_id WHERE json_array_length(d.labels, '$.subjects') > 1)"
        ),
    ),
}


def bring_up_to_date(engine: Engine) -> None:
    """Create or change the schema as needed, in one transaction. Raises ServiceError for one of a newer product."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection, _unchecked(connection), connection.begin():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        current = _revision(connection)
        if current == HEAD:
            return
        if sqlite:
            current = current or _take_in(connection)
        _upgrade(connection, current)


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    """Let SQLite drop and rename tables that others refer to; it takes this outside of transactions only."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _take_in(connection: Connection) -> str | None:
    """Bring a SQLite file of before Alembic to what is now the first revision; none for a new file."""
    number = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if number == 0:
        return None
    if number > max(_BEFORE):
        raise ServiceError("service.storage_unavailable", f"schema {number} is newer than this product")
    for step in range(number + 1, max(_BEFORE) + 1):
        for statement in _BEFORE[step]:
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql("PRAGMA user_version = 0")
    return _FIRST


def create_at(engine: Engine, revision: str) -> None:
    """Create the schema of an earlier revision in an empty database, for rows of that time.

    Raises ServiceError for a revision that this product does not know.
    """
    with engine.connect() as connection, _unchecked(connection), connection.begin():
        if revision not in known_revisions():
            raise ServiceError("service.storage_unavailable", f"schema {revision} is newer than this product")
        _upgrade(connection, None, to=revision)


def _upgrade(connection: Connection, current: str | None, to: str = "head") -> None:
    # Alembic takes a tenth of a second to import, and a store is seldom out of date.
    from alembic import command  # noqa: PLC0415

    config = _config()
    if current and current not in known_revisions():
        raise ServiceError("service.storage_unavailable", f"schema {current} is newer than this product")
    config.attributes["connection"] = connection
    if current == _FIRST and _revision(connection) is None:
        command.stamp(config, current)
    command.upgrade(config, to)


def _config() -> Any:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def known_revisions() -> frozenset[str]:
    """Return the revisions of the schema that this product can bring up to date."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())
