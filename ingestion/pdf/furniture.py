"""Drops running headers, footers and page numbers, which say nothing and cut sentences in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from ingestion.pdf.page import Line, Page

_EDGE: Final = 0.12  # of the page's height, at the top and at the bottom
_SHARE: Final = 0.4  # of the pages: headers differ on left and right pages
_FEWEST: Final = 3
_ROW: Final = 8.0  # points: a running line keeps its place
_PAGE_NUMBER: Final = re.compile(r"[\W_]*(page|p\.|seite|of|von|/|#|[\W_])*", re.IGNORECASE)

_Key = tuple[str, int]


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return pages without page numbers, and with each running line only where it first stands.

    A running line can name the patient or the contract, so it is kept once.
    """
    counts = Counter(key for page in pages for key in set(_keys(page)))
    least = max(_FEWEST, _SHARE * len(pages))
    running = {key for key, count in counts.items() if count >= least}
    seen: set[_Key] = set()
    return [replace(page, lines=tuple(_kept(page, running, seen))) for page in pages]


def _kept(page: Page, running: set[_Key], seen: set[_Key]) -> Iterable[Line]:
    for line in page.lines:
        key = _key(line, page)
        if key in running:
            if key in seen or _PAGE_NUMBER.fullmatch(key[0]):
                continue
            seen.add(key)
        yield line


def _keys(page: Page) -> list[_Key]:
    return [key for line in page.lines if (key := _key(line, page))]


def _key(line: Line, page: Page) -> _Key | None:
    """Return what a running line repeats: its words with numbers masked, and its row. Nothing away from the edges."""
    middle = line.top + line.height / 2
    if page.height * _EDGE < middle < page.height * (1 - _EDGE):
        return None
    masked = re.sub(r"\d+", "#", line.text.casefold())
    if masked.count("#") > 1 and not re.search(r"[^\W\d_]{2}", masked):
        return None  # a row of figures is data, wherever it stands
    return masked, round(middle / _ROW)
