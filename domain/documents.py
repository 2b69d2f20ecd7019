"""Documents, their versions in time, their own structure, and the passages cut from it.

All offsets count characters (Unicode code points) of a version's canonical text, start inclusive, end exclusive.
All intervals of dates are half-open: in force on ``effective_from``, no longer in force on ``effective_to``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.identities import KnownIdentity


def _check_span(start: int, end: int) -> None:
    if not 0 <= start <= end:
        message = f"not a span: {start}..{end}"
        raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Dates in force, half-open; ``None`` is unbounded on that side."""

    effective_from: date | None = None
    effective_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse an interval that ends before it begins."""
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            message = f"in force to {self.effective_to} but only from {self.effective_from}"
            raise ValueError(message)

    def covers(self, day: date) -> bool:
        """Say whether the text was in force on ``day``."""
        after = self.effective_from is None or self.effective_from <= day
        return after and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page, in PDF points with the origin at the top left of the page."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where the characters ``start..end`` are drawn: one word of a page, as a rule."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where a person finds a span; only the fields that its format has are set.

    ``page`` counts from 1; ``citation`` is the exact article or section ("Article 17(1)(b)", "45 CFR
    164.512(b)(1)(i)"); ``resource`` is a FHIR type and id ("Observation/123"); ``element`` is an element path or XML
    id; ``member`` is the name inside an archive or of an attachment.
    """

    page: int | None = None
    boxes: tuple[Box, ...] = ()
    citation: str | None = None
    resource: str | None = None
    element: str | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A node of a version's own structure; its span covers its whole subtree, its heading included.

    ``path`` holds the headings from the root's children down to this node (empty for the root). ``parent`` is the
    index of the parent in the version's pre-ordered list of sections, ``None`` for the root. ``kind`` is a word such
    as "document", "heading", "article", "paragraph", "resource", "table", "page", "sheet", "slide", "message".
    ``subjects`` are the subjects that this node alone is about; empty means those of the parent. ``date`` is the
    clinical or legal date of the node (when it happened), where it has one.
    """

    path: tuple[str, ...]
    kind: str
    start: int
    end: int
    parent: int | None
    locator: Locator = field(default_factory=Locator)
    subjects: tuple[str, ...] = ()
    date: date | None = None

    def __post_init__(self) -> None:
        """Refuse a span that runs backwards."""
        _check_span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpan:
    """A table inside the canonical text: its header row, and where each body row starts.

    A passage cut from the body carries the header row as well, so that a cell keeps its meaning.
    """

    start: int
    end: int
    header_start: int
    header_end: int
    row_starts: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse a header outside of its table."""
        _check_span(self.start, self.end)
        _check_span(self.header_start, self.header_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside a file, still to be read by the reader of its own type.

    ``section`` is the index of the section that carries it. ``inline`` attachments become sections of the same
    document; others (members of an archive) become documents of their own.
    """

    name: str
    media_type: str | None
    content: bytes
    section: int = 0
    inline: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader gives for one file.

    ``sections`` is in pre-order and starts with the root, which covers the whole ``text``. ``work`` is the identity of
    the document over time where the format has one (an ELI, a CELEX number, "45 CFR 164"): two files with one work are
    two versions of one document. ``subjects`` are the patients or matters the file itself names.
    """

    media_type: str
    title: str
    text: str
    sections: tuple[Section, ...]
    anchors: tuple[Anchor, ...] = ()
    tables: tuple[TableSpan, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    identities: tuple[KnownIdentity, ...] = ()
    subjects: tuple[str, ...] = ()
    in_force: Interval = field(default_factory=Interval)
    work: str | None = None
    jurisdiction: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a tree that is not in pre-order or leaves the text."""
        if not self.sections or self.sections[0].parent is not None:
            message = "a reading starts with its root section"
            raise ValueError(message)
        size = len(self.text)
        if self.sections[0].start != 0 or self.sections[0].end != size:
            message = "the root section covers the whole text"
            raise ValueError(message)
        for index, section in enumerate(self.sections[1:], start=1):
            if section.parent is None or not 0 <= section.parent < index:
                message = f"section {index} has no parent before it"
                raise ValueError(message)
            parent = self.sections[section.parent]
            if section.start < parent.start or section.end > parent.end:
                message = f"section {index} leaves its parent"
                raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Who and what a document is about, and who may see it.

    ``subjects`` empty means that it is about nobody in particular (a guideline, a statute). ``walls`` are groups that
    an actor must be inside of to see it, all of them.
    """

    tenant: str = "default"
    collection: str = "default"
    subjects: tuple[str, ...] = ()
    walls: tuple[str, ...] = ()
    sensitivity: str = "normal"
    jurisdiction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A thing with one identity over time."""

    id: str
    identity: str
    title: str
    labels: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One immutable text of a document with its dates in force. ``digest`` is the SHA-256 of the original's bytes."""

    id: str
    document_id: str
    digest: str
    path: str
    media_type: str
    title: str
    text: str
    in_force: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The unit of retrieval: a span of one version, with everything needed to show, filter and cite it.

    ``text`` is exactly ``version.text[start:end]``. ``header`` is the table's header row, for reading and embedding;
    it is no part of the span. ``parent_start..parent_end`` is the parent section, for reading in context. ``date`` is
    when the thing that the passage tells happened, where its section knows.
    """

    id: str
    document_id: str
    version_id: str
    start: int
    end: int
    text: str
    title: str
    section: tuple[str, ...]
    locator: Locator
    labels: Labels
    in_force: Interval
    parent_start: int
    parent_end: int
    header: str = ""
    date: date | None = None
    path: str = ""

    def __post_init__(self) -> None:
        """Refuse a text that is not as long as its span."""
        _check_span(self.start, self.end)
        if len(self.text) != self.end - self.start:
            message = f"passage {self.id}: text and span differ in length"
            raise ValueError(message)
