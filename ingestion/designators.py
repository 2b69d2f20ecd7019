"""Finds the marks of numbered paragraphs in regulations, and the nesting that they mean.

The Code of Federal Regulations nests ``(a)(1)(i)(A)(1)(i)`` (1 CFR 21.11; the last two in italics, which plain text
loses). ``(i)`` may follow ``(h)`` or open a list below ``(1)``, and a line may begin with a mere reference such as
"(b) of this section". Only the whole sequence tells, so :func:`nest` looks for the cheapest reading of all marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = re.compile(r"(\w+?)[*_]{0,2}\)")
_MARK: Final = r"\([*_]{0,2}(?:\d{1,3}|[a-z]{1,2}|[ivxl]{3,6}|[A-Z]{1,2})[*_]{0,2}\)"
_AT_START: Final = re.compile(rf"^[ \t#>*_-]{{0,8}}(?P<group>{_MARK}(?:[ ]?{_MARK})*)", re.MULTILINE)
# Extraction from narrow columns may lose the opening bracket.
_TORN: Final = re.compile(
    rf"^(?P<group>(?:\d{{1,2}}|[a-z]|[ivxl]{{2,5}}|[A-Z])\)(?:{_MARK})*)(?=[ ][A-Z])", re.MULTILINE
)
_INLINE: Final = re.compile(
    rf"[.;:—–*\]-]\s*(?:(?:and|or)\s*)?(?P<group>{_MARK}(?:[ ]?{_MARK})*)(?=\s*[*_]*[A-Z\[“\"])"
)
_REFERS_ON: Final = re.compile(
    r"\s*(?:of (?:this|the|that|such|§|paragraph|section)|through\b|(?:and|or|to) \(|[,;.)])"
)
_REFERRED_TO: Final = re.compile(
    r"\b(?:paragraphs?|sections?|subparagraphs?|clauses?|under|through|with|than|see)$"
    r"|§+\s*[\w-]+(?:\.[\w-]+)*(?:\(\w+\))*$"
    r"|(?<![;,.:] )\b(?:and|or)$"
)

# The kinds of numbers, from the outermost level to the innermost.
_LEVELS: Final = ("lower", "digit", "roman", "upper", "digit", "roman")
_ROMAN: Final = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10}
_BEAM: Final = 24
MAX_MARKS: Final = 10_000  # in one section; more are no regulation, and would take long

# The price of each way to read a mark; only their order matters.
_SKIP_AT_START, _SKIP_TORN, _SKIP_INLINE, _SKIP_REFERENCE = 1.0, 0.5, 0.4, 0.1
_TAKE_TORN, _TAKE_REFERENCE = 0.2, 2.0
_GAP, _ONLY_CHILD, _CLIMB = 1.2, 0.5, 0.01
_WIDEST_GAP: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One or several numbers in a row, such as "(b)(1)", at ``start..end`` of a text; ``numbers`` are bare.

    ``skip`` and ``take`` are the prices of taking it for mere text and for a paragraph's mark. A mark without numbers
    begins a definition: numbering starts afresh there.
    """

    start: int
    end: int
    numbers: tuple[str, ...]
    skip: float = 1.0
    take: float = 0.0


@dataclass(frozen=True, slots=True)
class _State:
    """One way to read the marks so far: the open numbers as (level, value), and the decision on each mark."""

    cost: float
    open: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]
    before: _State | None = None
    taken: bool = False


def scan(text: str, start: int, end: int) -> list[Mark]:
    """Return the marks that ``text[start:end]`` may have, in order: at the start of lines and after punctuation."""
    found: dict[int, Mark] = {}
    patterns = ((_AT_START, _SKIP_AT_START, 0.0), (_TORN, _SKIP_TORN, _TAKE_TORN), (_INLINE, _SKIP_INLINE, 0.0))
    for pattern, skip, take in patterns:
        for match in pattern.finditer(text, start, end):
            at, stop = match.span("group")
            numbers = tuple(_NUMBER.findall(match.group("group")))
            if at in found or not all(_readings(number) for number in numbers):
                continue
            before = " ".join(text[max(start, at - 60) : at].split())
            refers = _REFERS_ON.match(text, stop, end) or (pattern is _AT_START and _REFERRED_TO.search(before))
            prices = (_SKIP_REFERENCE, _TAKE_REFERENCE) if refers else (skip, take)
            found[at] = Mark(start=at, end=stop, numbers=numbers, skip=prices[0], take=prices[1])
    return [found[at] for at in sorted(found)]


def nest(marks: Sequence[Mark]) -> list[tuple[str, ...] | None]:
    """Return for each mark the full path of numbers that it ends, or ``None`` where it is no paragraph's mark.

    Above :data:`MAX_MARKS` marks it takes none.

    >>> nest([Mark(start=0, end=3, numbers=(n,)) for n in ("h", "1", "2", "i", "j")])
    [('h',), ('h', '1'), ('h', '2'), ('i',), ('j',)]
    """
    if len(marks) > MAX_MARKS:
        return [None] * len(marks)
    beam = [_State(0.0, (), ())]
    for mark in marks:
        reached: dict[tuple[tuple[int, int], ...], _State] = {}
        for state in beam:
            for following in _followers(state, mark):
                known = reached.get(following.open)
                if known is None or following.cost < known.cost:
                    reached[following.open] = following
        beam = sorted(reached.values(), key=lambda state: state.cost)[:_BEAM]
    best: _State | None = min(beam, key=lambda state: state.cost + _lonely(state.open))
    decisions: list[tuple[str, ...] | None] = []
    while best is not None and best.before is not None:
        decisions.append(best.labels if best.taken else None)
        best = best.before
    return decisions[::-1]


def _followers(state: _State, mark: Mark) -> list[_State]:
    if not mark.numbers:
        return [_State(state.cost + _lonely(state.open), (), (), state, taken=True)]
    followers = [_State(state.cost + mark.skip, state.open, state.labels, state)]
    partial = [(state.cost + mark.take, state.open, state.labels)]
    for index, number in enumerate(mark.numbers):
        partial = [
            (cost + price, opened, (*labels[: len(opened) - 1], number))
            for cost, before, labels in partial
            for price, opened in _moves(before, number, child_only=index > 0)
        ]
    followers += [_State(cost, opened, labels, state, taken=True) for cost, opened, labels in partial]
    return followers


def _moves(
    opened: tuple[tuple[int, int], ...], number: str, *, child_only: bool
) -> list[tuple[float, tuple[tuple[int, int], ...]]]:
    """Return every (price, open numbers) that taking ``number`` can lead to."""
    moves: list[tuple[float, tuple[tuple[int, int], ...]]] = []
    for kind, value in _readings(number):
        level = opened[-1][0] + 1 if opened else 0
        moves += [
            (_GAP * (value - 1), (*opened, (child, value)))
            for child in ((level,) if opened else (0, 1))
            if _LEVELS[child : child + 1] == (kind,) and value <= _WIDEST_GAP
        ]
        if child_only:
            continue
        for depth in range(len(opened) - 1, -1, -1):
            here, last = opened[depth]
            gap = value - last - 1
            if _LEVELS[here] == kind and 0 <= gap <= _WIDEST_GAP:
                climbed = _CLIMB * (len(opened) - 1 - depth) + _lonely(opened[depth + 1 :])
                moves.append((_GAP * gap + climbed, (*opened[:depth], (here, value))))
    return moves


def _lonely(closed: tuple[tuple[int, int], ...]) -> float:
    """Return the price of lists that end after their first number, which drafters avoid."""
    return _ONLY_CHILD * sum(1 for _, value in closed if value == 1)


def _readings(number: str) -> list[tuple[str, int]]:
    """Return the kinds and values that a number can have; (i) is a letter and a Roman numeral."""
    if number.isdigit():
        return [("digit", int(number))] if int(number) else []
    readings = []
    if len(set(number)) == 1 and len(number) <= 2:  # noqa: PLR2004 - (z) is followed by (aa)
        letter = ord(number[0].lower()) - ord("a") + 1 + 26 * (len(number) - 1)
        readings.append(("upper" if number.isupper() else "lower", letter))
    if number.islower() and _ROMAN.fullmatch(number):
        values = [_ROMAN_VALUES[digit] for digit in number]
        signed = (-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
        readings.append(("roman", sum(signed)))
    return readings
