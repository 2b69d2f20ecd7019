"""Finds what was redacted from a text, from the text and its redacted form, in which "[KIND]" stands for each span."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_Cost = tuple[int, int]
_Chain = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """A span of a text that was replaced by the name of its kind; ``end`` is exclusive."""

    start: int
    end: int
    kind: str


def find_redactions(text: str, redacted: str, kinds: Collection[str]) -> tuple[Redaction, ...] | None:
    """Return the spans of ``text`` that stand as "[KIND]" in ``redacted``, in order.

    All words between placeholders must stand in the text as they are; ``None`` where they do not. Where the same words
    stand in the text several times, the spans chosen are those that cut no word, touch no white space with their ends
    and, of those, are evenly short (the least sum of squared lengths), the leftmost first. White space around the whole
    text does not count. A "[KIND]" that the text itself has is no redaction.
    """
    before = len(text) - len(text.lstrip())
    own, shown = text.strip(), redacted.strip()
    parts = re.split(rf"\[({'|'.join(map(re.escape, sorted(kinds)))})\]", shown) if kinds else [shown]
    pieces, names = parts[0::2], parts[1::2]
    chain = _fit(own, pieces)
    if chain is None:
        return None
    return tuple(
        Redaction(start=before + start, end=before + end, kind=name)
        for (start, end), name in zip(chain, names, strict=True)
        if own[start:end] != f"[{name}]"
    )


def _fit(text: str, pieces: Sequence[str]) -> _Chain | None:
    """Return the gaps between pieces laid over the text from its beginning to its end; each gap has a character."""
    if len(pieces) == 1:
        return () if text == pieces[0] else None
    latest = _latest(text, pieces)
    if latest is None or not text.startswith(pieces[0]):
        return None
    best: dict[int, tuple[_Cost, _Chain]] = {len(pieces[0]): ((0, 0), ())}
    for number, piece in enumerate(pieces[1:], start=1):
        last = number == len(pieces) - 1
        starts = [latest[number]] if last else _starts(text, piece, min(best) + 1, latest[number])
        reached: dict[int, tuple[_Cost, _Chain]] = {}
        for start in starts:
            ways = [
                (_sum(cost, _cost(text, end, start)), (*chain, (end, start)))
                for end, (cost, chain) in best.items()
                if end < start
            ]
            if ways:
                reached[start + len(piece)] = min(ways)
        if not reached:
            return None
        best = reached
    return next(iter(best.values()))[1]


def _latest(text: str, pieces: Sequence[str]) -> list[int] | None:
    """Return where each piece may begin at the latest, so that those behind it still fit."""
    if not text.endswith(pieces[-1]):
        return None
    found = [len(text) - len(pieces[-1])]
    for piece in reversed(pieces[:-1]):
        at = text.rfind(piece, 0, found[-1] - 1) if found[-1] else -1
        if at < 0:
            return None
        found.append(at)
    return found[::-1]


def _starts(text: str, piece: str, first: int, last: int) -> list[int]:
    found, at = [], text.find(piece, first)
    while 0 <= at <= last:
        found.append(at)
        at = text.find(piece, at + 1)
    return found


def _cost(text: str, start: int, end: int) -> _Cost:
    """Return (ends in an unlikely place, squared length) of a gap."""
    odd = text[start].isspace() + text[end - 1].isspace()
    odd += start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    odd += end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return odd, (end - start) ** 2


def _sum(one: _Cost, other: _Cost) -> _Cost:
    return one[0] + other[0], one[1] + other[1]
