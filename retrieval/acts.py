"""Reads whose provision a citation names: the act by its number, or the code by its title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = r"(?P<number>\d{2,4}/\d{1,4})"
_ACT: Final = re.compile(
    r"[\s,]*(?:(?:of|von|in)\s+)?(?:(?:the|der|des)\s+)?"
    r"(?:(?:Regulation|Directive|Decision|Verordnung|Richtlinie|Beschluss)\s*"
    rf"(?:\((?:EU|EC|EEC|EG|EWG)\)\s*)?(?:No\.?\s*|Nr\.?\s*)?{_NUMBER}"
    r"|(?P<name>GDPR|DS-?GVO|AI Act|General Data Protection Regulation|Datenschutz-Grundverordnung))",
)
_CODE: Final = re.compile(r"(?P<code>C\.?F\.?R\.?|U\.?S\.?C\.?)", re.IGNORECASE)
_TITLE: Final = re.compile(r"(?<!\d)(?P<title>\d{1,2})\s+$")
_NAMES: Final[Mapping[str, str]] = {
    "gdpr": "2016/679",
    "dsgvo": "2016/679",
    "ds-gvo": "2016/679",
    "general data protection regulation": "2016/679",
    "datenschutz-grundverordnung": "2016/679",
    "ai act": "2024/1689",
}


def act_at(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the act of a provision that is cited at ``start..end``, and where the citation begins with it.

    The act is a number or a code, "" where none is named.

    >>> act_at("under Article 17 of Regulation (EU) 2016/679", 6, 16)
    ('2016/679', 6)
    >>> act_at("see 45 CFR 164.512", 7, 18)
    ('45 cfr', 4)
    """
    code = _CODE.match(text, start)
    if code:
        title = _TITLE.search(text, max(0, start - 4), start)
        return (f"{title['title']} {_plain(code['code'])}", title.start()) if title else ("", start)
    named = _ACT.match(text, end)
    if not named:
        return "", start
    return named["number"] or _NAMES[named["name"].casefold()], start


def written(act: str) -> tuple[str, ...]:
    """Return the ways in which documents write an act, in lower case: its number, and its CELEX number.

    >>> written("2016/679")
    ('2016/679', '32016r0679', '32016l0679', '32016d0679')
    """
    first, mark, last = act.partition("/")
    if not mark:
        title, _, code = act.partition(" ")
        return (act, f"{title} {'.'.join(code)}.", f"title {title}")
    year, number = (first, last) if len(first) == 4 else (last, first)  # noqa: PLR2004 - a year has four digits
    if len(year) == 2:  # noqa: PLR2004
        year = f"19{year}"
    return (act, *(f"3{year}{kind}{number.zfill(4)}" for kind in "rld"))


def _plain(code: str) -> str:
    return code.replace(".", "").lower()
