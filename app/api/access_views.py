"""The shapes of memberships and break-glass, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.access import BreakGlass, Membership


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MembershipView(_View):
    """A membership, an exclusion or a grant. Times are ISO 8601 in UTC; null is unbounded."""

    id: str
    tenant: str
    kind: Literal["subject", "wall", "tenant"]
    target: str
    relation: Literal["member", "excluded"]
    caller: str | None
    team: str | None
    role: str
    since: str | None
    until: str | None
    added_at: str
    added_by: str


class MembershipsView(_View):
    """Memberships, oldest first."""

    members: list[MembershipView]


class BreakGlassView(_View):
    """What somebody opened in an emergency, and what the reviewer said; null until they did."""

    id: str
    tenant: str
    caller: str
    subject: str
    reason: str
    purpose: str
    opened_at: str
    expires_at: str
    verdict: Literal["justified", "unjustified"] | None
    reviewer: str | None
    reviewed_at: str | None


class QueueView(_View):
    """What was opened; what nobody has looked at comes first."""

    break_glass: list[BreakGlassView] = Field(description="Without a verdict first, then the newest first.")


def membership_json(one: Membership) -> dict[str, Any]:
    """Return the JSON of a membership."""
    return {
        "id": one.id,
        "tenant": one.tenant,
        "kind": one.kind,
        "target": one.target,
        "relation": one.relation.value,
        "caller": one.party if one.party_kind == "caller" else None,
        "team": one.party if one.party_kind == "team" else None,
        "role": one.role,
        "since": one.since or None,
        "until": one.until or None,
        "added_at": one.added_at,
        "added_by": one.added_by,
    }


def break_glass_json(glass: BreakGlass) -> dict[str, Any]:
    """Return the JSON of a break-glass."""
    return {
        "id": glass.id,
        "tenant": glass.tenant,
        "caller": glass.caller,
        "subject": glass.subject,
        "reason": glass.reason,
        "purpose": glass.purpose,
        "opened_at": glass.opened_at,
        "expires_at": glass.expires_at,
        "verdict": glass.verdict or None,
        "reviewer": glass.reviewer or None,
        "reviewed_at": glass.reviewed_at or None,
    }
