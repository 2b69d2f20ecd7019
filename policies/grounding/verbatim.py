"""Finds quoted words where they stand in a passage, character for character."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from domain.documents import Passage
from policies.grounding.folding import DASHES, DOUBLE_QUOTES, SINGLE_QUOTES, UNSEEN

# Fewer letters and digits stand in nearly every passage by chance ("No", "mg"), so that finding them proves nothing.
MIN_WORD_CHARACTERS: Final = 3
_SAME: Final = {
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys(SINGLE_QUOTES, "'"),
    **dict.fromkeys(DOUBLE_QUOTES, '"'),
    **dict.fromkeys(UNSEEN, ""),
}
_LIGATURES: Final = range(0xFB00, 0xFB07)
_WORD: Final = re.compile(r"\w{3,}")


def find_quote(words: str, passage: Passage, context: str = "") -> tuple[int, int] | None:
    """Return where ``words`` stand in the passage, as offsets in its version's canonical text, or ``None``.

    Letters, digits and punctuation must be equal. Runs of white space may differ, and so may the drawing of one and
    the same character: quotation marks, dashes, ligatures, soft hyphens. Words or numbers are never cut ("5 mg" does
    not stand in "2.5 mg"). Of several places the one whose surroundings share most words with ``context`` is
    returned, else the first.
    """
    wanted, _ = _drawn_alike(words.strip())
    wanted = wanted.strip()
    if sum(character.isalnum() for character in wanted) < MIN_WORD_CHARACTERS:
        return None
    text, places = _drawn_alike(passage.text)
    found: list[tuple[int, int]] = []
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _is_whole(text, places, at, end):
            found.append((places[at], places[end - 1] + 1))
        at = text.find(wanted, at + 1)
    if not found:
        return None
    best = max(found, key=lambda span: _shared(passage.text, span, context)) if context and found[1:] else found[0]
    return passage.start + best[0], passage.start + best[1]


@lru_cache(maxsize=256)
def _drawn_alike(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text with one drawing per character, and for each of its characters the offset it comes from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace():
            drawn = "" if characters and characters[-1] == " " else " "
        elif ord(character) in _LIGATURES:
            drawn = unicodedata.normalize("NFKC", character)
        else:
            drawn = _SAME.get(character, character)
        characters.extend(drawn)
        places.extend([place] * len(drawn))
    return "".join(characters), tuple(places)


def _is_whole(text: str, places: tuple[int, ...], start: int, end: int) -> bool:
    """Say whether ``start..end`` cuts no ligature, no word and no number."""
    if start and (places[start - 1] == places[start] or _cuts(text, start)):
        return False
    return end == len(text) or not (places[end - 1] == places[end] or _cuts(text, end))


def _cuts(text: str, at: int) -> bool:
    left, right = text[at - 1], text[at]
    if left.isalnum() and right.isalnum():
        return True
    # the comma of "1,000" and the point of "2.5"
    before = text[at - 2] if at > 1 else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (left in ".," and right.isdigit() and before.isdigit()) or (
        right in ".," and left.isdigit() and after.isdigit()
    )


def _shared(text: str, span: tuple[int, int], context: str) -> int:
    start, end = max(0, span[0] - 200), span[1] + 200
    return len(set(_WORD.findall(text[start:end].casefold())) & set(_WORD.findall(context.casefold())))
