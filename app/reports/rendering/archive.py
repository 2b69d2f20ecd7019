"""Zip files that depend on their content alone: members in order, one date, one way of packing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_TYPES: Final = "[Content_Types].xml"
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


def members(content: bytes) -> dict[str, bytes]:
    """Return what a zip file holds, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file of parts by name; an office package's types come first, as its readers expect."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda name: (name != _TYPES, name)):
            entry = zipfile.ZipInfo(name, date_time=_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, 0o644 << 16
            archive.writestr(entry, parts[name])
    return out.getvalue()
