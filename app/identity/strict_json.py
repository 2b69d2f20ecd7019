"""Reads JSON objects from strangers, of which there is only one way to read each."""

from __future__ import annotations

import json
from typing import Any


def json_object(text: bytes) -> dict[str, Any]:
    """Return the object. Raises ValueError for anything else.

    Names that come twice are refused at any depth, as two readers may take different ones (RFC 8725, section 2.4), and
    so are NaN and infinities, which JSON does not have.
    """
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        found = None  # nobody nests so deep who means well
    if not isinstance(found, dict):
        message = "not an object"
        raise ValueError(message)  # noqa: TRY004 - one kind of error for one kind of fault
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)
