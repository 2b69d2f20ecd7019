"""A part that can say whether it could do its work now."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Provable(Protocol):
    """What a readiness probe asks."""

    def prove(self) -> None:
        """Return when the part could do its work now. Raises ConsiliumError with the part's code otherwise."""
