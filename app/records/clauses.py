"""Lays the clauses of two texts side by side, by their headings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.documents import Section

_HEADED: Final = frozenset({"heading", "article", "section", "chapter", "paragraph", "part", "schedule", "annex"})
_NUMBER: Final = re.compile(
    r"^\s*(?:(?:article|section|clause|part|schedule|annex|§+|artikel|abschnitt)\s*)?"
    r"(?P<number>\d+(?:\.\d+)*|[ivxlc]+(?=[.)])|[a-z](?=[.)]))?[.):\s–-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause: its heading as written, and the span of all of it."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Clauses with the same heading; one side is ``None`` where the other text has no such heading.

    ``same`` says that their words are the same, whatever the white space and the number of the clause.
    """

    left: Clause | None
    right: Clause | None
    same: bool = False


def clauses_of(text: str, sections: Sequence[Section]) -> list[Clause]:
    """Return the clauses of a text: the outermost sections with headings that do not hold the whole of it."""
    headed = [one for one in sections if one.kind in _HEADED and one.path and text[one.start : one.end].strip()]
    whole = [one for one in headed if _holds(one, headed)]
    found: list[Clause] = []
    for one in headed:
        if one in whole or (found and one.start < found[-1].end):
            continue
        start, end = one.start, one.end
        while end > start and text[end - 1].isspace():
            end -= 1
        found.append(Clause(heading=one.path[-1], start=start, end=end))
    return found


def side_by_side(left: str, left_clauses: Sequence[Clause], right: str, right_clauses: Sequence[Clause]) -> list[Pair]:
    """Return all clauses of both texts in the order of the right one; what only the left has stays where it stood."""
    waiting: dict[str, list[Clause]] = defaultdict(list)
    for clause in left_clauses:
        waiting[key(clause.heading)].append(clause)
    partner: dict[Clause, Clause] = {}
    for clause in right_clauses:
        if waiting[key(clause.heading)]:
            partner[clause] = waiting[key(clause.heading)].pop(0)
    used = set(partner.values())
    rest = [one for one in left_clauses if one not in used]
    pairs: list[Pair] = []
    for clause in right_clauses:
        own = partner.get(clause)
        while own and rest and rest[0].start < own.start:
            pairs.append(Pair(left=rest.pop(0), right=None))
        same = own is not None and _words(left, own) == _words(right, clause)
        pairs.append(Pair(left=own, right=clause, same=same))
    return [*pairs, *(Pair(left=one, right=None) for one in rest)]


def key(heading: str) -> str:
    """Return what two headings must share: their words, or their number where there are none."""
    match = _NUMBER.match(heading)
    words = re.sub(r"[\W_]+", " ", heading[match.end() if match else 0 :]).strip().casefold()
    return words or (match["number"] or "" if match else "").casefold() or heading.casefold()


def _holds(section: Section, headed: Sequence[Section]) -> bool:
    """Say whether a section is the title over all the others."""
    others = [one for one in headed if one is not section]
    return bool(others) and all(section.start <= one.start and one.end <= section.end for one in others)


def _words(text: str, clause: Clause) -> str:
    body = text[clause.start : clause.end]
    first, _, rest = body.partition("\n")
    return " ".join(" ".join((key(first.lstrip("# ")), rest)).split())
