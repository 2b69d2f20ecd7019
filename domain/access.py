"""Who may see whom: memberships, walls, break-glass, teams, and what the access policies rule on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.callers import Caller, Resource

CALLER: Final = "caller"
TEAM: Final = "team"

SUBJECT: Final = "subject"
WALL: Final = "wall"
TENANT: Final = "tenant"

COLLECTIONS: Final = "collections"
DIRECTORY: Final = "directory"
GRANTS: Final = (COLLECTIONS, DIRECTORY)
"""What a system may be granted in a whole tenant: to read what is about nobody, or to keep users and teams."""


class Relation(StrEnum):
    """How a caller or team stands to a subject or a wall: inside, or kept out whatever else says that they are in."""

    MEMBER = "member"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A caller or team as a member of a subject, a wall or (by a grant) a tenant, or excluded from a subject.

    ``kind`` and ``target`` say of what, ``party_kind`` and ``party`` who. ``role`` is what for ("attending", or one of
    :data:`GRANTS` for a tenant). ``since`` and ``until`` are ISO 8601 in UTC, half-open; empty is unbounded.
    """

    id: str
    tenant: str
    kind: str
    target: str
    relation: Relation
    party_kind: str
    party: str
    role: str = ""
    since: str = ""
    until: str = ""
    added_at: str = ""
    added_by: str = ""

    def __post_init__(self) -> None:
        """Refuse a membership of nothing or nobody, and an exclusion that would mean nothing."""
        if self.kind not in {SUBJECT, WALL, TENANT} or self.party_kind not in {CALLER, TEAM}:
            message = "a membership is of a subject, a wall or a tenant, by a caller or a team"
            raise ValueError(message)
        if not self.target or not self.party:
            message = "a membership names what it is of and whose it is"
            raise ValueError(message)
        if self.relation is Relation.EXCLUDED and self.kind != SUBJECT:
            message = "one is excluded from a subject; whoever is no member of a wall stands outside of it"
            raise ValueError(message)
        if self.since and self.until and self.until <= self.since:
            message = "it ends before it begins"
            raise ValueError(message)

    def holds(self, now: str) -> bool:
        """Say whether it is in force at a moment (ISO 8601 in UTC)."""
        return self.since <= now and (not self.until or now < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """Access that somebody took to a subject, with a stated reason and an end; a reviewer looks at it afterwards.

    ``verdict`` is empty until then, and "justified" or "unjustified" after. Times are ISO 8601 in UTC.
    """

    id: str
    tenant: str
    caller: str
    subject: str
    reason: str
    purpose: str
    opened_at: str
    expires_at: str
    verdict: str = ""
    reviewer: str = ""
    reviewed_at: str = ""


VERDICTS: Final = ("justified", "unjustified")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryUser:
    """A person whom the organisation's directory knows. ``name`` is the userName, unique without regard to case."""

    id: str
    tenant: str
    name: str
    external_id: str = ""
    display_name: str = ""
    active: bool = True
    created_at: str = ""
    changed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A group of the directory; ``users`` are ids of :class:`DirectoryUser`, in order."""

    id: str
    tenant: str
    name: str
    external_id: str = ""
    users: tuple[str, ...] = ()
    created_at: str = ""
    changed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one caller stands at one moment: what is known of them, and their memberships that hold now.

    ``active`` is false for somebody whom the directory has deactivated or removed. ``teams`` are those of the caller
    and of the directory together. ``memberships`` are of the subjects that were asked about, of walls and of the
    tenant; ``opened`` are the grants of break-glass that are open, by subject.
    """

    active: bool = True
    teams: frozenset[str] = frozenset()
    memberships: tuple[Membership, ...] = ()
    opened: tuple[BreakGlass, ...] = ()

    @property
    def walls(self) -> tuple[str, ...]:
        """Return the walls that the caller stands inside of, in order."""
        return tuple(sorted({one.target for one in self.memberships if one.kind == WALL}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """May this caller do that? With every fact that the policies look at, so that equal inquiries have equal rulings.

    ``members``, ``excluded`` are (party kind, party) of the caller and their teams alone, towards this resource.
    ``opened`` says that the caller has an open break-glass on it, ``grants`` what a tenant has granted them.
    """

    caller: Caller
    action: str
    resource: Resource
    active: bool = True
    purpose: str = ""
    members: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    excluded: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    opened: bool = False
    grants: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the access policies say: yes or no, by which of them (their ids, in order), and why."""

    allowed: bool
    policies: tuple[str, ...]
    reason: str
