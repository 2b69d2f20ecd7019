"""A decider without an engine: the owner may do everything that is known, within the same limits."""

from __future__ import annotations

from dataclasses import dataclass

from domain.access import Inquiry, Ruling
from domain.callers import OWNER, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerOnly:
    actions: frozenset[str] = frozenset({"passage.read", "document.ingest"})

    def rule(self, inquiry: Inquiry) -> Ruling:
        if inquiry.action not in self.actions:
            return Ruling(allowed=False, policies=(), reason="no action that is known")
        if not inquiry.active and inquiry.caller.id != OWNER.id:
            return Ruling(allowed=False, policies=("lifecycle.deactivated",), reason="deactivated")
        if inquiry.excluded and inquiry.action == "passage.read":
            return Ruling(allowed=False, policies=("walls.excluded",), reason="walled off")
        owner = Role.OWNER in inquiry.caller.roles
        return Ruling(allowed=owner, policies=("roles.owner",) if owner else (), reason="the owner alone")
