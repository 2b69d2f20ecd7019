"""Tells what a question asks from where it looks for it: "In the lease with Miller, may the tenant sublet?"."""

from __future__ import annotations

import re
from typing import Final

_ASKS: Final = (
    "am|are|can|could|did|do|does|had|has|have|how|if|is|may|must|shall|should|was|were|what|when|where|whether|which|"
    "who|whom|whose|why|will|would"
)
_LEADS: Final = (
    "according to|as to|based on|concerning|consider|considering|for|from|given|in|on|per|regarding|under|"
    "with regard to|with respect to|within"
)
# A frame ends with a semicolon or a colon, or is an adverbial ("in the lease", not "for how long") that ends with a
# comma; what asks follows.
_FRAMES: Final = (
    re.compile(rf"[^?!;]{{3,400}}[;:]\s+(?=(?:{_ASKS})\b)", re.IGNORECASE),
    re.compile(rf"(?:{_LEADS})\b(?!\s+(?:{_ASKS})\b)[^.?!;]{{3,400}}?,\s+(?=(?:{_ASKS})\b)", re.IGNORECASE),
)


def asked_of(question: str) -> str:
    """Return the part of a question that asks; empty when nothing stands in front of it.

    >>> asked_of("Consider the lease with Miller; may the tenant sublet?")
    'may the tenant sublet?'
    >>> asked_of("According to the guideline, which dose is usual?")
    'which dose is usual?'
    >>> asked_of("Which dose is usual?")
    ''
    """
    text = question.strip()
    for frame in _FRAMES:
        if found := frame.match(text):
            return text[found.end() :]
    return ""
