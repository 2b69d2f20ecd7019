"""Who asks what, why, and about whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

from domain.answers import Decision
from domain.callers import OWNER, Caller

PURPOSES: Final = ("treatment", "legal_advice", "operations", "research", "audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. ``walls`` are the walls this actor stands inside of; the access control sets them, nobody else.

    ``caller`` is who was recognised; without one nothing is permitted.
    """

    id: str
    tenant: str = "default"
    walls: tuple[str, ...] = ()
    caller: Caller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a question may look at.

    Passages about a subject are seen only when **all** their subjects are in ``subjects``; passages about nobody are
    seen always. Empty ``collections`` means every collection of the tenant, empty ``documents`` every document.
    """

    as_of: date
    tenant: str = "default"
    subjects: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its scope, its asker and the asker's purpose (one of :data:`PURPOSES`).

    Once it is let in, ``alike`` are all names of its subjects, those included that the asker may not look under: what
    identifies somebody is kept back by every name. ``decisions`` are what the access policies said. ``guidance`` is how
    an assistant wants it drafted: configuration that a steward or administrator wrote, never words of the asker.
    """

    text: str
    scope: Scope
    actor: Actor = field(default_factory=lambda: Actor(id=OWNER.id, caller=OWNER))
    purpose: str = "treatment"
    k: int = 10
    alike: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    guidance: str = ""

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

    @property
    def known_as(self) -> tuple[str, ...]:
        """Return every name of its subjects, for what identifies them."""
        return self.alike or self.scope.subjects

    def reworded(self, text: str) -> Self:
        """Return the same question in other words."""
        return replace(self, text=text)
