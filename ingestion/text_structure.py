"""Finds the headings and numbered clauses that a plain text shows: contracts, policies, guidelines.

Only what stands at the start of a line counts, and only in sequence: "7." is a clause after "6.", not a stray figure.
A table of contents stays text: of two prints of one heading, the one without a body is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from domain.documents import Section

_LONGEST_TITLE: Final = 90
_MOST_WORDS: Final = 12
_FEW_WORDS: Final = 4
_SHORTEST_BODY: Final = 150  # characters; a heading printed twice has its body at the print with more than this
_DEEPEST: Final = 6
_WIDEST_GAP: Final = 2  # numbers that a drafter may have left out

_CONTAINER: Final = re.compile(
    r"(?P<word>(?:ARTICLE|Article|CHAPTER|Chapter|PART|Part|SECTION|Section|SCHEDULE|Schedule|EXHIBIT|Exhibit|ANNEX|Annex"
    r"|APPENDIX|Appendix|ATTACHMENT|Attachment)(?=\s)|§)\s*"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*|[IVXL]+\b|[A-Z](?:-\d+)?(?!\w))(?P<rest>.*)"
)
_NUMBERED: Final = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<stop>[.)]?)(?P<rest>\s.*|)")
_LETTERED: Final = re.compile(r"(?P<number>[IVXL]+|[A-Z])\.(?P<rest>\s+\S.*)")
_TITLE_END: Final = re.compile(r"[.:;]+(?=\s|$|[\"”])|\]|\s[-—–]+\s|\s{3,}|\t|[-_]{3,}")
_CAPITALS: Final = re.compile(r"(?:[A-Z0-9&,'’/()-]+\s+)+[A-Z0-9&'’/()-]{2,}(?![a-z])")
_LEADERS: Final = re.compile(r"\.{4,}|(?:\. ){4,}|_{4,}")
_PAGE_AT_END: Final = re.compile(r"[\s.]*\d*\s*$")
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
_CAPITAL_LINE: Final = re.compile(r"[A-Z][A-Z0-9 ,&/'’().:–—-]{4,78}")
_PARTY: Final = re.compile(
    r"\b(?:INC|LLC|L\.L\.C|LTD|LIMITED|CORP|CORPORATION|GMBH|AG|PLC|LLP|L\.P|COMPANY|BANK|CO)\.?,?$"
)
_NO_HEADING: Final = re.compile(
    r"(?:BY|AND|BETWEEN|BY AND BETWEEN|DATED.*|NAME|TITLE|DATE|SIGNED|WITNESS|\W*CONFIDENTIAL)\W*"
)
_OWNS_NOTHING: Final = re.compile(
    r"RECITALS?|BACKGROUND|WITNESSETH|WHEREAS|PREAMBLE|INTRODUCTION"
    r"|.*\b(?:AGREEMENT|CONTRACT|POLICY|DEED|AMENDMENT|TERMS AND CONDITIONS)"
)
_SMALL_WORDS: Final = frozenset("a an and as at by for from in into of on or the to with under upon".split())
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A line that may begin a section. ``shape`` is how it is numbered ("" not at all), ``values`` the number."""

    start: int
    shape: str
    values: tuple[int, ...]
    marker: str
    title: str

    @property
    def label(self) -> str:
        return f"{self.marker} {self.title}".strip()


@dataclass(slots=True)
class _Tree:
    """Sections so far and the stack of open ones, each with the mark that opened it."""

    size: int
    sections: list[Section] = field(default_factory=list)
    stack: list[tuple[int, _Mark]] = field(default_factory=list)
    last: dict[str, tuple[int, tuple[int, ...]]] = field(default_factory=dict)

    def place(self, mark: _Mark) -> None:
        """Put a mark where it belongs, or nowhere when it fits no sequence."""
        depth = self._depth(mark)
        if depth is None or depth >= _DEEPEST:
            return
        if depth < len(self.stack) and mark.shape == "roman" and self.stack[depth][1].shape == "letter":
            mark = replace(mark, shape="letter", values=(ord(mark.marker[0]) - ord("A") + 1,))
        self.close_to(depth, mark.start)
        parent = self.stack[-1][0] if self.stack else 0
        path = (*self.sections[parent].path, mark.label)
        kind = "heading" if mark.title or mark.shape in _OUTER else "clause"
        self.sections.append(Section(path=path, kind=kind, start=mark.start, end=mark.start, parent=parent))
        self.stack.append((len(self.sections) - 1, mark))
        if mark.shape:
            self.last[mark.shape] = (depth, mark.values)
        if mark.shape in _OUTER:
            self.last = {shape: value for shape, value in self.last.items() if shape in _OUTER}

    def close_to(self, depth: int, end: int) -> None:
        while len(self.stack) > depth:
            index, _ = self.stack.pop()
            self.sections[index] = replace(self.sections[index], end=end)

    def _depth(self, mark: _Mark) -> int | None:
        if mark.shape in _OUTER:
            return next((d for d, (_, open_) in enumerate(self.stack) if open_.shape in _OUTER), 0)
        if not mark.shape:
            return self._below_outer()
        if len(mark.values) > 1:
            return self._depth_of_dotted(mark)
        return self._depth_of_next(mark)

    def _depth_of_next(self, mark: _Mark) -> int | None:
        """Return where a plain number goes on a list that is open or was closed by a heading, or begins one.

        Of two lists that it could continue, the innermost wins, but for one whose items have titles where it has none.
        """
        open_ = [depth for depth, (_, before) in enumerate(self.stack) if _continues(before, mark)]
        alike = [depth for depth in open_ if bool(self.stack[depth][1].title) == bool(mark.title)]
        if open_:
            return (alike or open_)[-1]
        known = self.last.get(mark.shape)
        highest = min(len(self.stack), self._below_outer())
        if known and known[0] <= highest and _follows(known[1], mark.values):
            return known[0]
        if mark.values[0] > (1 + _WIDEST_GAP if mark.title and not known else 1):
            return None
        return len(self.stack) - 1 if self.stack and _owns_nothing(self.stack[-1][1]) else len(self.stack)

    def _depth_of_dotted(self, mark: _Mark) -> int | None:
        *prefix, number = mark.values
        for depth in range(len(self.stack) - 1, -1, -1):
            open_ = self.stack[depth][1]
            if open_.values == tuple(prefix):
                return depth + 1 if number <= 1 + _WIDEST_GAP else None
            if open_.shape == mark.shape and len(open_.values) == len(mark.values):
                skipped = prefix[0] - open_.values[0] - 1
                new_group = len(prefix) == 1 and 0 <= skipped <= _WIDEST_GAP and number <= 1 + _WIDEST_GAP
                return depth if new_group or _follows(open_.values, mark.values) else None
        return self._below_outer() if number == 1 and len(prefix) == 1 else None

    def _below_outer(self) -> int:
        return 1 if self.stack and self.stack[0][1].shape in _OUTER else 0


_OUTER: Final = frozenset(["article", "chapter", "part", "schedule", "exhibit", "annex", "appendix", "attachment"])


def visible_sections(text: str) -> tuple[Section, ...]:
    """Return the sections that ``text`` shows, in pre-order, the root first; they cover spans of ``text`` as it is.

    Titled ones are of kind "heading", numbered ones without a title of kind "clause".
    """
    root = Section(path=(), kind="document", start=0, end=len(text), parent=None)
    tree = _Tree(len(text), [root])
    for mark in _without_contents(list(_marks(text)), len(text)):
        tree.place(mark)
    tree.close_to(0, len(text))
    return tuple(tree.sections)


def _marks(text: str) -> Iterator[_Mark]:
    lines = [(match.start(), match[0]) for match in re.finditer(r"[^\n]+", text) if not match[0].isspace()]
    bare = [line.strip().lstrip("\ufeff") for _, line in lines]
    for index, (offset, line) in enumerate(lines):
        stripped = bare[index]
        if not stripped or _LEADERS.search(stripped[:_LONGEST_TITLE]):
            continue
        start = offset + line.index(stripped[0])
        around = (bare[index - 1] if index else "", bare[index + 1] if index + 1 < len(bare) else "")
        mark = _container(start, stripped) or _numbered(start, stripped) or _lettered(start, stripped)
        if mark is None and _is_capital_heading(stripped, around):
            mark = _Mark(start=start, shape="", values=(), marker="", title=_spaced(stripped).rstrip(":.-–— "))
        if mark is not None:
            yield mark


def _container(start: int, line: str) -> _Mark | None:
    match = _CONTAINER.match(line)
    if match is None:
        return None
    rest = match["rest"].lstrip(" \t.:-–—[")
    title = _title(rest)
    shape = match["word"].lower().replace("§", "section")
    values = _values(match["number"])
    if (rest and not title) or (shape in _OUTER and len(values) > 1):
        return None
    return _Mark(start=start, shape=shape, values=values, marker=f"{match['word']} {match['number']}", title=title)


def _numbered(start: int, line: str) -> _Mark | None:
    match = _NUMBERED.match(line)
    if match is None or not (match["stop"] or "." in match["number"]):
        return None
    rest = match["rest"].strip()
    if not rest and "." not in match["number"] and match["stop"] != ".":
        return None
    if rest and not (rest[0].isalpha() or rest[0] in "\"“‘'([_"):
        return None
    values = tuple(int(part) for part in match["number"].split("."))
    if len(values) == 2 and values[1] == 0:  # noqa: PLR2004 - "1.0 Scope" numbers the first level
        values = values[:1]
    shape = f"{len(values)}{match['stop']}" if len(values) == 1 else "dotted"
    return _Mark(start=start, shape=shape, values=values, marker=match["number"] + match["stop"], title=_title(rest))


def _lettered(start: int, line: str) -> _Mark | None:
    match = _LETTERED.match(line)
    title = _title(match["rest"].strip()) if match else ""
    if match is None or not title:
        return None
    number = match["number"]
    shape = "letter" if len(number) == 1 and number not in "IVXL" else "roman"
    values = (ord(number) - ord("A") + 1,) if shape == "letter" else _values(number)
    return _Mark(start=start, shape=shape, values=values, marker=f"{number}.", title=title)


def _values(number: str) -> tuple[int, ...]:
    if number[0].isdigit():
        return tuple(int(part) for part in number.split("."))
    if set(number.upper()) <= set(_ROMAN_VALUES):
        digits = [_ROMAN_VALUES[digit] for digit in number.upper()]
        return (sum(-v if v < after else v for v, after in zip(digits, [*digits[1:], 0], strict=True)),)
    return (ord(number[0].upper()) - ord("A") + 1,)


def _title(rest: str) -> str:
    """Return the heading at the start of a clause: up to its stop, or its leading words in capitals."""
    end = _TITLE_END.search(rest)
    head = rest[: end.start()] if end else rest
    if _is_title(head):
        return " ".join(head.split())
    capitals = _CAPITALS.match(rest)
    words = " ".join(capitals[0].split()).rstrip(" 0123456789") if capitals else ""
    return words if capitals and len(words) <= _LONGEST_TITLE and any(len(word) > 3 for word in words.split()) else ""  # noqa: PLR2004 - initials are no title


def _is_title(head: str) -> bool:
    """Say whether words are capitalised as in a title; of a few words, one may be in lower case."""
    words = _WORD.findall(head)
    if not 0 < len(words) <= _MOST_WORDS or len(head) > _LONGEST_TITLE:
        return False
    if not head[0].isupper() and head[0] not in '"“[(':
        return False
    telling = [word for word in words[1:] if word.lower() not in _SMALL_WORDS]
    is_brief = len(words) <= _FEW_WORDS and words[0][0].isupper() and len(telling) <= 1
    return is_brief or all(word[0].isupper() for word in telling)


def _is_capital_heading(line: str, around: tuple[str, str]) -> bool:
    if not _CAPITAL_LINE.fullmatch(line) or _CONTAINER.match(line):
        return False
    if _PARTY.search(line) or _NO_HEADING.fullmatch(line):
        return False
    if not any(len(word) > 4 for word in _WORD.findall(_spaced(line))):  # noqa: PLR2004 - initials are no heading
        return False
    return line[-1] != "," and not any(_CAPITAL_LINE.fullmatch(other) for other in around)


def _owns_nothing(mark: _Mark) -> bool:
    """Say whether a heading is a title or recitals, below which the clauses that follow do not stand."""
    return not mark.shape and _OWNS_NOTHING.fullmatch(mark.title) is not None


def _spaced(line: str) -> str:
    """Join letters that were spaced out for emphasis, such as "W I T N E S S E T H"."""
    return re.sub(r"\b([A-Z]) (?=[A-Z]\b)", r"\1", line)


def _continues(before: _Mark, mark: _Mark) -> bool:
    """Say whether two numbers are of one list; "I." after "H." is a letter."""
    if before.shape == "letter" and mark.shape == "roman" and len(mark.marker) == len("I."):
        return _follows(before.values, (ord(mark.marker[0]) - ord("A") + 1,))
    return before.shape == mark.shape and _follows(before.values, mark.values)


def _follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return before[:-1] == after[:-1] and 1 <= after[-1] - before[-1] <= 1 + _WIDEST_GAP


def _without_contents(marks: Sequence[_Mark], size: int) -> Iterator[_Mark]:
    """Yield the marks that are no lines of a table of contents."""
    ends = [*(mark.start for mark in marks), size][1:]
    seen: set[tuple[str, tuple[int, ...], str]] = set()
    keep = []
    for mark, end in zip(reversed(marks), reversed(ends), strict=True):
        key = (mark.shape, mark.values, _PAGE_AT_END.sub("", mark.title.casefold()))
        if not (mark.title and key in seen and end - mark.start < _SHORTEST_BODY):
            keep.append(mark)
        seen.add(key)
    return reversed(keep)
