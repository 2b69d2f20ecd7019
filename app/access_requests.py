"""Members, walls, grants and break-glass as they are asked for, validated at the edge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from domain.access import CALLER, SUBJECT, TEAM, TENANT, WALL, BreakGlass, Membership, Relation

# not imported from app.requests, which brings the whole product: commands for members start without it
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class PartyBody(BaseModel):
    """A caller or a team."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    caller: Name | None = Field(None, description="Id of a person or system.", examples=["dr-okafor"])
    team: Name | None = Field(None, description="Id or name of a team.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.caller is None) == (self.team is None):
            message = "name either a caller or a team"
            raise ValueError(message)
        return self

    def membership(self, tenant: str, kind: str, target: str, **more: Any) -> Membership:
        """Return the membership that is wanted."""
        party_kind, party = (CALLER, self.caller) if self.caller else (TEAM, self.team)
        relation = more.pop("relation", Relation.MEMBER)
        return Membership(
            id="", tenant=tenant, kind=kind, target=target, relation=relation, party_kind=party_kind,
            party=party or "", **more,
        )  # fmt: skip


class TimedBody(PartyBody):
    """A caller or a team, for a time."""

    since: datetime | None = Field(None, description="From when on; at once when absent.")
    until: datetime | None = Field(None, description="Until when, exclusive; for good when absent.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and _utc(self.until) <= _utc(self.since):
            message = "until lies before since"
            raise ValueError(message)
        return self

    def times(self) -> dict[str, str]:
        """Return since and until as they are kept."""
        return {"since": _utc(self.since), "until": _utc(self.until)}


class MemberBody(TimedBody):
    """A member of a patient or matter, or somebody who is walled off from it."""

    relation: Literal["member", "excluded"] = Field("member", description="A member, or walled off whatever else.")
    role: str = Field("", max_length=100, description="What for.", examples=["attending"])

    def of_subject(self, tenant: str, subject: str) -> Membership:
        """Return the membership of a subject."""
        relation = Relation(self.relation)
        return self.membership(tenant, SUBJECT, subject, relation=relation, role=self.role, **self.times())


class WallBody(TimedBody):
    """Somebody who stands inside of a wall."""

    def of_wall(self, tenant: str, wall: str) -> Membership:
        """Return the membership of a wall."""
        return self.membership(tenant, WALL, wall, **self.times())


class GrantBody(TimedBody):
    """What a system is granted in the whole tenant."""

    grant: Literal["collections", "directory"] = Field(
        description="collections: to read what is about nobody, and ingest; directory: to keep users and teams (SCIM)."
    )

    def of_tenant(self, tenant: str) -> Membership:
        """Return the grant."""
        return self.membership(tenant, TENANT, tenant, role=self.grant, **self.times())


class BreakGlassBody(BaseModel):
    """A patient or matter that is to be opened in an emergency."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    subject: Name = Field(description="The patient or matter.", examples=["patient-lind-anna"])
    reason: str = Field(min_length=1, max_length=1_000, description="Why, for the reviewer.")
    minutes: int = Field(30, ge=1, le=1440, description="For how long; at most CONSILIUM_BREAK_GLASS_MINUTES.")
    purpose: Literal["treatment", "legal_advice"] = Field("treatment", description="What for.")

    def glass(self, tenant: str) -> BreakGlass:
        """Return what is wanted, still without an end."""
        return BreakGlass(
            id="", tenant=tenant, caller="", subject=self.subject, reason=self.reason, purpose=self.purpose,
            opened_at="", expires_at="",
        )  # fmt: skip


class VerdictBody(BaseModel):
    """What a reviewer says."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["justified", "unjustified"] = Field(description="Whether it was justified.")


def _utc(moment: datetime | None) -> str:
    """Return a moment in UTC; one without a zone is meant in UTC."""
    if moment is None:
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
