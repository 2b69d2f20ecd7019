"""Reads a draft out of an uploaded file, as ingestion reads files, and keeps nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.answering.presentation import JSON
from domain.errors import DocumentError, RequestError
from ingestion.sandbox import ReadingSandbox
from policies.sentences import split

LONGEST: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReader:
    """Reads through the reading sandbox: the same readers, limits and codes as for documents."""

    sandbox: ReadingSandbox

    def read(self, content: bytes, name: str) -> JSON:
        """Return ``{media_type, text, sentences: [{start, end}]}``.

        Raises DocumentError with the code of why it cannot be read, and RequestError ``request.too_large`` for a text
        that is longer than a draft may be; an archive is several files, and no draft.
        """
        members = self.sandbox.read_bytes(content, name)
        if len(members) != 1:
            raise DocumentError("document.unsupported", f"{len(members)} files in one")
        reading, code = members[0].reading, members[0].code
        if reading is None:
            raise DocumentError(code or "document.unreadable", members[0].detail)
        if len(reading.text) > LONGEST:
            raise RequestError("request.too_large", f"{len(reading.text)} characters; at most {LONGEST}")
        return {
            "media_type": reading.media_type,
            "text": reading.text,
            "sentences": [{"start": start, "end": end} for start, end in split(reading.text)],
        }
