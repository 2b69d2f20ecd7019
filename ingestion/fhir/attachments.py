"""Finds the files that resources carry in base64, for the readers of their own types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from ingestion.base64_files import decoded_base64, suffix_of
from ingestion.fhir.node import plain


def files_in(data: Mapping[str, Any]) -> Iterator[tuple[str, str, bytes | None]]:
    """Yield (name, media type, content) of every file inside a resource; content is ``None`` where it is broken."""
    stack: list[object] = [data]
    number = 0
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, Mapping):
            media_type = plain(value.get("contentType"))
            content = value.get("data") or (value.get("content") if value.get("resourceType") == "Binary" else None)
            if media_type and isinstance(content, str):
                number += 1
                yield _name(value, media_type, number), media_type, decoded_base64(content)
            inside = [inner for inner in value.values() if isinstance(inner, (list, Mapping))]
            stack.extend(
                inner for inner in reversed(inside) if not (isinstance(inner, Mapping) and "resourceType" in inner)
            )


def _name(value: Mapping[str, Any], media_type: str, number: int) -> str:
    suffix = suffix_of(media_type)
    title = plain(value.get("title")) or PurePosixPath(plain(value.get("url"))).name or f"attachment {number}"
    title = title.replace("/", " ").strip()[:80]
    return title if not suffix or title.lower().endswith(suffix) else f"{title}{suffix}"
