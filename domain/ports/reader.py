"""Reads one format."""

from __future__ import annotations

from typing import Protocol

from domain.documents import Reading


class Reader(Protocol):
    """Turns the bytes of one format into canonical text, sections, locators and metadata."""

    @property
    def name(self) -> str:
        """Return a short stable name, such as "pdf"."""

    @property
    def media_types(self) -> tuple[str, ...]:
        """Return the media types that this reader reads."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the file name suffixes of this format, lower case, with the dot."""

    def sniff(self, content: bytes, name: str) -> float:
        """Return how sure it is (0..1) that ``content`` is this format; looks at no more than the first 64 KiB."""

    def read(self, content: bytes, name: str) -> Reading:
        """Read a whole file. Raises DocumentError with a stable code; returns nothing by halves."""
