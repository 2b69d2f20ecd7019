"""Finds the structure of United States regulations in running text: parts, subparts, sections, paragraphs.

Such text comes out of PDF files, Markdown and plain text ("§ 164.512 Uses and disclosures … (a) Standard: … (1) …").
Numbering and citation follow the Code of Federal Regulations (1 CFR 21.11, 1 CFR 8.9).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.documents import Locator, Section
from ingestion.designators import Mark, nest, scan

MIN_SECTIONS: Final = 5
MIN_SECTIONS_WITHOUT_PARTS: Final = 15
_BODY_COUNTS_UP_TO: Final = 2_000  # characters of body that make a heading likelier than a line of a contents list
_HEADING_LINES: Final = 6
_LONGEST_HEADING: Final = 110

_PREFIX: Final = r"^[ \t]*(?:#{1,6}[ \t]+)?\**"
_SECTION: Final = re.compile(
    rf"{_PREFIX}§[ \t]*(?P<part>\d+)\.(?P<number>\d+)(?P<suffix>[a-z]*(?:-\d+[a-z]?)?)\**[ \t]+(?=[A-Z\[“\"])",
    re.MULTILINE,
)
_PART: Final = re.compile(rf"{_PREFIX}(?:PART|Part)[ \t]+(?P<part>\d+)[ \t]*[-—–][ \t]*", re.MULTILINE)
_SUBPART: Final = re.compile(
    rf"{_PREFIX}(?:SUBPART|Subpart)s?[ \t]+(?P<letter>[A-Z]{{1,2}}(?:-[A-Z]{{1,2}})?)"
    r"(?:[ \t]*[-—–][ \t]*|[ \t]+(?=\[))",
    re.MULTILINE,
)
_APPENDIX: Final = re.compile(
    rf"{_PREFIX}(?P<label>(?:APPENDIX|Appendix)[ \t]+(?P<letter>[A-Z0-9]+)[ \t]+(?:to|TO)[ \t]+"
    r"(?=(?:Subpart|Part|SUBPART|PART)\b))",
    re.MULTILINE,
)
_NEW_MATTER: Final = re.compile(
    r"\s*(?:#|§|Sec\.|Subparts?\b|SUBPART|PART\b|AUTHORITY|Authority|SOURCE|Source|\((?:a|1)\)|\[|\||---)"
)
_ENDED: Final = re.compile(r"[.\]]\**$")
_LEADERS: Final = re.compile(r"\.{4,}[ \t]*\d+[ \t]*$")
_SOURCE_NOTE: Final = re.compile(r"^\[\d+ FR ", re.MULTILINE)
_TITLE: Final = re.compile(r"\b(\d{1,2}) (?:CFR|C\.F\.R\.)(?: [Pp]arts?| §+)? (\d+)\b|\b[Tt]itle (\d{1,2})[ ,]")
_DEFINITION: Final = re.compile(
    r"^[*_]{0,3}(?P<term>(?!(?:Such|This|These|It|The|That|If|An?|In|For)\b)[A-Z](?:[^.;:()\[\]\n\d]|\d(?!\s*\n)|\n(?!\s*\n)|\([^()]{1,80}\)){1,110}?)[*_]{0,3}"
    r"(?:,?\s+(?:means|includes|stands for|refers to|has the (?:same )?meaning)\b|(?=[*_]*: *\(1\)))",
    re.MULTILINE,
)
_SENTENCE_BEFORE: Final = re.compile(r"(?:^|[.:;)\]\d—-][*_]*|definitions?|\n[ \t]*\n)\s*$")
_PARAGRAPH_HEADING: Final = re.compile(
    rf"[ \t]*[*_]*(?P<heading>[A-Z][^.]{{2,{_LONGEST_HEADING}}}?)[*_]*(?:\.|(?=\s*[—–-]?\s*\(1\)))"
)
_VERB: Final = re.compile(r"\b(?:is|are|was|were|must|may|shall|will|has|have|had|means|does|do|can|apply|applies)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A line that may begin a part, a subpart, a section or an appendix; ``order`` sorts sections as the Code does."""

    start: int
    end: int
    label: str
    part: int
    number: str = ""
    order: tuple[int, int, str] = (0, 0, "")


def regulation_sections(text: str) -> tuple[Section, ...] | None:
    """Return the sections of a regulation in pre-order, the root first; ``None`` where ``text`` is no regulation.

    Citations carry the number of the title only where the text states it ("45 CFR 164.512(b)(1)"); without it they
    read "§ 164.512(b)(1)". Lists of contents stay text of whatever they are printed in.
    """
    candidates = [_section_heading(text, match) for match in _SECTION.finditer(text)]
    chosen = _longest_run(candidates, len(text))
    parts = [match for match in _PART.finditer(text) if int(match["part"]) in {heading.part for heading in chosen}]
    if len(chosen) < (MIN_SECTIONS if parts else MIN_SECTIONS_WITHOUT_PARTS):
        return None
    if _mentions_more_than_it_holds(chosen, text):
        return None
    return tuple(_Tree(text, _title_number(text, {heading.part for heading in chosen})).build(chosen))


class _Tree:
    """Puts headings and paragraphs under one another; spans end where the next thing of the same rank begins."""

    def __init__(self, text: str, title: str) -> None:
        self._text = text
        self._title = title
        self._sections = [Section(path=(), kind="document", start=0, end=len(text), parent=None)]
        self._stack = [0]

    def build(self, headings: Sequence[_Heading]) -> list[Section]:
        previous = -1
        part = 0
        for index, heading in enumerate(headings):
            containers = list(self._containers(previous, heading, new_part=heading.part != part))
            for container in containers:
                self._open_container(container)
            if heading.part != part and not any(not container.number for container in containers):
                self._close_to(0, heading.start)
                self._open(self._part_label(heading.part), "part", heading.start, self._part_label(heading.part))
            part = heading.part
            self._add_section(heading, self._end_of(heading, headings[index + 1 : index + 2]))
            previous = heading.start
        self._close_to(0, len(self._text))
        return self._sections

    def _containers(self, after: int, heading: _Heading, *, new_part: bool) -> Iterator[_Heading]:
        """Yield the part and the subparts that begin between the section before and this one, last print of each."""
        text, start = self._text, after + 1
        if new_part:
            parts = [m for m in _PART.finditer(text, start, heading.start) if int(m["part"]) == heading.part]
            if parts:
                label = self._part_label(heading.part)
                yield _Heading(start=parts[-1].start(), end=parts[-1].end(), label=label, part=heading.part)
                start = parts[-1].end()
        found = {m["letter"]: m for m in _SUBPART.finditer(text, start, heading.start)}
        ordered = sorted(found.values(), key=lambda match: match.start())
        for match in ordered if not new_part else ordered[-1:]:
            yield _container_heading(text, match, heading)

    def _open_container(self, heading: _Heading) -> None:
        if heading.number:
            self._close_to(1, heading.start)
            citation = f"{self._part_label(heading.part)}, Subpart {heading.number}"
            self._open(heading.label, "subpart", heading.start, citation)
        else:
            self._close_to(0, heading.start)
            self._open(heading.label, "part", heading.start, heading.label)

    def _end_of(self, heading: _Heading, following: Sequence[_Heading]) -> int:
        """Return where the section ends, its appendices included: at the next section or what contains it."""
        ends = [len(self._text)]
        for later in following:
            containers = self._containers(heading.start, later, new_part=later.part != heading.part)
            ends += [later.start, *(container.start for container in containers)]
        return min(ends)

    def _add_section(self, heading: _Heading, limit: int) -> None:
        appendices = list(_APPENDIX.finditer(self._text, heading.end, limit))
        ends = [*(match.start() for match in appendices), limit]
        citation = self._citation(f"{heading.part}.{heading.number}")
        depth = len(self._stack) - 1
        self._open(f"§ {heading.part}.{heading.number} {heading.label}".strip(), "section", heading.start, citation)
        self._add_paragraphs(heading, ends[0], citation)
        self._close_to(depth, ends[0])
        for match, end in zip(appendices, ends[1:], strict=True):
            label = _joined(self._text, match.start("label"), _end_of_heading(self._text, match.end(), marked=False))
            citation = f"{self._part_label(heading.part)}, Appendix {match['letter']}"
            self._open(label, "appendix", match.start(), citation)
            self._close_to(depth, end)

    def _add_paragraphs(self, heading: _Heading, end: int, citation: str) -> None:
        for note in _SOURCE_NOTE.finditer(self._text, heading.end, end):
            end = note.start()
        terms = self._terms(heading, end)
        marks = [*scan(self._text, heading.end, end), *(Mark(start=at, end=at, numbers=()) for at in terms)]
        marks.sort(key=lambda mark: (mark.start, mark.end))
        depth, of_definition = len(self._stack) - 1, citation
        for mark, numbers in zip(marks, nest(marks), strict=True):
            if numbers is None:
                continue
            if not mark.numbers:
                self._close_to(depth, mark.start)
                of_definition = f'{citation} "{terms[mark.start]}"'
                self._open(terms[mark.start], "definition", mark.start, of_definition)
                continue
            base = depth + (of_definition != citation)
            for level in range(len(numbers) - len(mark.numbers) + 1, len(numbers) + 1):
                self._close_to(base + level - 1, mark.start)
                label = self._paragraph_label(numbers[level - 1], mark, last=level == len(numbers), top=level == 1)
                below = "".join(f"({number})" for number in numbers[:level])
                self._open(label, "paragraph", mark.start, f"{of_definition}{below}")
        self._close_to(depth, end)

    def _terms(self, heading: _Heading, end: int) -> dict[int, str]:
        """Return where each definition of a section of definitions begins, and the term that it defines."""
        terms: dict[int, str] = {}
        if "definition" not in heading.label.lower():
            return terms
        for match in _DEFINITION.finditer(self._text, heading.end, end):
            term = " ".join(match["term"].split()).strip("*_ ")
            before = self._text[max(heading.end, match.start() - 30) : match.start()]
            if _SENTENCE_BEFORE.search(before) and term not in terms.values():
                terms[match.start()] = term
        return terms

    def _paragraph_label(self, number: str, mark: Mark, *, last: bool, top: bool) -> str:
        """Return "(b)", with its heading where an outermost paragraph has one."""
        if not (last and top and number.isalpha()):
            return f"({number})"
        match = _PARAGRAPH_HEADING.match(self._text, mark.end)
        heading = " ".join(match["heading"].split()).strip("*_ ") if match else ""
        return f"({number}) {heading}" if heading and not _VERB.search(heading) else f"({number})"

    def _citation(self, number: str) -> str:
        return f"{self._title} CFR {number}" if self._title else f"§ {number}"

    def _part_label(self, part: int) -> str:
        return f"{self._title} CFR Part {part}" if self._title else f"Part {part}"

    def _open(self, label: str, kind: str, start: int, citation: str) -> None:
        parent = self._stack[-1]
        section = Section(
            path=(*self._sections[parent].path, " ".join(label.split())),
            kind=kind,
            start=start,
            end=start,
            parent=parent,
            locator=Locator(citation=citation),
        )
        self._sections.append(section)
        self._stack.append(len(self._sections) - 1)

    def _close_to(self, depth: int, end: int) -> None:
        """Close sections until ``depth`` of them are open below the root; their spans end before white space."""
        while len(self._stack) - 1 > depth:
            index = self._stack.pop()
            section = self._sections[index]
            stop = section.start + len(self._text[section.start : end].rstrip())
            deepest = max((child.end for child in self._sections[index + 1 :]), default=0)
            self._sections[index] = replace(section, end=max(stop, deepest))


def _section_heading(text: str, match: re.Match[str]) -> _Heading:
    end = _end_of_heading(text, match.end(), marked=text[match.start() : match.end()].lstrip().startswith("#"))
    label = _joined(text, match.end(), end)
    part, number, suffix = int(match["part"]), match["number"], match["suffix"]
    order = (part, int(number), suffix)
    return _Heading(start=match.start(), end=end, label=label, part=part, number=number + suffix, order=order)


def _container_heading(text: str, match: re.Match[str], heading: _Heading) -> _Heading:
    marked = text[match.start() : match.end()].lstrip().startswith("#")
    end = text.find("\n", match.end()) if marked else _end_of_heading(text, match.end(), marked=False)
    name = _joined(text, match.end(), end if end >= 0 else len(text))
    label = f"Subpart {match['letter']} - {name}" if not name.startswith("[") else f"Subpart {match['letter']} {name}"
    return _Heading(start=match.start(), end=end, label=label, part=heading.part, number=match["letter"])


def _end_of_heading(text: str, start: int, *, marked: bool) -> int:
    """Return where a heading ends that may run over several lines; a marked one goes on only in lower case."""
    first = end = _line_end(text, start)
    for _ in range(_HEADING_LINES):
        if _ENDED.search(text[start:end].rstrip()) or _LEADERS.search(text[start:end]):
            return end
        at = end + 1
        while marked and text[at : at + 1] == "\n":
            at += 1
        line = text[at : _line_end(text, at)]
        if not line.strip() or _NEW_MATTER.match(line) or (marked and not line[:1].islower()):
            return end
        end = _line_end(text, at)
    return first


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _joined(text: str, start: int, end: int) -> str:
    label = " ".join(_LEADERS.sub("", text[start : end if end >= 0 else len(text)]).split())
    return label.strip("*#").strip().rstrip(".").strip("*")


def _longest_run(candidates: Sequence[_Heading], size: int) -> list[_Heading]:
    """Return the headings of the body: the heaviest run in rising order, where headings with text below weigh more.

    Lists of contents name every section too, but without text; a reference at the start of a line breaks the order.
    """
    ranks = sorted({heading.order for heading in candidates})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(ranks) + 1)  # a Fenwick tree of prefix maxima
    links: list[int] = []
    for index, heading in enumerate(candidates):
        following = candidates[index + 1].start if index + 1 < len(candidates) else size
        body = min(following - heading.end, _BODY_COUNTS_UP_TO)
        rank = bisect_left(ranks, heading.order)
        weight, before = _prefix_best(best, rank)
        links.append(before)
        entry = (weight + 1 + body / _BODY_COUNTS_UP_TO, index)
        position = rank + 1
        while position < len(best):
            best[position] = max(best[position], entry)
            position += position & -position
    at = _prefix_best(best, len(ranks))[1]
    run = []
    while at >= 0:
        run.append(candidates[at])
        at = links[at]
    return run[::-1]


def _prefix_best(best: Sequence[tuple[float, int]], count: int) -> tuple[float, int]:
    found = (0.0, -1)
    while count > 0:
        found = max(found, best[count])
        count -= count & -count
    return found


def _mentions_more_than_it_holds(chosen: Sequence[_Heading], text: str) -> bool:
    """Say whether the headings are mere mentions: most without a body, or packed into a corner of the text."""
    ends = [*(heading.start for heading in chosen[1:]), len(text)]
    bodies = sum(1 for heading, end in zip(chosen, ends, strict=True) if text[heading.end : end].strip())
    return bodies * 2 < len(chosen) or (len(text) - chosen[0].start) * 2 < len(text)


def _title_number(text: str, parts: set[int]) -> str:
    """Return the number of the title that the text says these parts belong to; empty where it does not say."""
    counts: Counter[str] = Counter()
    for title, part, stated in _TITLE.findall(text):
        if title and int(part) in parts:
            counts[title] += 1
        elif stated and f"{stated} of the Code of Federal Regulations" in text:
            counts[stated] += 1
    return counts.most_common(1)[0][0] if counts else ""
