"""Who calls: a person or a system, and in which roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a caller is there for. A role alone opens no patient and no matter: that takes a membership."""

    READER = "reader"
    PROFESSIONAL = "professional"
    STEWARD = "steward"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person or system that was recognised. ``teams`` are the ids of teams that a directory put them into."""

    id: str
    tenant: str = "default"
    roles: frozenset[Role] = field(default_factory=frozenset)
    teams: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Refuse a caller without an id or a tenant."""
        if not self.id or not self.tenant:
            message = "a caller needs an id and a tenant"
            raise ValueError(message)


OWNER = Caller(id="local", roles=frozenset({Role.OWNER}))
"""Who works on the machine itself, with the store's folder in front of them: commands, tests and batch jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What somebody wants to act upon: a ``kind`` ("tenant", "subject", "document", "answer" …), its id, its tenant.

    ``owner`` is the id of the caller that it belongs to, where it belongs to one, as an answer or a conversation does.
    """

    kind: str
    id: str
    tenant: str = "default"
    owner: str = ""
