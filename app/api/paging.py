"""Pages of lists that grow: an opaque cursor, and a link to the next page."""

from __future__ import annotations

import base64
import json
from typing import Annotated, Final

from fastapi import Query, Request

from domain.errors import RequestError
from domain.paging import Place

Limit = Annotated[int, Query(ge=1, le=500, description="Most items of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=500, description="Where the page begins, as `next` of the page before says.")
]
LIMIT: Final = 100


def cursor_of(*place: str | int) -> str:
    """Return the cursor of a place."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _opened(cursor: str | None, kinds: tuple[type, ...]) -> list[str | int] | None:
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds):
        raise RequestError("request.invalid", "query.cursor: not one of ours")
    if any(isinstance(part, int) and not 0 <= part < 2**31 for part in found) or "\\u0000" in json.dumps(found):
        raise RequestError("request.invalid", "query.cursor: not one of ours")
    return found


def after_place(cursor: str | None) -> Place | None:
    """Return the place of a list by time. Raises RequestError ``request.invalid``."""
    found = _opened(cursor, (str, str))
    return Place(at=str(found[0]), id=str(found[1])) if found else None


def after_id(cursor: str | None) -> str:
    """Return the id in a list by id, empty for its beginning. Raises RequestError ``request.invalid``."""
    found = _opened(cursor, (str,))
    return str(found[0]) if found else ""


def after_number(cursor: str | None) -> int:
    """Return the number in a list by number, 0 for its beginning. Raises RequestError ``request.invalid``."""
    found = _opened(cursor, (int,))
    return int(found[0]) if found else 0


def next_page(request: Request, *place: str | int) -> str:
    """Return the link to the next page: the same request after a place."""
    url = request.url.include_query_params(cursor=cursor_of(*place))
    return f"{url.path}?{url.query}"
