"""Who asks what, why, and about whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

PURPOSES: Final = ("treatment", "legal_advice", "operations", "research", "audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. ``walls`` are the walls this actor stands inside of."""

    id: str
    tenant: str = "default"
    walls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a question may look at.

    Passages about a subject are seen only when **all** their subjects are in ``subjects``; passages about nobody are
    seen always. Empty ``collections`` means every collection of the tenant.
    """

    as_of: date
    tenant: str = "default"
    subjects: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its scope, its asker and the asker's purpose (one of :data:`PURPOSES`)."""

    text: str
    scope: Scope
    actor: Actor = field(default_factory=lambda: Actor(id="local"))
    purpose: str = "treatment"
    k: int = 10

    def __post_init__(self) -> None:
        """Refuse a question without words, an unknown purpose, or another tenant's scope."""
        if not self.text.strip():
            message = "a question needs words"
            raise ValueError(message)
        if self.purpose not in PURPOSES:
            message = f"unknown purpose: {self.purpose!r}"
            raise ValueError(message)
        if self.scope.tenant != self.actor.tenant:
            message = "an actor asks within their own tenant"
            raise ValueError(message)

    def reworded(self, text: str) -> Self:
        """Return the same question in other words."""
        return replace(self, text=text)
