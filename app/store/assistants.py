"""Assistants in SQL: one row each, and one for each of their versions, which nothing changes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping, func, insert, or_, select, update

from app.store.database import Database
from app.store.tables import assistant_versions, assistants
from domain.assistants import Assistant, AssistantVersion, Design

_LOCK: Final = 0x41737374  # "Asst": which of PostgreSQL's advisory locks numbers the versions
_LISTS: Final = ("roles", "teams", "collections", "starters")


class SqlAssistants:
    """Implements :class:`domain.ports.assistants.Assistants`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, assistant: Assistant, first: AssistantVersion) -> bool:
        """Remember an assistant with its first version durably."""
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            if self.find(assistant.tenant, assistant.name):
                return False
            connection.execute(insert(assistants).values(asdict(assistant)))
            connection.execute(insert(assistant_versions).values(_row(first)))
        return True

    def find(self, tenant: str, key: str) -> Assistant | None:
        """Return an assistant of a tenant by id or name."""
        query = select(assistants).where(assistants.c.tenant == tenant)
        found = self._database.rows(query.where(or_(assistants.c.id == key, assistants.c.name == key)))
        return _assistant(found[0]) if found else None

    def all(self, tenant: str) -> list[Assistant]:
        """Return the assistants of a tenant by name."""
        query = select(assistants).where(assistants.c.tenant == tenant).order_by(assistants.c.name)
        return [_assistant(row) for row in self._database.rows(query)]

    def append(self, version: AssistantVersion) -> bool:
        """Remember a version durably."""
        last = select(func.max(assistant_versions.c.number))
        last = last.where(assistant_versions.c.assistant_id == version.assistant_id)
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            number = connection.execute(last).scalar()
            if number is None or version.number != number + 1:
                return False
            connection.execute(insert(assistant_versions).values(_row(version)))
        return True

    def version(self, assistant_id: str, number: int) -> AssistantVersion | None:
        """Return one version."""
        found = self._database.rows(_of(assistant_id).where(assistant_versions.c.number == number))
        return _version(found[0]) if found else None

    def versions(self, assistant_id: str) -> list[AssistantVersion]:
        """Return all versions, newest first."""
        query = _of(assistant_id).order_by(assistant_versions.c.number.desc())
        return [_version(row) for row in self._database.rows(query)]

    def change(self, assistant: Assistant) -> None:
        """Remember how an assistant is published now."""
        values = {name: value for name, value in asdict(assistant).items() if name not in {"id", "tenant", "name"}}
        with self._database.write() as connection:
            connection.execute(update(assistants).where(assistants.c.id == assistant.id).values(values))


def _of(assistant_id: str) -> Any:
    return select(assistant_versions).where(assistant_versions.c.assistant_id == assistant_id)


def _assistant(row: RowMapping) -> Assistant:
    return Assistant(**{column.name: row[column.name] for column in assistants.columns})


def _row(version: AssistantVersion) -> dict[str, Any]:
    design = asdict(version.design)
    design["as_of"] = version.design.as_of.isoformat() if version.design.as_of else None
    return {
        "assistant_id": version.assistant_id,
        "number": version.number,
        "design": json.dumps(design, ensure_ascii=False),
        "created_at": version.created_at,
        "created_by": version.created_by,
        "restored": version.restored,
    }


def _version(row: RowMapping) -> AssistantVersion:
    design = json.loads(row["design"])
    design |= {name: tuple(design[name]) for name in _LISTS}
    design["as_of"] = date.fromisoformat(design["as_of"]) if design["as_of"] else None
    return AssistantVersion(
        assistant_id=row["assistant_id"],
        number=row["number"],
        design=Design(**design),
        created_at=row["created_at"],
        created_by=row["created_by"],
        restored=row["restored"],
    )
