"""Memberships, break-glass and the directory in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from domain.access import CALLER, SUBJECT, TEAM, BreakGlass, DirectoryUser, Membership, Standing, Team
from domain.callers import Caller


class MemoryDirectory:
    def __init__(self) -> None:
        self.kept: dict[str, DirectoryUser] = {}
        self.removed: dict[str, DirectoryUser] = {}
        self.kept_teams: dict[str, Team] = {}

    def put_user(self, user: DirectoryUser) -> bool:
        if any(one.id != user.id for one in self.users(user.tenant, user.name)):
            return False
        self.removed = {key: one for key, one in self.removed.items() if not _same_person(one, user)}
        self.kept[user.id] = user
        return True

    def user(self, tenant: str, user_id: str) -> DirectoryUser | None:
        found = self.kept.get(user_id)
        return found if found and found.tenant == tenant else None

    def users(self, tenant: str, name: str | None = None) -> list[DirectoryUser]:
        found = (user for user in self.kept.values() if user.tenant == tenant and _named(user.name, name))
        return sorted(found, key=lambda user: (user.name.casefold(), user.id))

    def remove_user(self, tenant: str, user_id: str) -> bool:
        user = self.user(tenant, user_id)
        if user is None:
            return False
        self.removed[user_id] = self.kept.pop(user_id)
        for team in self.kept_teams.values():
            left = tuple(one for one in team.users if one != user_id)
            self.kept_teams[team.id] = replace(team, users=left)
        return True

    def put_team(self, team: Team) -> bool:
        taken = any(one.id != team.id for one in self.teams(team.tenant, team.name))
        if taken or any(self.user(team.tenant, user) is None for user in team.users):
            return False
        self.kept_teams[team.id] = replace(team, users=tuple(sorted(set(team.users))))
        return True

    def team(self, tenant: str, team_id: str) -> Team | None:
        found = self.kept_teams.get(team_id)
        return found if found and found.tenant == tenant else None

    def teams(self, tenant: str, name: str | None = None) -> list[Team]:
        found = (team for team in self.kept_teams.values() if team.tenant == tenant and _named(team.name, name))
        return sorted(found, key=lambda team: (team.name.casefold(), team.id))

    def remove_team(self, tenant: str, team_id: str) -> bool:
        return self.team(tenant, team_id) is not None and self.kept_teams.pop(team_id, None) is not None


class MemoryMembers:
    def __init__(self, directory: MemoryDirectory) -> None:
        self._directory = directory
        self._memberships: dict[str, Membership] = {}
        self._glasses: dict[str, BreakGlass] = {}

    def standing(self, caller: Caller, tenant: str, subjects: Collection[str], now: str) -> Standing:
        people = [*self._directory.kept.values(), *self._directory.removed.values()]
        same = [user for user in people if user.tenant == caller.tenant and _is(user, caller.id)]
        own = {user.id for user in same}
        teams = caller.teams | {team.id for team in self._directory.kept_teams.values() if own & set(team.users)}
        parties = {(CALLER, caller.id), *((TEAM, team) for team in teams)}
        return Standing(
            active=all(user.active and user.id in self._directory.kept for user in same),
            teams=frozenset(teams),
            memberships=tuple(
                one
                for one in self._memberships.values()
                if one.tenant == tenant
                and (one.party_kind, one.party) in parties
                and (one.kind != SUBJECT or one.target in subjects)
                and one.holds(now)
            ),
            opened=tuple(
                glass
                for glass in self._glasses.values()
                if (glass.tenant, glass.caller) == (tenant, caller.id)
                and glass.subject in subjects
                and glass.opened_at <= now < glass.expires_at
            ),
        )

    def add(self, membership: Membership) -> None:
        self._memberships[membership.id] = membership

    def remove(self, tenant: str, membership_id: str) -> bool:
        return self.membership(tenant, membership_id) is not None and bool(self._memberships.pop(membership_id))

    def membership(self, tenant: str, membership_id: str) -> Membership | None:
        found = self._memberships.get(membership_id)
        return found if found and found.tenant == tenant else None

    def of(self, tenant: str, kind: str, target: str) -> list[Membership]:
        found = [m for m in self._memberships.values() if (m.tenant, m.kind, m.target) == (tenant, kind, target)]
        return sorted(found, key=lambda one: (one.added_at, one.id))

    def open(self, glass: BreakGlass) -> None:
        self._glasses[glass.id] = glass

    def glass(self, tenant: str, glass_id: str) -> BreakGlass | None:
        found = self._glasses.get(glass_id)
        return found if found and found.tenant == tenant else None

    def glasses(self, tenant: str) -> list[BreakGlass]:
        newest = sorted((g for g in self._glasses.values() if g.tenant == tenant), key=lambda g: g.id)
        newest.sort(key=lambda glass: glass.opened_at, reverse=True)
        return sorted(newest, key=lambda glass: glass.verdict != "")

    def review(self, glass: BreakGlass) -> bool:
        found = self.glass(glass.tenant, glass.id)
        if found is None or found.verdict:
            return False
        said = {"verdict": glass.verdict, "reviewer": glass.reviewer, "reviewed_at": glass.reviewed_at}
        self._glasses[glass.id] = replace(found, **said)
        return True


def _named(name: str, wanted: str | None) -> bool:
    return wanted is None or name.casefold() == wanted.casefold()


def _is(user: DirectoryUser, caller: str) -> bool:
    return user.external_id == caller or user.name.casefold() == caller.casefold()


def _same_person(one: DirectoryUser, other: DirectoryUser) -> bool:
    same = one.name.casefold() == other.name.casefold() or (
        one.external_id != "" and one.external_id == other.external_id
    )
    return one.tenant == other.tenant and same
