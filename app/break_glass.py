"""Break-glass: a patient or matter opened in an emergency, with a reason and an end, and looked at afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from app.access import AccessControl
from domain.access import SUBJECT, TENANT, VERDICTS, BreakGlass
from domain.audit import Fact
from domain.callers import Caller, Resource
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.members import Members


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlassService:
    """Opens, lists and reviews. ``most_minutes`` is the longest that something stays open."""

    members: Members
    access: AccessControl
    audit: AuditLog
    clock: Clock
    ids: Ids
    most_minutes: int

    def open(self, caller: Caller, wanted: BreakGlass, minutes: int) -> BreakGlass:
        """Open a subject for a caller and return until when. The reason is kept for the reviewer, not in the trail.

        Raises AccessError, and RequestError ``request.invalid`` without a reason or for longer than is allowed.
        """
        subject = Resource(kind=SUBJECT, id=wanted.subject, tenant=wanted.tenant)
        self.access.require(caller, "breakglass.open", subject, wanted.purpose)
        if not wanted.reason.strip():
            raise RequestError("request.invalid", "reason: say why")
        if not 0 < minutes <= self.most_minutes:
            raise RequestError("request.invalid", f"minutes: at most {self.most_minutes}")
        now = self.clock.now()
        glass = replace(
            wanted,
            id=self.ids.new("g"),
            caller=caller.id,
            reason=wanted.reason.strip(),
            opened_at=now.isoformat(),
            expires_at=(now + timedelta(minutes=minutes)).isoformat(),
        )
        self._record("break_glass_opened", caller, glass, {"purpose": glass.purpose, "minutes": minutes})
        self.members.open(glass)
        return glass

    def queue(self, caller: Caller, tenant: str) -> list[BreakGlass]:
        """Return what was opened: what nobody has looked at first. Raises AccessError."""
        self.access.require(caller, "breakglass.list", Resource(kind=TENANT, id=tenant, tenant=tenant))
        return self.members.glasses(tenant)

    def review(self, caller: Caller, tenant: str, glass_id: str, verdict: str) -> BreakGlass:
        """Say whether it was justified, once.

        Raises AccessError, RequestError ``request.not_found`` and ``request.invalid`` (it has a verdict already).
        """
        self.access.require(caller, "breakglass.list", Resource(kind=TENANT, id=tenant, tenant=tenant))
        glass = self.members.glass(tenant, glass_id)
        if glass is None:
            raise RequestError("request.not_found", "break-glass")
        thing = Resource(kind="break-glass", id=glass_id, tenant=tenant, owner=glass.caller)
        self.access.require(caller, "breakglass.review", thing)
        if verdict not in VERDICTS or glass.verdict:
            raise RequestError("request.invalid", "verdict: it has one already" if glass.verdict else "verdict")
        now = self.clock.now().isoformat()
        reviewed = replace(glass, verdict=verdict, reviewer=caller.id, reviewed_at=now)
        self._record("break_glass_reviewed", caller, reviewed, {"verdict": verdict})
        if not self.members.review(reviewed):
            raise RequestError("request.invalid", "verdict: it has one already")
        return reviewed

    def _record(self, event: str, caller: Caller, glass: BreakGlass, more: dict[str, Fact]) -> None:
        facts: dict[str, Fact] = {
            "break_glass_id": glass.id,
            "actor": caller.id,
            "tenant": glass.tenant,
            "subjects": [glass.subject],
        }
        self.audit.append(event, {**facts, **more, "until": glass.expires_at})
