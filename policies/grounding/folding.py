"""Folds a text to what a reader sees: one spelling of digits, quotes, dashes, spaces and fractions."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
SINGLE_QUOTES: Final = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\uff07"
DOUBLE_QUOTES: Final = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
# nobody sees them, so that they may not part a number or a word
UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TABLE: Final[dict[int, str | None]] = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, SINGLE_QUOTES), "'"),
    **dict.fromkeys(map(ord, DOUBLE_QUOTES), '"'),
    **dict.fromkeys(map(ord, UNSEEN), None),
    ord("µ"): "u",
    ord("μ"): "u",
    ord("⩽"): "≤",
    ord("⩾"): "≥",
    ord("…"): " ... ",
}
_SUPERSCRIPTS: Final = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def folded(text: str) -> str:
    """Return ``text`` in compatibility form (NFKC) with plain digits, quotes and dashes.

    "10²" becomes "10^2" and "5½" becomes "5 1/2", which NFKC alone would run together into other numbers.
    """
    if text.isascii():
        return text
    text = _SUPERSCRIPTS.sub(r"^\1", text.translate(_TABLE))
    return unicodedata.normalize("NFKC", "".join(map(_plain, text))).replace("\u2044", "/")


def has_override(text: str) -> bool:
    """Say whether the text holds characters that make it read in another order than it is written."""
    return _OVERRIDES.search(text) is not None


def _plain(character: str) -> str:
    if character < "\x80":
        return character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "No" and "\u2044" in unicodedata.normalize("NFKC", character):
        return f" {character}"
    return character
