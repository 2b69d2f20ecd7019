"""Cuts a text into what is read as one: sentences, and lists together with the line that leads into them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from policies.sentences import split

_MARKER: Final = re.compile(r"\s*(?:\(?[0-9a-zA-Z]{1,4}[).]|[-•*–▪◦])\s")
_OPEN_END: Final = re.compile(r"(?:[:;,]|[;,]\s*(?:and|or))\s*$")
_MAX_LIST: Final = 6_000


@lru_cache(maxsize=2048)
def blocks(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the sentences of ``text``; a lead-in that ends with a colon takes its list along.

    An item without its lead-in says something else: "aspirin" below "Must not be given:" is no advice to give it.
    """
    spans = split(text)
    joined: list[tuple[int, int]] = []
    index = 0
    while index < len(spans):
        start, end = spans[index]
        index += 1
        if text[start:end].endswith(":"):
            while index < len(spans) and spans[index][1] - start <= _MAX_LIST:
                previous, following = text[start:end], text[spans[index][0] : spans[index][1]]
                if not (_OPEN_END.search(previous) or _MARKER.match(following)):
                    break
                end = spans[index][1]
                index += 1
        joined.append((start, end))
    return tuple(joined)


def texts(text: str) -> list[str]:
    """Return the words of the blocks of ``text``."""
    return [text[start:end] for start, end in blocks(text)]
