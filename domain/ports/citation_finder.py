"""Finds citations and codes, for exact lookup."""

from __future__ import annotations

from typing import Protocol

from domain.citations import Citation
from domain.documents import Passage


class CitationFinder(Protocol):
    """Finds normalised keys: articles and sections of acts, case citations, clinical codes."""

    def keys_of(self, passage: Passage) -> tuple[str, ...]:
        """Return the keys by which a passage is looked up: its own citation and its ancestors', and its codes."""

    def keys_in(self, question: str) -> tuple[str, ...]:
        """Return the keys that a question names, most exact first; empty when it names none."""

    def citations_in(self, text: str) -> tuple[Citation, ...]:
        """Return each place at which a text cites a provision or a case, in order; places do not overlap."""
