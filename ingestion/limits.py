"""How much one file may cost before reading it stops."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of reading one file, archives with all their members counted as one.

    ``max_bytes``, ``max_expanded`` (what all members of an archive unpack to) and ``memory`` (growth of the reading
    process's address space) are in bytes, ``seconds`` is wall time, ``max_characters`` counts canonical text,
    ``max_depth`` counts files inside files.
    """

    max_bytes: int = 64 * 2**20
    seconds: float = 120.0
    memory: int = 1536 * 2**20
    max_pages: int = 2_000
    max_characters: int = 20_000_000
    max_members: int = 5_000
    max_depth: int = 3
    max_expanded: int = 512 * 2**20

    def __post_init__(self) -> None:
        """Refuse a limit that would let nothing through."""
        if min(self.max_bytes, self.seconds, self.memory, self.max_pages, self.max_characters, self.max_members) <= 0:
            message = "every limit is above zero"
            raise ValueError(message)
        if self.max_depth < 0 or self.max_expanded <= 0:
            message = "every limit is above zero; a depth of zero reads no archives"
            raise ValueError(message)
