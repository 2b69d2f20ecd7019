"""Finds citations and codes, for exact lookup."""

from __future__ import annotations

from typing import Protocol

from domain.documents import Passage


class CitationFinder(Protocol):
    """Finds normalised keys: articles and sections of acts, case citations, clinical codes."""

    def keys_of(self, passage: Passage) -> tuple[str, ...]:
        """Return the keys by which a passage is looked up: its own citation and its ancestors', and its codes."""

    def keys_in(self, question: str) -> tuple[str, ...]:
        """Return the keys that a question names, most exact first; empty when it names none."""
