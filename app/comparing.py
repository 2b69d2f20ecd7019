"""What changed between two texts, by sentence, in bounded time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from policies.sentences import split

Span = tuple[int, int]
_MOST_COMPARED: Final = 250_000  # cells of one comparison
_LINES_A_CHANGE: Final = 4
_ALIKE: Final = 0.5
_MOST_WORDS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Sentences that one text has and the other has not: ``before`` alone was removed, ``after`` alone was added."""

    before: Span | None = None
    after: Span | None = None


def changes(before: str, after: str, most: int = 500) -> tuple[list[Change], int]:
    """Return the first changes in order, by sentence, and how many more there are (lines, beyond what is looked at).

    Lines that stand once in both texts divide the work; a part that is too large is taken as replaced. So no two texts
    take more than some hundred thousand comparisons a part.
    """
    old, new = _lines(before), _lines(after)
    found: list[Change] = []
    more, room = 0, _LINES_A_CHANGE * most
    for left, right in _differing([before[a:b] for a, b in old], [after[a:b] for a, b in new]):
        size = max(left[1] - left[0], right[1] - right[0])
        if len(found) >= most:
            more += size
            continue
        more += max(0, size - room)
        found += _by_sentence(before, old[slice(*left)][:room], after, new[slice(*right)][:room])
    return found[:most], more + len(found[most:])


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    """Return ("same" | "removed" | "added", text) over the words of two sentences."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return [("removed", before), ("added", after)]
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(("removed", "".join(old[a:b])))
        if c < d:
            found.append(("added", "".join(new[c:d])))
    return found


def _differing(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """Yield the ranges of lines that differ: between lines that stand once on both sides, in the same order."""
    places = _once(new)
    anchors = _rising([(index, places[line]) for line, index in _once(old).items() if line in places])
    start, begin = 0, 0
    for end, stop in (*anchors, (len(old), len(new))):
        yield from _between(old, new, (start, end), (begin, stop))
        start, begin = end + 1, stop + 1


def _between(old: Sequence[str], new: Sequence[str], left: Span, right: Span) -> Iterator[tuple[Span, Span]]:
    a, b, c, d = *left, *right
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    if a == b and c == d:
        return
    if (b - a) * (d - c) > _MOST_COMPARED:
        yield (a, b), (c, d)
        return
    for kind, i, j, k, m in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes():
        if kind != "equal":
            yield (a + i, a + j), (c + k, c + m)


def _by_sentence(before: str, old: Sequence[Span], after: str, new: Sequence[Span]) -> Iterator[Change]:
    left, right = _sentences(before, old), _sentences(after, new)
    if len(left) * len(right) > _MOST_COMPARED:
        yield from _paired(before, left, after, right)
        return
    matcher = SequenceMatcher(
        None, [_plain(before, s) for s in left], [_plain(after, s) for s in right], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield from _paired(before, left[a:b], after, right[c:d])


def _paired(before: str, left: Sequence[Span], after: str, right: Sequence[Span]) -> Iterator[Change]:
    """Yield sentences side by side where they are alike, in order, and else one after the other."""
    for one, other in zip_longest(left, right):
        if one and other and _alike(before[slice(*one)], after[slice(*other)]):
            yield Change(before=one, after=other)
            continue
        if one:
            yield Change(before=one)
        if other:
            yield Change(after=other)


def _alike(one: str, other: str) -> bool:
    words, others = _words(one), _words(other)
    if max(len(words), len(others)) > _MOST_WORDS:
        return True
    return SequenceMatcher(None, words, others, autojunk=False).ratio() >= _ALIKE


def _sentences(text: str, lines: Sequence[Span]) -> list[Span]:
    return [(start + a, start + b) for start, end in lines for a, b in split(text[start:end])]


def _plain(text: str, span: Span) -> str:
    return " ".join(text[slice(*span)].split())


def _lines(text: str) -> list[Span]:
    """Return the spans of the lines that are not empty."""
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _words(text: str) -> list[str]:
    """Return words with the white space after each, so that they join to the text again."""
    found, word = [], ""
    for character in text:
        if word and word[-1].isspace() and not character.isspace():
            found.append(word)
            word = ""
        word += character
    return [*found, word] if word else found


def _once(lines: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line] = counts.get(line, 0) + 1
    return {line: index for index, line in enumerate(lines) if counts[line] == 1}


def _rising(pairs: Sequence[Span]) -> list[Span]:
    """Return the longest run of pairs that rises on both sides (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        low = bisect_left(ends, place)
        previous.append(tails[low - 1] if low else -1)
        if low == len(ends):
            ends.append(place)
            tails.append(index)
        else:
            ends[low], tails[low] = place, index
    found: list[Span] = []
    index = tails[-1] if tails else -1
    while index >= 0:
        found.append(pairs[index])
        index = previous[index]
    return found[::-1]
