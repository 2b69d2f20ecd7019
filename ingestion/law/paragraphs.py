"""Writes the numbered paragraphs of a regulation whose markup does not nest them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from ingestion.designators import Mark, nest, scan
from ingestion.xml_flow import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A paragraph's text with the term that it defines, if any; or an element to write as it is."""

    text: str = ""
    term: str = ""
    element: etree._Element | None = None


def write_paragraphs(flow: Flow, pieces: Sequence[Piece], citation: str) -> None:
    """Write pieces in order, opening a section for each numbered paragraph and each definition.

    ``citation`` is the section's own ("1 CFR 2.1"); it grows by "(a)(1)", or by the term of a definition.
    """
    text = "\n".join(piece.text for piece in pieces)
    starts = [0, *accumulate(len(piece.text) + 1 for piece in pieces[:-1])] if pieces else []
    marks = scan(text, 0, len(text)) + [
        Mark(start=start, end=start, numbers=()) for piece, start in zip(pieces, starts, strict=True) if piece.term
    ]
    marks.sort(key=lambda mark: (mark.start, mark.end))
    accepted = [(mark, numbers) for mark, numbers in zip(marks, nest(marks), strict=True) if numbers is not None]
    writer = _Writer(flow, citation)
    for piece, start in zip(pieces, starts, strict=True):
        if piece.element is not None:
            flow.enter(piece.element)
            continue
        end = start + len(piece.text)
        inside = [(mark, numbers) for mark, numbers in accepted if start <= mark.start < max(end, start + 1)]
        cuts = [start, *(mark.start for mark, _ in inside), end]
        writer.line(text[cuts[0] : cuts[1]])
        for (mark, numbers), cut in zip(inside, cuts[2:], strict=True):
            writer.open(mark, numbers, piece.term)
            writer.line(text[mark.start : cut])
    writer.close_to(0)


class _Writer:
    """Keeps the open paragraphs of one section."""

    def __init__(self, flow: Flow, citation: str) -> None:
        self._flow = flow
        self._citation = self._root = citation
        self._depth = 0

    def line(self, text: str) -> None:
        self._flow.write(text)
        self._flow.end_line()

    def open(self, mark: Mark, numbers: tuple[str, ...], term: str) -> None:
        if not mark.numbers:
            self.close_to(0)
            self._citation = f'{self._root} "{term}"'
            self._open(term, "definition", self._citation)
            return
        base = int(self._citation != self._root)
        for level in range(len(numbers) - len(mark.numbers) + 1, len(numbers) + 1):
            self.close_to(base + level - 1)
            below = "".join(f"({number})" for number in numbers[:level])
            self._open(f"({numbers[level - 1]})", "paragraph", f"{self._citation}{below}")

    def _open(self, label: str, kind: str, citation: str) -> None:
        self._flow.open(label, kind=kind, citation=citation)
        self._depth += 1

    def close_to(self, depth: int) -> None:
        while self._depth > depth:
            self._flow.close()
            self._depth -= 1
