"""Users and teams of the directory in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, delete, insert, or_, select, update

from app.store.database import Database, upsert
from app.store.tables import directory_users, team_users, teams
from domain.access import DirectoryUser, Team

_USER: Final = [field.name for field in fields(DirectoryUser)]
_PUT_USER: Final = upsert(
    directory_users, ("id",), [c.name for c in directory_users.c if c.name not in {"id", "created_at"}]
)
_PUT_TEAM: Final = upsert(teams, ("id",), [c.name for c in teams.c if c.name not in {"id", "created_at"}])
_LOCK: Final = 0x64697265  # "dire": changes of the directory go one after the other


class SqlDirectory:
    """Implements :class:`domain.ports.members.Directory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_user(self, user: DirectoryUser) -> bool:
        """Add or replace a user by id; False when another one of the tenant has the name."""
        row = {name: getattr(user, name) for name in _USER} | {"name_key": user.name.casefold(), "removed": False}
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            same = (directory_users.c.tenant == user.tenant, directory_users.c.name_key == row["name_key"])
            # Whoever comes back takes the place of their own removal, by either name.
            again = or_(
                directory_users.c.name_key == row["name_key"],
                and_(directory_users.c.external_id == user.external_id, directory_users.c.external_id != ""),
            )
            left = (directory_users.c.tenant == user.tenant, directory_users.c.removed, again)
            connection.execute(delete(directory_users).where(*left))
            if connection.execute(select(directory_users.c.id).where(*same, directory_users.c.id != user.id)).first():
                return False
            self._database.run(connection, _PUT_USER[self._database.dialect], row)
        return True

    def user(self, tenant: str, user_id: str) -> DirectoryUser | None:
        """Return a user by id."""
        found = self._users(tenant, directory_users.c.id == user_id)
        return found[0] if found else None

    def users(self, tenant: str, name: str | None = None) -> list[DirectoryUser]:
        """Return the users of a tenant by name, or the one with a name, without regard to case."""
        return self._users(tenant, *([] if name is None else [directory_users.c.name_key == name.casefold()]))

    def remove_user(self, tenant: str, user_id: str) -> bool:
        """Forget a user and their teams, and remember that a caller by that name is not to be let in."""
        this = (directory_users.c.tenant == tenant, directory_users.c.id == user_id, ~directory_users.c.removed)
        with self._database.write() as connection:
            gone = connection.execute(update(directory_users).where(*this).values(removed=True, active=False))
            if gone.rowcount:
                connection.execute(delete(team_users).where(team_users.c.user_id == user_id))
        return gone.rowcount == 1

    def put_team(self, team: Team) -> bool:
        """Add or replace a team by id, its users too; False when another one has the name, or a user is not there."""
        row = {
            "id": team.id,
            "tenant": team.tenant,
            "name": team.name,
            "name_key": team.name.casefold(),
            "external_id": team.external_id,
            "created_at": team.created_at,
            "changed_at": team.changed_at,
        }
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            same = (teams.c.tenant == team.tenant, teams.c.name_key == row["name_key"], teams.c.id != team.id)
            if connection.execute(select(teams.c.id).where(*same)).first() or not _there(connection, team):
                return False
            self._database.run(connection, _PUT_TEAM[self._database.dialect], row)
            connection.execute(delete(team_users).where(team_users.c.team_id == team.id))
            if team.users:
                inside = [{"team_id": team.id, "user_id": user} for user in dict.fromkeys(team.users)]
                connection.execute(insert(team_users), inside)
        return True

    def team(self, tenant: str, team_id: str) -> Team | None:
        """Return a team by id."""
        found = self._teams(tenant, teams.c.id == team_id)
        return found[0] if found else None

    def teams(self, tenant: str, name: str | None = None) -> list[Team]:
        """Return the teams of a tenant by name, or the one with a name, without regard to case."""
        return self._teams(tenant, *([] if name is None else [teams.c.name_key == name.casefold()]))

    def remove_team(self, tenant: str, team_id: str) -> bool:
        """Forget a team."""
        with self._database.write() as connection:
            gone = connection.execute(delete(teams).where(teams.c.tenant == tenant, teams.c.id == team_id))
        return gone.rowcount == 1

    def _users(self, tenant: str, *where: Any) -> list[DirectoryUser]:
        kept = (directory_users.c.tenant == tenant, ~directory_users.c.removed, *where)
        query = select(directory_users).where(*kept).order_by(directory_users.c.name_key, directory_users.c.id)
        return [_user(row) for row in self._database.rows(query)]

    def _teams(self, tenant: str, *where: Any) -> list[Team]:
        query = select(teams).where(teams.c.tenant == tenant, *where).order_by(teams.c.name_key, teams.c.id)
        found = self._database.rows(query)
        inside: dict[str, list[str]] = {row["id"]: [] for row in found}
        links = select(team_users).where(team_users.c.team_id.in_(inside)).order_by(team_users.c.user_id)
        for row in self._database.rows(links) if inside else []:
            inside[row["team_id"]].append(row["user_id"])
        return [_team(row, inside[row["id"]]) for row in found]


def _there(connection: Connection, team: Team) -> bool:
    wanted = set(team.users)
    of_tenant = (directory_users.c.tenant == team.tenant, ~directory_users.c.removed)
    found = connection.execute(select(directory_users.c.id).where(*of_tenant, directory_users.c.id.in_(wanted)))
    return {row.id for row in found} == wanted


def _user(row: RowMapping) -> DirectoryUser:
    return DirectoryUser(**{name: row[name] for name in _USER})


def _team(row: RowMapping, users: Sequence[str]) -> Team:
    return Team(
        id=row["id"],
        tenant=row["tenant"],
        name=row["name"],
        external_id=row["external_id"],
        users=tuple(users),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )
