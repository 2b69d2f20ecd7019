"""Decides by policies whether a caller may do something."""

from __future__ import annotations

from typing import Protocol

from domain.access import Inquiry, Ruling


class AccessDecider(Protocol):
    """Rules on inquiries from the facts in them alone. What no policy allows, or cannot be evaluated, is refused."""

    @property
    def actions(self) -> frozenset[str]:
        """Return every action that the policies know; any other is refused."""

    def rule(self, inquiry: Inquiry) -> Ruling:
        """Return what the policies say."""
