"""Works out the numbers that Word shows in front of paragraphs but does not store ("1.", "2.3", "(a)").

Lawyers cite by these numbers, so they belong to the text (ECMA-376 part 1, 17.9).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from ingestion.xml_tree import child, children, local_name

_PLACE: Final = re.compile(r"%([1-9])")
_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                 (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LARGEST: Final = 3_999
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How one level of a list is numbered; ``text`` is a pattern such as "%1.%2"."""

    start: int
    form: str
    text: str
    style: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document, counting on as paragraphs are read in order."""

    _lists: Mapping[str, str]
    _levels: Mapping[str, Mapping[int, _Level]]
    _starts: Mapping[tuple[str, int], int]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def level_of_style(self, number: str, style: str) -> int:
        """Return the level that a list gives to paragraphs of a style."""
        levels = self._levels.get(self._lists.get(number, ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def next(self, number: str, depth: int) -> str:
        """Return the label of the next paragraph of a list at ``depth``; empty for bullets."""
        name = self._lists.get(number, "")
        levels = self._levels.get(name, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(name, {})
        if number not in self._begun:
            self._begun.add(number)
            for (owner, restarted), start in self._starts.items():
                if owner == number:
                    counts[restarted] = start - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = levels.get(place)
            return _formatted(counts.get(place, other.start), other.form) if other else ""

        return "" if level.form == "bullet" else _PLACE.sub(shown, level.text).strip()


def numbering_of(root: etree._Element | None) -> Numbering:
    """Read the numbering part of a document; ``None`` has no lists."""
    lists: dict[str, str] = {}
    levels: dict[str, dict[int, _Level]] = {}
    starts: dict[tuple[str, int], int] = {}
    for element in children(root) if root is not None else ():
        if local_name(element) == "abstractNum":
            levels[attribute(element, "abstractNumId")] = {
                number_in(level, "ilvl"): _level(level) for level in children(element, "lvl")
            }
        elif local_name(element) == "num":
            number = attribute(element, "numId")
            lists[number] = value_of(element, "abstractNumId")
            for override in children(element, "lvlOverride"):
                start = value_of(override, "startOverride")
                if start.isdigit():
                    starts[number, number_in(override, "ilvl")] = int(start)
    return Numbering(lists, levels, starts)


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its local name; empty where there is none."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def value_of(element: etree._Element | None, *path: str) -> str:
    """Return the ``val`` of an element below ``element``; empty where there is none."""
    for name in path:
        element = None if element is None else child(element, name)
    return "" if element is None else attribute(element, "val")


def number_in(element: etree._Element, name: str) -> int:
    """Return an attribute as a number, 0 where it is none."""
    value = attribute(element, name)
    return int(value) if value.isdigit() else 0


def _level(element: etree._Element) -> _Level:
    start = value_of(element, "start")
    return _Level(
        start=int(start) if start.isdigit() else 1,
        form=value_of(element, "numFmt") or "decimal",
        text=value_of(element, "lvlText"),
        style=value_of(element, "pStyle"),
    )


def _formatted(number: int, form: str) -> str:
    if form in ("lowerRoman", "upperRoman") and 0 < number <= _LARGEST:
        text = ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
        return text.upper() if form == "upperRoman" else text
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % _LETTERS) * min((number - 1) // _LETTERS + 1, _LETTERS)
        return letter.upper() if form == "upperLetter" else letter
    return "" if form == "none" else f"{number:02}" if form == "decimalZero" else str(number)
