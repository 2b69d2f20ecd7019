"""Builds canonical text and its section tree together, so that spans cannot drift from the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date  # noqa: N812 - `date` is a field's name here

from domain.documents import Anchor, Attachment, Interval, Locator, Reading, Section, TableSpan
from domain.identities import KnownIdentity

_DOCUMENT = "document"


@dataclass(slots=True)
class Outline:
    """A growing text with a stack of open sections; blocks are separated by one newline, sections by a blank line.

    >>> outline = Outline()
    >>> _ = outline.open("Article 1", kind="article")
    >>> outline.add("Scope.")
    (10, 16)
    >>> outline.close()
    >>> outline.finish(media_type="text/plain", title="An act").sections[1].path
    ('Article 1',)
    """

    _parts: list[str] = field(default_factory=list)
    _size: int = 0
    _sections: list[Section] = field(default_factory=list)
    _stack: list[int] = field(default_factory=list)
    _tables: list[TableSpan] = field(default_factory=list)
    _anchors: list[Anchor] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the root, which closes only with :meth:`finish`."""
        self._sections.append(Section(path=(), kind=_DOCUMENT, start=0, end=0, parent=None))
        self._stack.append(0)

    @property
    def size(self) -> int:
        """Return how many characters the text has so far."""
        return self._size

    @property
    def current(self) -> int:
        """Return the index of the innermost open section."""
        return self._stack[-1]

    def path(self) -> tuple[str, ...]:
        """Return the path of the innermost open section."""
        return self._sections[self.current].path

    def open(
        self,
        label: str,
        *,
        kind: str,
        heading: str | None = None,
        locator: Locator | None = None,
        subjects: Sequence[str] = (),
        date: Date | None = None,
    ) -> int:
        """Open a section below the current one and return its index.

        ``label`` is its element of the path; ``heading`` is written into the text as its first line (the label itself
        when ``None``, nothing when empty).
        """
        label = " ".join(label.split())
        if self._size:
            self._write("\n\n" if self._needs_gap() else "")
        parent = self._sections[self.current]
        self._sections.append(
            Section(
                path=(*parent.path, label),
                kind=kind,
                start=self._size,
                end=self._size,
                parent=self.current,
                locator=locator or Locator(),
                subjects=tuple(subjects),
                date=date,
            )
        )
        self._stack.append(len(self._sections) - 1)
        line = label if heading is None else heading
        if line:
            self._write(line)
        return self.current

    def add(self, text: str, *, separator: str = "\n") -> tuple[int, int]:
        """Append a block of text to the open section and return its span; blank text adds nothing."""
        if not text:
            return (self._size, self._size)
        here = self._sections[self.current]
        if self._size > here.start or (self._size and self.current == 0):
            self._write(separator)
        start = self._size
        self._write(text)
        return (start, self._size)

    def table(self, header: str, rows: Sequence[str]) -> None:
        """Append a table, one line a row; the header row may be empty."""
        start = self._size
        header_start, header_end = self.add(header)
        starts = [self.add(row)[0] for row in rows if row]
        if starts:
            first = header_start if header else starts[0]
            end_of_header = header_end if header else first
            self._tables.append(
                TableSpan(
                    start=max(start, first),
                    end=self._size,
                    header_start=first,
                    header_end=end_of_header,
                    row_starts=tuple(starts),
                )
            )

    def anchor(self, anchor: Anchor) -> None:
        """Remember where a span is drawn."""
        self._anchors.append(anchor)

    def close(self) -> None:
        """Close the innermost open section."""
        if len(self._stack) == 1:
            message = "the root closes with finish()"
            raise ValueError(message)
        self._end(self._stack.pop())

    def close_to(self, depth: int) -> None:
        """Close sections until ``depth`` of them are open below the root."""
        while len(self._stack) - 1 > depth:
            self.close()

    @property
    def depth(self) -> int:
        """Return how many sections are open below the root."""
        return len(self._stack) - 1

    def finish(  # noqa: PLR0913 - the fields of a reading
        self,
        *,
        media_type: str,
        title: str,
        identities: Sequence[KnownIdentity] = (),
        subjects: Sequence[str] = (),
        in_force: Interval | None = None,
        work: str | None = None,
        jurisdiction: str | None = None,
        language: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Reading:
        """Close everything and return the reading."""
        self.close_to(0)
        self._end(0)
        return Reading(
            media_type=media_type,
            title=" ".join(title.split()),
            text="".join(self._parts),
            sections=tuple(self._sections),
            anchors=tuple(self._anchors),
            tables=tuple(self._tables),
            attachments=tuple(self.attachments),
            identities=tuple(identities),
            subjects=tuple(subjects),
            in_force=in_force or Interval(),
            work=work,
            jurisdiction=jurisdiction,
            language=language,
            metadata=dict(metadata or {}),
        )

    def _needs_gap(self) -> bool:
        return bool(self._parts) and not self._parts[-1].endswith("\n\n")

    def _end(self, index: int) -> None:
        self._sections[index] = replace(self._sections[index], end=self._size)

    def _write(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._size += len(text)
