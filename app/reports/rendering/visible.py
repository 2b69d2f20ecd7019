"""Makes visible what a text would rather hide: controls of direction, letters without width, control characters."""

from __future__ import annotations

from typing import Any, Final

import regex

# what turns or hides text (Unicode TR 36), tags, variation in private planes, and what XML 1.0 cannot hold at all
_HIDDEN: Final = regex.compile(
    r"[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\U000E0000-\U000E007F"
    r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\uD800-\uDFFF\uFFFE\uFFFF]"
)


def visible(text: str) -> str:
    """Return a text with a mark for each such character.

    >>> visible("abc\u202edef")
    'abc⟨U+202E⟩def'
    """
    shown: str = _HIDDEN.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text)
    return shown


def all_visible(value: Any) -> Any:
    """Return a value of JSON with every text in it made visible."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list):
        return [all_visible(one) for one in value]
    if isinstance(value, dict):
        return {key: all_visible(one) for key, one in value.items()}
    return value
