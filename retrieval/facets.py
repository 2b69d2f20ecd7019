"""Knows which words texts use for what a question asks about a thing: "outlook" is answered under "prognosis"."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


def facet_words(question: str) -> str:
    """Return the words to search for besides the question's own; empty when it names no facet.

    >>> facet_words("What is the outlook for gout?")
    'prognosis'
    """
    return " ".join(found for pattern, found in _facets() if pattern.search(question))


@cache
def _facets() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = tomllib.loads(files(__package__).joinpath("facets.toml").read_text(encoding="utf-8"))
    return tuple(
        (re.compile(rf"\b(?:{'|'.join(map(re.escape, facet['asked']))})\b", re.IGNORECASE), facet["found"])
        for facet in data["facet"]
    )
