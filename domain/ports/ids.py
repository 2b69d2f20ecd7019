"""Makes ids."""

from __future__ import annotations

from typing import Protocol


class Ids(Protocol):
    """The only source of random ids."""

    def new(self, prefix: str) -> str:
        """Return a new id that starts with ``prefix`` and an underscore."""
