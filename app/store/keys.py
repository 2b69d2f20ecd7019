"""Keys of systems in SQL."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Final

from sqlalchemy import RowMapping, bindparam, insert, select, update

from app.store.database import Database
from app.store.tables import api_keys
from domain.callers import Role
from domain.keys import ApiKey

# Asked at each request, so it is compiled once.
_BY_ID: Final = select(api_keys).where(api_keys.c.id == bindparam("key_id"))


class SqlKeys:
    """Implements :class:`domain.ports.keys.Keys`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: ApiKey) -> None:
        """Remember a key durably."""
        row = {
            "id": key.id,
            "tenant": key.tenant,
            "name": key.name,
            "roles": json.dumps(sorted(key.roles)),
            "digest": key.digest,
            "created_at": key.created_at.isoformat(),
            "created_by": key.created_by,
            "expires_at": key.expires_at.isoformat(),
            "last_used": key.last_used and key.last_used.isoformat(),
            "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
        }
        with self._database.write() as connection:
            connection.execute(insert(api_keys).values(row))

    def by_id(self, key_id: str) -> ApiKey | None:
        """Return a key as it is now."""
        found = self._database.found(_BY_ID, {"key_id": key_id})
        return _key(found[0]) if found else None

    def all(self, tenant: str) -> list[ApiKey]:
        """Return the keys of a tenant, oldest first."""
        query = select(api_keys).where(api_keys.c.tenant == tenant).order_by(api_keys.c.created_at, api_keys.c.id)
        return [_key(row) for row in self._database.rows(query)]

    def revoke(self, tenant: str, key_id: str, at: datetime) -> bool:
        """Refuse a key from now on."""
        ours = (api_keys.c.tenant == tenant, api_keys.c.id == key_id)
        with self._database.write() as connection:
            accepted = update(api_keys).where(*ours, api_keys.c.revoked_at.is_(None))
            connection.execute(accepted.values(revoked_at=at.isoformat()))
            return connection.execute(select(api_keys.c.id).where(*ours)).first() is not None

    def used(self, key_id: str, day: date) -> None:
        """Remember the last day on which it was used."""
        with self._database.write() as connection:
            connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used=day.isoformat()))

    def any_active(self, now: datetime) -> bool:
        """Say whether any key of any tenant is accepted."""
        left = (_key(row) for row in self._database.rows(select(api_keys).where(api_keys.c.revoked_at.is_(None))))
        return any(key.expires_at > now for key in left)


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        tenant=row["tenant"],
        roles=frozenset(map(Role, json.loads(row["roles"]))),
        digest=row["digest"],
        created_at=datetime.fromisoformat(row["created_at"]),
        created_by=row["created_by"],
        expires_at=datetime.fromisoformat(row["expires_at"]),
        last_used=date.fromisoformat(row["last_used"]) if row["last_used"] else None,
        revoked_at=datetime.fromisoformat(row["revoked_at"]) if row["revoked_at"] else None,
    )
