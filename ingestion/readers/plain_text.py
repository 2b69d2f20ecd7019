"""Reads plain text: the text is the file, and its sections are what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from domain.documents import Reading
from ingestion.decoding import decoded, looks_like_text
from ingestion.legal_text import regulation_sections
from ingestion.names import title_from
from ingestion.text_structure import visible_sections


@dataclass(frozen=True, slots=True)
class PlainTextReader:
    """Reads plain text; offsets of the canonical text are offsets of the decoded file."""

    name: str = "plain-text"
    media_types: tuple[str, ...] = ("text/plain",)
    suffixes: tuple[str, ...] = (".txt", ".text", ".log")

    def sniff(self, content: bytes, name: str) -> float:
        """Take any text, so that every reader that knows better goes first."""
        if not looks_like_text(content):
            return 0.0
        return 0.3 if PurePath(name).suffix.lower() in self.suffixes else 0.1

    def read(self, content: bytes, name: str) -> Reading:
        """Read the file as it is. Raises document.malformed where it is no text."""
        text = decoded(content)
        sections = regulation_sections(text) or visible_sections(text)
        return Reading(media_type="text/plain", title=title_from(name), text=text, sections=sections)
