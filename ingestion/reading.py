"""Reads one file with everything inside it: picks readers, opens archives, joins attachments, holds the limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

from domain.documents import Attachment, Reading
from domain.errors import DocumentError
from domain.ports.reader import Reader
from ingestion.attachments import with_attachments
from ingestion.formats import choose
from ingestion.limits import Limits
from ingestion.outcomes import MemberOutcome

__all__ = ["MemberOutcome", "read_file"]

_UNSTORABLE: Final = re.compile(r"[\0\ud800-\udfff]")
_REPLACEMENT: Final = "\ufffd"


@runtime_checkable
class Limited(Protocol):
    """A reader that holds limits of its own."""

    def within(self, limits: Limits) -> Reader:
        """Return this reader with other limits."""


def read_file(content: bytes, name: str, limits: Limits, readers: Sequence[Reader]) -> list[MemberOutcome]:
    """Read a file and return how it ended; for an archive, how each member ended. Never raises for bad input."""
    fitted = [reader.within(limits) if isinstance(reader, Limited) else reader for reader in readers]
    return _Run(limits=limits, readers=fitted).outcomes(content, name, depth=0)


@dataclass(slots=True, kw_only=True)
class _Run:
    """The reading of one file, with what its members have used up of the limits so far."""

    limits: Limits
    readers: Sequence[Reader]
    members: int = 0
    expanded: int = 0
    characters: int = 0

    def outcomes(self, content: bytes, name: str, *, depth: int) -> list[MemberOutcome]:
        """Return the outcome of a file, or those of its members where it is an archive."""
        try:
            self._count(content, depth)
            reading = self._read(content, name)
            inside = [attachment for attachment in reading.attachments if not attachment.inline]
            if inside and depth >= self.limits.max_depth:
                raise DocumentError("document.bomb", f"nested deeper than {self.limits.max_depth}")  # noqa: TRY301 - one way out
            whole = self._with_inline(reading, depth)
            if not whole.text.strip() and not inside:
                raise DocumentError("document.empty")  # noqa: TRY301 - one way out
        except DocumentError as error:
            return [MemberOutcome(name=name, reading=None, code=error.code, detail=error.detail)]
        found = [MemberOutcome(name=name, reading=whole, code=None)] if whole.text.strip() else []
        for attachment in inside:
            found += self.outcomes(attachment.content, f"{name}!/{attachment.name}", depth=depth + 1)
        return found

    def _count(self, content: bytes, depth: int) -> None:
        if depth == 0:
            if len(content) > self.limits.max_bytes:
                raise DocumentError("document.too_large", f"{len(content)} bytes, limit {self.limits.max_bytes}")
            return
        self.members += 1
        self.expanded += len(content)
        if self.members > self.limits.max_members:
            raise DocumentError("document.bomb", f"over {self.limits.max_members} files inside")
        if self.expanded > self.limits.max_expanded:
            raise DocumentError("document.bomb", f"expands over {self.limits.max_expanded} bytes")

    def _read(self, content: bytes, name: str) -> Reading:
        if not content.strip():
            raise DocumentError("document.empty")
        reading = _guarded(content, name, self.readers)
        self.characters += len(reading.text)
        if self.characters > self.limits.max_characters:
            raise DocumentError("document.too_large", f"over {self.limits.max_characters} characters")
        return _storable(reading)

    def _with_inline(self, reading: Reading, depth: int) -> Reading:
        inline = [attachment for attachment in reading.attachments if attachment.inline]
        return with_attachments(
            reading, [(attachment, outcome) for attachment in inline for outcome in self._attached(attachment, depth)]
        )

    def _attached(self, attachment: Attachment, depth: int) -> list[MemberOutcome]:
        if depth >= self.limits.max_depth:
            return [MemberOutcome(name=attachment.name, reading=None, code="document.bomb")]
        return self.outcomes(attachment.content, attachment.name, depth=depth + 1)


def _guarded(content: bytes, name: str, readers: Sequence[Reader]) -> Reading:
    """Let a reader read, and turn whatever it raises into a DocumentError without any text of the file."""
    try:
        return choose(content, name, readers).read(content, name)
    except DocumentError:
        raise
    except MemoryError:
        raise DocumentError("document.out_of_memory") from None
    except RecursionError:
        raise DocumentError("document.bomb", "nested deeper than its reader follows") from None
    # The boundary around every parser: what one of them raises on one file must not cost the others of an archive.
    except Exception as error:  # noqa: BLE001
        raise DocumentError("document.unreadable", type(error).__name__) from None


def _storable(reading: Reading) -> Reading:
    """Return the reading without characters that no database stores; lengths stay."""
    labels = (label for section in reading.sections for label in section.path)
    if not any(_UNSTORABLE.search(text) for text in (reading.text, reading.title, *labels)):
        return reading
    sections = (replace(section, path=tuple(map(_clean, section.path))) for section in reading.sections)
    return replace(reading, text=_clean(reading.text), title=_clean(reading.title), sections=tuple(sections))


def _clean(text: str) -> str:
    return _UNSTORABLE.sub(_REPLACEMENT, text)
