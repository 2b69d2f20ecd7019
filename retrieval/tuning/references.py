"""Finds which passages of a document cite which others of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from domain.ports.citation_finder import CitationFinder
from retrieval.tuning.pairs import Excerpt

_MOST_PASSAGES: Final = 2


def find_cited(excerpts: Sequence[Excerpt], finder: CitationFinder) -> dict[str, list[str]]:
    """Return, by excerpt id, the first passage of each provision of the same document that its text cites.

    A provision that is spread over many passages tells nothing about any of them, and is left out.
    """
    where: dict[tuple[str, str], list[str]] = defaultdict(list)
    for excerpt in excerpts:
        for key in excerpt.keys:
            where[excerpt.document, key].append(excerpt.id)
    found: dict[str, list[str]] = {}
    for excerpt in excerpts:
        if not excerpt.keys:
            continue
        places = [where.get((excerpt.document, key), []) for key in finder.keys_in(excerpt.text)]
        targets = dict.fromkeys(place[0] for place in places if 0 < len(place) <= _MOST_PASSAGES)
        if others := [target for target in targets if target != excerpt.id]:
            found[excerpt.id] = others
    return found
