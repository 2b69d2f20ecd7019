"""How reading and ingesting ended, for a file or for each member of an archive, and how far a run has come."""

from __future__ import annotations

from dataclasses import dataclass

from domain.documents import Reading
from domain.errors import DOCUMENT_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberOutcome:
    """A reading, or the ``document.*`` code of why there is none.

    ``name`` is the file's own name; a member of an archive is "archive.zip!/folder/member". ``detail`` carries counts
    and limits, never text.
    """

    name: str
    reading: Reading | None
    code: str | None
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse an outcome that both succeeded and failed, or did neither."""
        if (self.reading is None) == (self.code is None):
            message = "an outcome has a reading or a code"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """How one file ended: ``status`` is "indexed", "unchanged" or "rejected", the last always with a ``code``."""

    path: str
    status: str
    code: str | None = None
    detail: str = ""
    document_id: str | None = None
    version_id: str | None = None
    passages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run has come: files read, passages found by words, and how many of those have their vectors."""

    files: int = 0
    searchable: int = 0
    embedded: int = 0


def rejected(path: str, code: str | None, detail: str) -> FileOutcome:
    """Return the outcome of a file or member that is not kept."""
    known = code if code in DOCUMENT_CODES else "document.unreadable"
    return FileOutcome(path=path, status="rejected", code=known, detail=detail)
