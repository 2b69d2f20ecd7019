"""Decides who may do what. Every route and command asks here before it acts."""

from __future__ import annotations

from dataclasses import dataclass

from domain.callers import Caller, Resource, Role
from domain.errors import AccessError


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControl:
    """Allows the owner of the machine everything and nobody else anything, until identities exist."""

    def require(self, caller: Caller, action: str, resource: Resource) -> None:
        """Return when ``caller`` may do ``action`` ("document.ingest") to ``resource``.

        Raises AccessError ``access.denied`` with the reason otherwise.
        """
        if Role.OWNER not in caller.roles:
            raise AccessError("access.denied", f"{action} of a {resource.kind}")
