"""Files that records carry inside of them in base64: their bytes and the suffix by which their reader is found."""

from __future__ import annotations

import base64
import binascii
from typing import Final

_SUFFIXES: Final = {
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/markdown": ".md",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "text/csv": ".csv",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/hl7-cda+xml": ".xml",
    "application/hl7-sda+xml": ".xml",
    "application/fhir+xml": ".xml",
    "application/fhir+json": ".json",
    "application/json": ".json",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}
_UNREADABLE: Final = ("image/", "audio/", "video/")


def suffix_of(media_type: str) -> str:
    """Return the file name suffix of a media type, by which its reader is found; empty for an unknown one."""
    return _SUFFIXES.get(media_type.partition(";")[0].strip().lower(), "")


def is_picture(media_type: str) -> bool:
    """Say whether the type holds no text: pictures and recordings are only named."""
    return media_type.strip().lower().startswith(_UNREADABLE)


def decoded_base64(data: str) -> bytes | None:
    """Return the bytes of base64 text with any white space in it; ``None`` where it is broken or empty."""
    compact = "".join(data.split())
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True) or None
    except (binascii.Error, ValueError):
        return None
