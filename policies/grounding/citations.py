"""Reads references to articles, sections and other provisions as one thing, so that Article 17 is not Article 18."""

from __future__ import annotations

import re
from typing import Final

_KINDS: Final = (
    ("article", r"Articles?|Arts?\."),
    ("section", r"Sections?|Secs?\.|Sects?\.|§§?"),
    ("paragraph", r"paragraphs?|paras?\.?"),
    ("clause", r"clauses?|cl\."),
    ("chapter", r"Chapters?|ch\."),
    ("annex", r"Annex(?:es)?|Appendix|Exhibit|Schedule"),
    ("recital", r"Recitals?"),
    ("rule", r"Rules?"),
    ("number", r"Nos?\.|Amendment\sNo\.|number"),
    ("point", r"points?|items?"),
    ("table", r"Tables?|Figures?|Fig\."),
    ("title", r"Title|Part|Subpart|Book"),
    ("regulation", r"(?:Regulation|Directive|Decision)(?:\s\((?:EU|EC|EEC)\))?(?:\sNo\.?)?"),
)
_NUMBER: Final = r"(?:\d+[A-Za-z]{0,2}(?:[./-]\d+[a-z]?)*|[IVXLC]+|[A-Z])(?:\s?\([0-9A-Za-z]{1,4}\))*"
PATTERN: Final = rf"""
    (?P<code>\b\d{{1,2}}\s(?:C\.?F\.?R\.?|U\.?S\.?C\.?)\s(?:§§?\s?|[Pp]arts?\s)?
        \d+[A-Za-z]*(?:\.\d+)?(?:\s?\([0-9A-Za-z]{{1,4}}\))*) |
    (?P<cite>(?:(?<=\s)|(?<=\()|(?<=")|^)(?i:{"|".join(pattern for _, pattern in _KINDS)})\s?{_NUMBER}(?![\w]))
"""
_SPLIT: Final = re.compile(rf"^({'|'.join(pattern for _, pattern in _KINDS)})\s?(.+)$", re.IGNORECASE)
_WHICH: Final = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_CODE: Final = re.compile(r"^(\d+)\s([A-Za-z.]+)\s(?:§§?\s?|[Pp]arts?\s)?(.+)$")
_SPACE: Final = re.compile(r"\s+")


def key_of(written: str) -> tuple[str, str]:
    """Return the kind of provision and its number, as in ("article", "17(1)(b)")."""
    code = _CODE.match(written)
    if code:
        return code[2].replace(".", "").casefold(), f"{code[1]}:{_SPACE.sub('', code[3])}"
    found = _SPLIT.match(written)
    if not found:
        return "provision", _SPACE.sub("", written)
    kind = next((kind for kind, pattern in _WHICH if pattern.fullmatch(found[1])), "provision")
    return kind, _SPACE.sub("", found[2])


def within(claimed: tuple[str, str], told: tuple[str, str]) -> bool:
    """Say whether a claimed provision is the told one or the one that holds it (Article 83 holds Article 83(5))."""
    return claimed[0] == told[0] and (claimed[1] == told[1] or told[1].startswith(f"{claimed[1]}("))
