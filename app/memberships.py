"""Members of patients, matters and walls, who is kept out, and what systems are granted: changed on the record."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.access import AccessControl
from domain.access import SUBJECT, TEAM, WALL, Membership
from domain.audit import Fact
from domain.callers import Caller, Resource
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.members import Directory, Members


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipService:
    """Adds, removes and lists memberships. Each change is in the audit trail before it is made."""

    members: Members
    directory: Directory
    access: AccessControl
    audit: AuditLog
    clock: Clock
    ids: Ids

    def add(self, caller: Caller, wanted: Membership) -> Membership:
        """Remember a membership and return it; one that is there already is returned as it is.

        A team may be named by its id or, where the directory knows it, by its name. Raises AccessError.
        """
        self._require(caller, "member.add", wanted.tenant, wanted.kind, wanted.target)
        now = self.clock.now().isoformat()
        if wanted.party_kind == TEAM and (known := self.directory.teams(wanted.tenant, wanted.party)):
            wanted = replace(wanted, party=known[0].id)
        for one in self.members.of(wanted.tenant, wanted.kind, wanted.target):
            if replace(one, id="", added_at="", added_by="") == replace(wanted, id="", added_at="", added_by=""):
                return one
        added = replace(wanted, id=self.ids.new("m"), added_at=now, added_by=caller.id)
        self._record("member_added", caller, added)
        self.members.add(added)
        return added

    def remove(self, caller: Caller, tenant: str, kind: str, target: str, membership_id: str) -> None:
        """Forget a membership. Raises AccessError, and RequestError ``request.not_found``."""
        self._require(caller, "member.remove", tenant, kind, target)
        found = self.members.membership(tenant, membership_id)
        if found is None or (found.kind, found.target) != (kind, target):
            raise RequestError("request.not_found", "membership")
        self._record("member_removed", caller, found)
        self.members.remove(tenant, membership_id)

    def of(self, caller: Caller, tenant: str, kind: str, target: str) -> list[Membership]:
        """Return the memberships of a subject, a wall or a tenant, oldest first. Raises AccessError."""
        self._require(caller, "member.list", tenant, kind, target)
        return self.members.of(tenant, kind, target)

    def _require(self, caller: Caller, action: str, tenant: str, kind: str, target: str) -> None:
        self.access.require(caller, action, Resource(kind=kind, id=target, tenant=tenant))

    def _record(self, event: str, caller: Caller, one: Membership) -> None:
        of: dict[str, Fact] = {"subjects": [one.target]} if one.kind == SUBJECT else {}
        if one.kind == WALL:
            of = {"wall": one.target}
        self.audit.append(
            event,
            {
                "membership_id": one.id,
                "actor": caller.id,
                "tenant": one.tenant,
                "relation": one.relation.value,
                one.party_kind: one.party,
                "role": one.role,
                "since": one.since,
                "until": one.until,
                **of,
            },
        )
