"""Says of a citation in a draft whether any document in scope has what it names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.citations import Citation
from domain.documents import Passage

FOUND: Final = "found"
UNKNOWN: Final = "unknown"
_PARTS: Final = re.compile(r"\(([0-9a-z]{1,5})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that carries one of a citation's keys, with all of its own.

    ``head`` is how its document introduces itself: title, identity and the beginning of its text.
    """

    passage: Passage
    keys: frozenset[str]
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What became of a citation: "found" with the passages that it names, or "unknown" with the nearest ones."""

    citation: Citation
    state: str
    reason: str
    passages: tuple[Passage, ...] = ()


def judge(citation: Citation, candidates: Sequence[Candidate], names: Iterable[str] = ()) -> Cited:
    """Return whether what is cited is among the candidates.

    ``names`` are the ways in which documents write the citation's act; without any, whichever act has the provision
    counts. A point is found where its own passage is, or where the passage of the provision that holds it has it as a
    marked item: short points read together as one passage.
    """
    wanted = [name.casefold() for name in names]
    of_act = [one for one in candidates if not wanted or _is_of(one, wanted)]
    exact = _carrying(of_act, citation.keys[0])
    if exact:
        return Cited(citation=citation, state=FOUND, reason="a document in scope has it", passages=exact)
    for key in citation.keys[1:]:
        around = _carrying(of_act, key)
        inside = _marked(around, citation.keys[0].removeprefix(key))
        if inside:
            return Cited(citation=citation, state=FOUND, reason="a document in scope has it", passages=inside)
        if around:
            reason = "the provision around it is there, but not this part of it"
            return Cited(citation=citation, state=UNKNOWN, reason=reason, passages=around)
    if candidates and wanted:
        near = _carrying(candidates, citation.keys[0])
        if near:
            reason = "documents in scope have it of other acts, not of this one"
            return Cited(citation=citation, state=UNKNOWN, reason=reason, passages=near)
    return Cited(citation=citation, state=UNKNOWN, reason="no document in scope has it on this date")


def _carrying(candidates: Sequence[Candidate], key: str) -> tuple[Passage, ...]:
    return tuple(one.passage for one in candidates if key in one.keys)


def _is_of(candidate: Candidate, wanted: Sequence[str]) -> bool:
    told = f"{candidate.head}\n{candidate.passage.locator.citation or ''}".casefold()
    return any(name in told for name in wanted)


def _marked(passages: Sequence[Passage], parts: str) -> tuple[Passage, ...]:
    """Return the passages in which the parts, such as "(1)(b)", stand as marked items, one after the other."""
    found = []
    for passage in passages:
        at: int | None = 0
        for part in _PARTS.findall(parts):
            at = _after_mark(passage.text, part, at) if at is not None else None
        if at:
            found.append(passage)
    return tuple(found)


def _after_mark(text: str, part: str, at: int) -> int | None:
    mark = re.compile(rf"(?:^|[\s;:,(]){re.escape(part)}[).]\s", re.IGNORECASE)
    found = mark.search(text, max(0, at - 1))
    return found.end() if found else None
