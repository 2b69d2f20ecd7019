"""Decodes text files so that the offsets of the text are the offsets of the file."""

from __future__ import annotations

import codecs
import re
from typing import Final

from domain.errors import DocumentError

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD: Final = 64 * 1024
_MOST_CONTROLS: Final = 0.01  # more of them than this and it was never text
_CUT_AT_THE_END: Final = 3  # bytes that a cut may leave of the last character in UTF-8


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, else UTF-16 with its mark, else Windows-1252.

    Nothing is changed: line ends stay as they are, and a mark in front of UTF-8 stays a character. Raises
    document.malformed where the bytes are no text.
    """
    text = _decoded(content)
    if "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise DocumentError("document.malformed")
    return text


def looks_like_text(content: bytes) -> bool:
    """Say whether the first 64 KiB can be decoded; the cut may go through their last character."""
    head = content[:_HEAD]
    if head.startswith(_UTF_16):
        return True
    for cut in range(_CUT_AT_THE_END + 1 if len(content) > _HEAD else 1):
        try:
            decoded(head[: len(head) - cut])
        except DocumentError:
            continue
        return True
    return False


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError("document.malformed")
