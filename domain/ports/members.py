"""Remembers who is a member of what, who is kept out, who broke the glass, and the directory's users and teams."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from domain.access import BreakGlass, DirectoryUser, Membership, Standing, Team
from domain.callers import Caller


class Members(Protocol):
    """Memberships and break-glass. Every method raises ServiceError when the store is unavailable.

    What was written is seen by every reader from then on, in this process and in others: nothing is kept in memory.
    """

    def standing(self, caller: Caller, tenant: str, subjects: Collection[str], now: str) -> Standing:
        """Return how a caller stands at a moment in a tenant, towards these subjects and every wall."""

    def add(self, membership: Membership) -> None:
        """Remember a membership durably."""

    def remove(self, tenant: str, membership_id: str) -> bool:
        """Forget a membership; False when there is none by that id in the tenant."""

    def membership(self, tenant: str, membership_id: str) -> Membership | None:
        """Return a membership by id."""

    def of(self, tenant: str, kind: str, target: str) -> list[Membership]:
        """Return the memberships of a subject, a wall or a tenant, oldest first, those that ended included."""

    def open(self, glass: BreakGlass) -> None:
        """Remember durably that somebody broke the glass."""

    def glass(self, tenant: str, glass_id: str) -> BreakGlass | None:
        """Return one by id."""

    def glasses(self, tenant: str) -> list[BreakGlass]:
        """Return all of a tenant: those without a verdict first, then the newest first."""

    def review(self, glass: BreakGlass) -> bool:
        """Remember verdict, reviewer and moment of one that has no verdict yet; False when it has one."""


class Directory(Protocol):
    """Users and teams of the directory. Every method raises ServiceError when the store is unavailable."""

    def put_user(self, user: DirectoryUser) -> bool:
        """Add or replace a user by id; False when another one of the tenant has the name."""

    def user(self, tenant: str, user_id: str) -> DirectoryUser | None:
        """Return a user by id."""

    def users(self, tenant: str, name: str | None = None) -> list[DirectoryUser]:
        """Return the users of a tenant by name, or the one with a name, without regard to case."""

    def remove_user(self, tenant: str, user_id: str) -> bool:
        """Forget a user and their teams, and remember that a caller by that name is not to be let in."""

    def put_team(self, team: Team) -> bool:
        """Add or replace a team by id, its users too; False when another one has the name, or a user is not there."""

    def team(self, tenant: str, team_id: str) -> Team | None:
        """Return a team by id."""

    def teams(self, tenant: str, name: str | None = None) -> list[Team]:
        """Return the teams of a tenant by name, or the one with a name, without regard to case."""

    def remove_team(self, tenant: str, team_id: str) -> bool:
        """Forget a team; False when there is none by that id."""
