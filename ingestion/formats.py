"""Decides which reader reads a file, and says why where none does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from domain.errors import DocumentError
from domain.ports.reader import Reader
from ingestion.xml_tree import parse

_HEAD: Final = 256
_BOMS: Final = b"\xef\xbb\xbf\xff\xfe"
_JSON_LINES: Final = (".jsonl", ".ndjson")


def choose(content: bytes, name: str, readers: Sequence[Reader]) -> Reader:
    """Return the reader that is surest, the suffix deciding between equals.

    Raises document.unsupported where none is above 0 and for XML and JSON of no known vocabulary; document.malformed
    for XML and JSON that does not parse and for content that is not what its suffix says; and what parsing XML raises.
    """
    suffix = PurePosixPath(name).suffix.lower()
    scored = [(reader.sniff(content, name), suffix in reader.suffixes, reader) for reader in readers]
    score, _, best = max(scored, key=lambda entry: entry[:2])
    named = [reader for reader in readers if suffix in reader.suffixes]
    sure = score > 0
    if _looks_like_xml(content, suffix, named) and not (sure and _reads(best, "xml", "html")):
        parse(content)
        raise DocumentError("document.unsupported", "XML of no known vocabulary")
    if suffix in (".json", *_JSON_LINES) and not (sure and _reads(best, "json")):
        _check_json(content, lines=suffix in _JSON_LINES)
        raise DocumentError("document.unsupported", "JSON that is not FHIR")
    if not sure:
        raise DocumentError("document.malformed" if named else "document.unsupported")
    if _is_text(best) and named and not any(_is_text(reader) for reader in named):
        raise DocumentError("document.malformed", f"text named {suffix}")
    return best


def _reads(reader: Reader, *words: str) -> bool:
    return any(word in media_type for media_type in reader.media_types for word in words)


def _is_text(reader: Reader) -> bool:
    return any(media_type.startswith("text/") for media_type in reader.media_types)


def _looks_like_xml(content: bytes, suffix: str, named: Sequence[Reader]) -> bool:
    """Go by the suffix; without one that a reader knows, by the XML declaration or a DOCTYPE that is not HTML's."""
    if suffix == ".xml":
        return True
    head = content[:_HEAD].lstrip(_BOMS).replace(b"\0", b"").lstrip().lower()
    is_markup = head.startswith((b"<?xml", b"<!doctype")) and not head.startswith(b"<!doctype html")
    return is_markup and not named


def _check_json(content: bytes, *, lines: bool) -> None:
    try:
        for document in content.splitlines() if lines else (content,):
            if document.strip():
                json.loads(document)
    except ValueError as error:
        raise DocumentError("document.malformed") from error
