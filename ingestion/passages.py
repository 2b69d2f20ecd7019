"""Cuts a reading into passages along the document's own structure.

A passage never crosses a section. Small numbered parts of one provision ("(a)", "(b)") are read together as one
passage of the provision; the exact point of a quote is found again from the section tree. Records, articles, slides
and sheets are never merged with their siblings.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.documents import Labels, Locator, Passage, Reading, Section, TableSpan, Version
from domain.layout import anchors_within, merge_boxes
from policies.sentences import split

MERGEABLE: Final = frozenset({"paragraph", "point", "subparagraph", "clause", "item", "note", "subsection"})
PREFIX_TOKENS: Final = 64
PARENT_CHARACTERS: Final = 4_000
_SPECIAL_TOKENS: Final = 2
_PREFIX_CHARACTERS: Final = 200

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text that is not cut further, with its tokens and the header row it needs.

    ``leads_in`` says that it ends with a colon.
    """

    start: int
    end: int
    tokens: int
    header: tuple[int, int] | None = None
    leads_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutter:
    """Cuts readings into passages of at most ``window`` tokens, title and section path included."""

    count_tokens: TokenCounter
    window: int

    def cut(self, reading: Reading, version: Version, labels: Labels) -> list[Passage]:
        """Return the passages of a version in order; a section's own subjects go before those of ``labels``."""
        budget = self.window - PREFIX_TOKENS - _SPECIAL_TOKENS
        spans = list(_own_spans(reading))
        pieces = self._pieces(reading, [span for _, span in spans], budget)
        passages = []
        for (index, _), cut in zip(spans, pieces, strict=True):
            for start, end, header in _pack(cut, budget):
                passages.append(_passage(reading, version, labels, index, (start, end, header)))
        return passages

    def _pieces(self, reading: Reading, spans: Sequence[tuple[int, int]], budget: int) -> list[list[_Piece]]:
        """Return for each span its lines, cut further into sentences and words where a line is over the budget."""
        table_of = _Tables(reading.tables)
        lines = [list(_lines(reading.text, start, end)) for start, end in spans]
        flat = [line for group in lines for line in group]
        counts = iter(self.count_tokens([reading.text[start:end] for start, end in flat]))
        result: list[list[_Piece]] = []
        for group in lines:
            pieces: list[_Piece] = []
            for start, end in group:
                tokens = next(counts)
                header = table_of.header(start)
                if tokens <= budget:
                    pieces.append(_Piece(start, end, tokens + 1, header, reading.text[end - 1] == ":"))
                else:
                    pieces.extend(self._split(reading.text, start, end, budget, header))
            result.append(pieces)
        return result

    def _split(self, text: str, start: int, end: int, budget: int, header: tuple[int, int] | None) -> Iterator[_Piece]:
        sentences = [(start + a, start + b) for a, b in split(text[start:end])]
        counts = self.count_tokens([text[a:b] for a, b in sentences])
        for (a, b), tokens in zip(sentences, counts, strict=True):
            if tokens <= budget:
                yield _Piece(a, b, tokens, header)
            else:
                yield from self._split_words(text, a, b, budget, header)

    def _split_words(
        self, text: str, start: int, end: int, budget: int, header: tuple[int, int] | None
    ) -> Iterator[_Piece]:
        words = list(_words(text, start, end, longest=budget))
        counts = self.count_tokens([text[a:b] for a, b in words])
        first, used = start, 0
        last = start
        for (a, b), tokens in zip(words, counts, strict=True):
            if used and used + tokens > budget:
                yield _Piece(first, last, used, header)
                first, used = a, 0
            used += tokens
            last = b
        if used:
            yield _Piece(first, last, used, header)


class _Tables:
    """Finds the header row that a line of a table body needs."""

    def __init__(self, tables: Sequence[TableSpan]) -> None:
        self._tables = sorted(tables, key=lambda table: table.start)
        self._starts = [table.start for table in self._tables]

    def header(self, position: int) -> tuple[int, int] | None:
        index = bisect_left(self._starts, position + 1) - 1
        if index < 0:
            return None
        table = self._tables[index]
        inside = table.header_end <= position < table.end and table.header_end > table.header_start
        return (table.header_start, table.header_end) if inside else None


def _mergeable(reading: Reading) -> list[bool]:
    """Say for each section whether only small numbered parts of one provision stand below it."""
    whole = [True] * len(reading.sections)
    for index in range(len(reading.sections) - 1, 0, -1):
        section = reading.sections[index]
        parent = section.parent or 0
        if not whole[index] or section.kind not in MERGEABLE or section.subjects:
            whole[parent] = False
    return whole


def _own_spans(reading: Reading) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield (section index, span): a section that reads as one whole, or the text between its children."""
    children: list[list[int]] = [[] for _ in reading.sections]
    for index, section in enumerate(reading.sections[1:], start=1):
        children[section.parent or 0].append(index)
    whole = _mergeable(reading)
    stack: list[tuple[int, int, int] | int] = [0]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            index, start, end = top
            if reading.text[start:end].strip() and not _only_heading(reading, index, start, end, bool(children[index])):
                yield index, (start, end)
            continue
        section = reading.sections[top]
        if whole[top] or not children[top]:
            stack.append((top, section.start, section.end))
            continue
        todo: list[tuple[int, int, int] | int] = []
        position = section.start
        for child in children[top]:
            todo.append((top, position, reading.sections[child].start))
            todo.append(child)
            position = reading.sections[child].end
        todo.append((top, position, section.end))
        stack.extend(reversed(todo))


def _only_heading(reading: Reading, index: int, start: int, end: int, has_children: bool) -> bool:  # noqa: FBT001
    """Say whether a stretch before children merely repeats the heading, which each child has in its path."""
    section = reading.sections[index]
    if not has_children or not section.path:
        return False
    return " ".join(reading.text[start:end].strip("#=-* \t\r\n").split()) == section.path[-1]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        a, b = _trim(text, position, stop)
        if a < b:
            yield a, b
        position = stop + 1


def _words(text: str, start: int, end: int, *, longest: int) -> Iterator[tuple[int, int]]:
    """Yield words; a word without spaces that is very long is cut every ``longest`` characters."""
    position = start
    while position < end:
        while position < end and text[position].isspace():
            position += 1
        stop = position
        while stop < end and not text[stop].isspace() and stop - position < longest:
            stop += 1
        if stop > position:
            yield position, stop
        position = stop


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _pack(pieces: Sequence[_Piece], budget: int) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    """Yield (start, end, header row) of passages: as many pieces as fit.

    A table's rows never stand with another table's, its header row never alone, and a lead-in goes with what it leads
    in.
    """
    held: list[_Piece] = []
    for piece in pieces:
        full = sum(one.tokens for one in held) + piece.tokens > budget
        if held and (full or piece.header != held[-1].header) and not _is_header_of(held, piece):
            kept = _lead_ins(held) if full else 0
            if sum(one.tokens for one in held[len(held) - kept :]) + piece.tokens > budget:
                kept = 0
            done = held[: len(held) - kept]
            yield done[0].start, done[-1].end, done[0].header
            held = held[len(done) :]
        held.append(piece)
    if held:
        yield held[0].start, held[-1].end, held[0].header


def _lead_ins(held: Sequence[_Piece]) -> int:
    """Return how many pieces at the end lead in what follows; none when all of them do."""
    count = 0
    while count < len(held) and held[-1 - count].leads_in:
        count += 1
    return count if count < len(held) else 0


def _is_header_of(held: Sequence[_Piece], piece: _Piece) -> bool:
    """Say whether the open passage is just the header row of the table whose body begins with ``piece``."""
    return len(held) == 1 and piece.header == (held[0].start, held[0].end)


def _passage(
    reading: Reading,
    version: Version,
    labels: Labels,
    index: int,
    cut: tuple[int, int, tuple[int, int] | None],
) -> Passage:
    start, end, header = cut
    section = reading.sections[index]
    parent = _parent(reading, index)
    needs_header = header is not None and header[0] < start
    return Passage(
        id=passage_id(version.id, start, end),
        document_id=version.document_id,
        version_id=version.id,
        start=start,
        end=end,
        text=version.text[start:end],
        title=version.title,
        section=section.path,
        locator=_locate(reading, index, start, end),
        labels=_labels(reading, index, labels),
        in_force=version.in_force,
        parent_start=parent.start,
        parent_end=parent.end,
        header=reading.text[header[0] : header[1]] if header and needs_header else "",
        date=_inherited_date(reading, index),
        path=version.path,
    )


def passage_id(version_id: str, start: int, end: int) -> str:
    """Return the id of a passage, the same whenever the same version is cut the same way."""
    return "p_" + hashlib.sha256(f"{version_id}:{start}:{end}".encode()).hexdigest()[:24]


def _ancestors(reading: Reading, index: int) -> Iterator[Section]:
    current: int | None = index
    while current is not None:
        yield reading.sections[current]
        current = reading.sections[current].parent


def _parent(reading: Reading, index: int) -> Section:
    """Return the largest section around ``index`` that is still short enough to read as context."""
    best = reading.sections[index]
    for section in _ancestors(reading, index):
        if section.end - section.start > PARENT_CHARACTERS:
            break
        best = section
    return best


def _labels(reading: Reading, index: int, labels: Labels) -> Labels:
    """Return the labels with the nearest section's own subjects, unless the file was labelled with one."""
    if labels.subjects:
        return labels
    own = next((section.subjects for section in _ancestors(reading, index) if section.subjects), reading.subjects)
    return Labels(
        tenant=labels.tenant,
        collection=labels.collection,
        subjects=tuple(sorted(set(own))),
        walls=labels.walls,
        sensitivity=labels.sensitivity,
        jurisdiction=labels.jurisdiction,
    )


def _inherited_date(reading: Reading, index: int) -> date | None:
    return next((section.date for section in _ancestors(reading, index) if section.date), None)


def _locate(reading: Reading, index: int, start: int, end: int) -> Locator:
    """Return where the passage is: what its section says, with the boxes of its own words."""
    section = reading.sections[index]
    inherited = list(_ancestors(reading, index))
    boxes = merge_boxes(anchors_within(reading.anchors, start, end))
    page = boxes[0].page if boxes else next((s.locator.page for s in inherited if s.locator.page), None)
    return Locator(
        page=page,
        boxes=boxes,
        citation=next((s.locator.citation for s in inherited if s.locator.citation), None),
        resource=next((s.locator.resource for s in inherited if s.locator.resource), None),
        element=section.locator.element,
        member=next((s.locator.member for s in inherited if s.locator.member), None),
    )


def embedding_text(passage: Passage) -> str:
    """Return what the encoder reads: title and section path in front, the table's header row, then the passage."""
    return "\n".join(part for part in (_prefix(passage), passage.header, passage.text) if part)


def words_text(passage: Passage) -> str:
    """Return what is searched by words."""
    return embedding_text(passage)


def _prefix(passage: Passage) -> str:
    """Return title and section path, the outermost headings cut first when they are long."""
    parts = [passage.title, *passage.section]
    while len(parts) > 1 and sum(len(part) + 3 for part in parts) > _PREFIX_CHARACTERS:
        parts.pop(1 if len(parts) > 2 else 0)  # noqa: PLR2004 - the title goes last but for the innermost heading
    return " > ".join(part for part in parts if part)[:_PREFIX_CHARACTERS]
