"""How reading ended, for a file or for each member of an archive."""

from __future__ import annotations

from dataclasses import dataclass

from domain.documents import Reading


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
