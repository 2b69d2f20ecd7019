"""Reads dates as they are written; what is ambiguous stays as written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Parts = tuple[int | None, int | None, int | None]

_MONTHS: Final = "January February March April May June July August September October November December".split()
_NUMBER_OF: Final[Mapping[str, int]] = {
    **{name.casefold(): number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3].casefold(): number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_MONTH: Final = (
    rf"(?:{'|'.join(f'{name}|{name.upper()}' for name in _MONTHS)}|Sept\.?|{'|'.join(n[:3] for n in _MONTHS)})"
)
_MAX_MONTH: Final = 12

PATTERN: Final = rf"""
    (?P<iso>(?<![\w.-])\d{{4}}-\d{{2}}(?:-\d{{2}})?(?![\w-]|\.\d)) |
    (?P<stamp>(?<![\w.-])\d{{4}}-\d{{2}}-\d{{2}}(?=T\d)) |
    (?P<dmy>(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:day\sof\s)?{_MONTH}\b\.?(?:,?\s\d{{4}}(?!\d))?) |
    (?P<mdy>\b{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?![\w/.]\d|\d|\s?(?:mg|g|mL|%))(?:,?\s\d{{4}}(?!\d))?) |
    (?P<my>\b{_MONTH}\.?,?\s(?:of\s)?\d{{4}}(?!\d)) |
    (?P<slashed>(?<![\w./])\d{{1,2}}([./-])\d{{1,2}}\g<slashsep>\d{{2,4}}(?![\w/])) |
    (?P<clock>(?<![\w.:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?[ap]\.?m\b\.?)?)
""".replace("([./-])", "(?P<slashsep>[./-])").replace(r"\g<slashsep>", "(?P=slashsep)")
_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")


def parts_of(kind: str, written: str) -> Parts | None:
    """Return (year, month, day) of a match of :data:`PATTERN`, unknown parts ``None``; ``None`` if it is ambiguous."""
    numbers = [int(digits) for digits in _DIGITS.findall(written)]
    if kind in {"iso", "stamp"}:
        return (numbers[0], numbers[1], numbers[2] if numbers[2:] else None)
    if kind in {"dmy", "mdy"}:
        return (numbers[1] if numbers[1:] else None, _month(written), numbers[0])
    if kind == "my":
        return (numbers[-1], _month(written), None)
    if kind == "slashed" and numbers[2] >= 1000:  # noqa: PLR2004 - a year of four digits
        first, second, year = numbers
        if first > _MAX_MONTH >= second or first == second:
            return (year, second, first)
        if second > _MAX_MONTH >= first:
            return (year, first, second)
    return None


def within(claimed: Parts, told: Parts) -> bool:
    """Say whether a date that the claim names is the told one, or part of it ("March 2019" of "4 March 2019")."""
    return all(part is None or part == whole for part, whole in zip(claimed, told, strict=True))


def _month(written: str) -> int:
    for word in _LETTERS.findall(written):
        if word.casefold() in _NUMBER_OF:
            return _NUMBER_OF[word.casefold()]
    return 0
