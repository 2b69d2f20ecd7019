"""What a file's name says of the text in it."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import unquote


def title_from(name: str) -> str:
    """Return a title for a file without one: its name without the ending, "%20" and the like read as they are meant."""
    stem = PurePath(name).stem
    meant = unquote(stem, errors="strict") if _is_encoded(stem) else stem
    return meant if meant.isprintable() and meant.strip() else stem


def _is_encoded(stem: str) -> bool:
    try:
        return unquote(stem, errors="strict") != stem
    except UnicodeDecodeError:
        return False
