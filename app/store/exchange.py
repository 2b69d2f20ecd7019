"""Rows of every table as lines of JSON, the same from SQLite and from PostgreSQL, and back into either."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.store.schema import create_at
from app.store.tables import METADATA, generation_versions, generations
from domain.errors import RequestError, ServiceError

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,60}")
_PART_BYTES: Final = 4 * 2**20
_ROWS: Final = 500
_VERSION_TABLE: Final = "alembic_version"
# An index is not copied, so which ones there are is not either.
_KEPT: Final = tuple(t for t in METADATA.sorted_tables if t not in (generations, generation_versions))


def columns() -> dict[str, list[str]]:
    """Return the columns of every table, those that others refer to first."""
    return {table.name: [column.name for column in table.columns] for table in _KEPT}


def export_rows(connection: Connection) -> Iterator[tuple[str, int, bytes]]:
    """Yield the rows of every table in parts of some megabytes: the table, how many rows, and lines of JSON."""
    for table in _KEPT:
        lines: list[str] = []
        size = 0
        for row in connection.execute(select(table).execution_options(yield_per=_ROWS)):
            lines.append(json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")))
            size += len(lines[-1])
            if size >= _PART_BYTES:
                yield table.name, len(lines), _joined(lines)
                lines, size = [], 0
        yield table.name, len(lines), _joined(lines)


def revision_of(connection: Connection) -> str:
    """Return the revision of the schema."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def import_rows(
    address: Path | str, revision: str, tables: Mapping[str, Sequence[str]], parts: Iterable[tuple[str, bytes]]
) -> None:
    """Fill an empty database with what was exported at a revision of the schema, all of it or nothing.

    Raises RequestError ``request.store_in_use`` when it is not empty, ``request.backup_invalid`` for rows that do not
    fit, ServiceError when the database cannot be reached.
    """
    url = URL.create("sqlite", database=str(address)) if isinstance(address, Path) else address
    engine = create_engine(url)
    try:
        if _filled(engine):
            raise RequestError("request.store_in_use", "the database has rows")
        if not inspect(engine).has_table(_VERSION_TABLE):
            create_at(engine, revision)
        with engine.begin() as connection:
            if revision_of(connection) != revision:
                raise RequestError("request.store_in_use", "the database is of another revision; name a new one")
            for table, content in parts:
                _insert(connection, table, tables[table], content)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise ServiceError("service.storage_unavailable", type(cause).__name__) from error
    finally:
        engine.dispose()


def empty(address: str) -> None:
    """Remove every row again of a database that was filled in vain."""
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())
    except SQLAlchemyError as error:
        raise ServiceError("service.storage_unavailable", type(error).__name__) from error
    finally:
        engine.dispose()


def _filled(engine: Engine) -> bool:
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
            if table.name in there
        )


def _insert(connection: Connection, table: str, names: Sequence[str], content: bytes) -> None:
    if not all(_NAME.fullmatch(name) for name in (table, *names)):
        raise RequestError("request.backup_invalid", "a table or a column is not named as they are")
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f":{name}" for name in names)
    statement = text(f'INSERT INTO "{table}" ({quoted}) VALUES ({values})')  # noqa: S608 - names were checked above
    try:
        rows = [dict(zip(names, map(_value, json.loads(line)), strict=True)) for line in content.splitlines()]
    except (ValueError, TypeError) as error:
        raise RequestError("request.backup_invalid", f"rows of {table}: {type(error).__name__}") from error
    for first in range(0, len(rows), _ROWS):
        connection.execute(statement, rows[first : first + _ROWS])


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    return {"base64": base64.b64encode(bytes(value)).decode()} if isinstance(value, bytes | memoryview) else value


def _value(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
