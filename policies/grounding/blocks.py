"""Cuts a text into what is read as one: sentences, and lists together with the line that leads into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from policies.sentences import split

_MARKER: Final = re.compile(
    r"\s*(?P<open>\()?(?:(?P<digit>\d{1,4})|[a-zA-Z]{1,4}|(?P<bullet>[-•*–▪◦]))(?(bullet)|[).])\s"
)
_OPEN_END: Final = re.compile(r"(?:[:;,]|[;,]\s*(?:and|or))\s*$")
_PARAGRAPH: Final = "1"
_MAX_LIST: Final = 6_000


@lru_cache(maxsize=2048)
def blocks(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the sentences of ``text``; a lead-in that ends with a colon takes its list along.

    An item without its lead-in says something else: "aspirin" below "Must not be given:" is no advice to give it.
    """
    return tuple(joined(text, split(text), _MAX_LIST))


def joined(text: str, spans: Sequence[tuple[int, int]], longest: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences ``spans`` of ``text``, a lead-in with its list as one, of at most ``longest`` characters.

    A list ends where no marker follows, or where one of the lead-in's own kind or a paragraph's number does: "5." after
    "4. The following: (a) …; (b) …." begins another paragraph.
    """
    index = 0
    while index < len(spans):
        start, end = spans[index]
        index += 1
        own, items = _kind(text[start:end]), set[str]()
        leads_in = text[start:end].endswith(":")
        while leads_in and index < len(spans) and spans[index][1] - start <= longest:
            kind = _kind(text[spans[index][0] : spans[index][1]])
            if not _OPEN_END.search(text[start:end]) and (not kind or kind in {own, _PARAGRAPH} - items):
                break
            items.add(kind)
            end = spans[index][1]
            index += 1
        yield start, end


def _kind(item: str) -> str:
    """Return the kind of an item's marker: "(1)" and "(2)" have one, "(a)", "1." and "•" others; empty for none."""
    match = _MARKER.match(item)
    if match is None:
        return ""
    return match["bullet"] or f"{match['open'] or ''}{'1' if match['digit'] else 'a'}"


def texts(text: str) -> list[str]:
    """Return the words of the blocks of ``text``."""
    return [text[start:end] for start, end in blocks(text)]
