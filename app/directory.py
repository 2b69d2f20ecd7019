"""The organisation's directory: who is there, and in which teams; kept by SCIM, on the record."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.access import AccessControl
from app.scim import (
    JSON,
    filter_of,
    page,
    patched_team,
    patched_user,
    service_provider_config,
    team_json,
    team_of,
    user_json,
    user_of,
)
from domain.access import TENANT, DirectoryUser, Team
from domain.callers import Caller, Resource
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.members import Directory

READ, WRITE = "scim.read", "scim.write"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryService:
    """Users and teams of the caller's own tenant, as SCIM has them.

    Whoever is deactivated or removed is refused at once. Every method raises AccessError; RequestError
    ``request.invalid``, ``request.not_found`` and ``request.conflict`` (the name is taken).
    """

    directory: Directory
    access: AccessControl
    audit: AuditLog
    clock: Clock
    ids: Ids

    def config(self, caller: Caller) -> JSON:
        """Return what of SCIM is supported."""
        self._require(caller, READ)
        return service_provider_config()

    def users(self, caller: Caller, text: str | None, start: int, count: int) -> JSON:
        """Return users, filtered by userName or externalId."""
        self._require(caller, READ)
        wanted = filter_of(text, ("username", "externalid"))
        found = self.directory.users(caller.tenant, wanted.value if wanted and wanted.attribute == "username" else None)
        if wanted and wanted.attribute == "externalid":
            found = [user for user in found if user.external_id == wanted.value]
        part, frame = page(found, start, count)
        teams = self.directory.teams(caller.tenant)
        return {**frame, "Resources": [user_json(user, _of(user, teams)) for user in part]}

    def user(self, caller: Caller, user_id: str) -> JSON:
        """Return one user."""
        self._require(caller, READ)
        return self._shown(self._user(caller, user_id))

    def create_user(self, caller: Caller, body: JSON) -> JSON:
        """Add a user."""
        self._require(caller, WRITE)
        now = self.clock.now().isoformat()
        new = DirectoryUser(id=self.ids.new("u"), tenant=caller.tenant, name="", created_at=now, changed_at=now)
        return self._put_user(caller, user_of(body, new), "user_added")

    def replace_user(self, caller: Caller, user_id: str, body: JSON) -> JSON:
        """Describe a user anew."""
        self._require(caller, WRITE)
        return self._put_user(caller, user_of(body, self._user(caller, user_id)), "user_changed")

    def patch_user(self, caller: Caller, user_id: str, body: JSON) -> JSON:
        """Change some attributes of a user."""
        self._require(caller, WRITE)
        return self._put_user(caller, patched_user(self._user(caller, user_id), body), "user_changed")

    def remove_user(self, caller: Caller, user_id: str) -> None:
        """Remove a user; a caller by that name is refused from then on."""
        self._require(caller, WRITE)
        user = self._user(caller, user_id)
        self._record("user_removed", caller, {"user_id": user.id})
        self.directory.remove_user(caller.tenant, user.id)

    def teams(self, caller: Caller, text: str | None, start: int, count: int, *, members: bool) -> JSON:
        """Return teams, filtered by displayName or externalId."""
        self._require(caller, READ)
        wanted = filter_of(text, ("displayname", "externalid"))
        name = wanted.value if wanted and wanted.attribute == "displayname" else None
        found = self.directory.teams(caller.tenant, name)
        if wanted and wanted.attribute == "externalid":
            found = [team for team in found if team.external_id == wanted.value]
        part, frame = page(found, start, count)
        return {**frame, "Resources": [team_json(team, members=members) for team in part]}

    def team(self, caller: Caller, team_id: str, *, members: bool) -> JSON:
        """Return one team."""
        self._require(caller, READ)
        return team_json(self._team(caller, team_id), members=members)

    def create_team(self, caller: Caller, body: JSON) -> JSON:
        """Add a team."""
        self._require(caller, WRITE)
        now = self.clock.now().isoformat()
        new = Team(id=self.ids.new("t"), tenant=caller.tenant, name="", created_at=now, changed_at=now)
        return self._put_team(caller, team_of(body, new), "team_added")

    def replace_team(self, caller: Caller, team_id: str, body: JSON) -> JSON:
        """Describe a team anew."""
        self._require(caller, WRITE)
        return self._put_team(caller, team_of(body, self._team(caller, team_id)), "team_changed")

    def patch_team(self, caller: Caller, team_id: str, body: JSON) -> JSON:
        """Change a team or its members."""
        self._require(caller, WRITE)
        return self._put_team(caller, patched_team(self._team(caller, team_id), body), "team_changed")

    def remove_team(self, caller: Caller, team_id: str) -> None:
        """Remove a team; its users are members of nothing through it from then on."""
        self._require(caller, WRITE)
        team = self._team(caller, team_id)
        self._record("team_removed", caller, {"team_id": team.id})
        self.directory.remove_team(caller.tenant, team.id)

    def _put_user(self, caller: Caller, user: DirectoryUser, event: str) -> JSON:
        changed = replace(user, changed_at=self.clock.now().isoformat())
        self._record(event, caller, {"user_id": changed.id, "active": int(changed.active)})
        if not self.directory.put_user(changed):
            raise RequestError("request.conflict", "userName")
        return self._shown(changed)

    def _put_team(self, caller: Caller, team: Team, event: str) -> JSON:
        changed = replace(team, changed_at=self.clock.now().isoformat())
        there = {user.id for user in self.directory.users(caller.tenant)} if changed.users else set()
        if not set(changed.users) <= there:
            raise RequestError("request.invalid", "members: not all of them are users")
        self._record(event, caller, {"team_id": changed.id, "users": list(changed.users)})
        if not self.directory.put_team(changed):
            raise RequestError("request.conflict", "displayName")
        return team_json(changed)

    def _shown(self, user: DirectoryUser) -> JSON:
        return user_json(user, _of(user, self.directory.teams(user.tenant)))

    def _user(self, caller: Caller, user_id: str) -> DirectoryUser:
        if found := self.directory.user(caller.tenant, user_id):
            return found
        raise RequestError("request.not_found", "user")

    def _team(self, caller: Caller, team_id: str) -> Team:
        if found := self.directory.team(caller.tenant, team_id):
            return found
        raise RequestError("request.not_found", "team")

    def _require(self, caller: Caller, action: str) -> None:
        self.access.require(caller, action, Resource(kind=TENANT, id=caller.tenant, tenant=caller.tenant))

    def _record(self, event: str, caller: Caller, facts: dict[str, str | int | list[str]]) -> None:
        self.audit.append(event, {"actor": caller.id, "tenant": caller.tenant, **facts})


def _of(user: DirectoryUser, teams: list[Team]) -> list[Team]:
    return [team for team in teams if user.id in team.users]
