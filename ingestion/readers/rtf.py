"""Reads RTF: its text without formatting, with the sections that the text shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from striprtf import striprtf

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.names import title_from
from ingestion.text_structure import visible_sections

_START: Final = b"{\\rtf"
_TO_TEXT: Final[Callable[..., str]] = striprtf.rtf_to_text
_INFO: Final = re.compile(r"\{\\(title|author)\s+((?:[^\\{}]|\\'[0-9a-fA-F]{2}|\\u-?\d+ ?\??)*)\}")
_TIME: Final = re.compile(r"\{\\(creatim|revtim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_TIMES: Final = {"creatim": "created", "revtim": "modified"}
_BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class RtfReader:
    """Reads Rich Text Format (Microsoft's specification 1.9.1); pictures and embedded objects are left out."""

    name: str = "rtf"
    media_types: tuple[str, ...] = ("application/rtf", "text/rtf")
    suffixes: tuple[str, ...] = (".rtf",)

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Look for the opening group."""
        return 1.0 if content[:64].lstrip().startswith(_START) else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        """Read the text. Raises document.malformed."""
        if not content.lstrip().startswith(_START):
            raise DocumentError("document.malformed")
        source = content.decode("latin-1")
        text = _BLANK_LINES.sub("\n\n", _text(source).replace("\r\n", "\n")).strip()
        info = {key: _text("{\\rtf1\\ansi " + value + "}").strip() for key, value in _INFO.findall(source)}
        metadata = {
            _TIMES[key]: f"{year}-{int(month):02}-{int(day):02}" for key, year, month, day in _TIME.findall(source)
        }
        if info.get("author"):
            metadata["author"] = info["author"]
        return Reading(
            media_type="application/rtf",
            title=info.get("title") or title_from(name),
            text=text,
            sections=visible_sections(text),
            metadata=metadata,
        )


def _text(source: str) -> str:
    try:
        return str(_TO_TEXT(source, encoding="cp1252", errors="replace"))
    except (UnicodeError, LookupError, ValueError, IndexError, KeyError, TypeError) as error:
        raise DocumentError("document.malformed") from error
