"""Legal holds and unfinished erasures in SQL."""

from __future__ import annotations

from sqlalchemy import RowMapping, delete, insert, select

from app.store.database import Database
from app.store.tables import erasures, holds
from domain.erasure import Hold, Target


class SqlHolds:
    """Implements :class:`domain.ports.holds.Holds`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def place(self, hold: Hold) -> None:
        """Remember a hold durably."""
        row = {**_row(hold.target), "id": hold.id, "reason": hold.reason, "placed_at": hold.placed_at}
        with self._database.write() as connection:
            connection.execute(insert(holds).values(row))

    def release(self, tenant: str, hold_id: str) -> bool:
        """Forget a hold."""
        with self._database.write() as connection:
            done = connection.execute(delete(holds).where(holds.c.tenant == tenant, holds.c.id == hold_id))
        return done.rowcount == 1

    def all(self, tenant: str) -> list[Hold]:
        """Return the holds of a tenant, oldest first."""
        query = select(holds).where(holds.c.tenant == tenant).order_by(holds.c.placed_at, holds.c.id)
        return [
            Hold(id=row["id"], target=_target(row), reason=row["reason"], placed_at=row["placed_at"])
            for row in self._database.rows(query)
        ]


class SqlErasureQueue:
    """Implements :class:`domain.ports.holds.ErasureQueue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, erasure_id: str, target: Target, *, shared: bool) -> None:
        """Remember durably that this is to be erased."""
        with self._database.write() as connection:
            connection.execute(insert(erasures).values({**_row(target), "id": erasure_id, "shared": shared}))

    def end(self, erasure_id: str) -> None:
        """Forget it, and every trace of what was deleted."""
        with self._database.write() as connection:
            connection.execute(delete(erasures).where(erasures.c.id == erasure_id))
        self._database.scrub()

    def unfinished(self) -> list[tuple[str, Target, bool]]:
        """Return what has begun and not ended."""
        return [(row["id"], _target(row), row["shared"]) for row in self._database.rows(select(erasures))]


def _row(target: Target) -> dict[str, object]:
    return {"tenant": target.tenant, "kind": target.kind, "target": target.id}


def _target(row: RowMapping) -> Target:
    return Target(tenant=row["tenant"], kind=row["kind"], id=row["target"])
