"""Knows which patterns cannot match a text without a digit, so that most texts are spared most patterns."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Final

_DIGIT_RANGE: Final = (ord("0"), ord("9"))


@cache  # patterns are constants, and read anew for each product that is put together
def needs_digit(pattern: str) -> bool:
    r"""Say whether every match stands in a text with a digit (``\d``); False wherever that is not certain.

    >>> needs_digit(r"(?:MRN|file) ?[0-9]{6}"), needs_digit(r"\d*|[A-Z]+"), needs_digit(r"born (?=\d)")
    (True, False, True)
    """
    try:
        # the standard library's own reading of patterns; what it cannot read is never spared
        parsed = import_module("re._parser").parse(pattern)
    except Exception:  # noqa: BLE001 - it reads most of what the regex module does, and fails in its own ways
        return False
    return _sequence(parsed)


def _sequence(items: Any) -> bool:
    return any(_item(str(kind), value) for kind, value in items)


def _item(kind: str, value: Any) -> bool:
    if kind in {"LITERAL", "IN"}:
        return all(_member(str(member), own) for member, own in ([(kind, value)] if kind == "LITERAL" else value))
    if kind == "BRANCH":
        return all(_sequence(branch) for branch in value[1])
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return value[0] > 0 and _sequence(value[2])
    if kind in {"SUBPATTERN", "ATOMIC_GROUP"}:
        return _sequence(value[3] if kind == "SUBPATTERN" else value)
    # what must stand around a match stands in the text as well
    return kind == "ASSERT" and _sequence(value[1])


def _member(kind: str, value: Any) -> bool:
    if kind == "CATEGORY":
        return str(value) == "CATEGORY_DIGIT"
    if kind == "RANGE":
        return _is_digit(value[0]) and _is_digit(value[1])
    return kind == "LITERAL" and _is_digit(value)


def _is_digit(code: int) -> bool:
    return _DIGIT_RANGE[0] <= code <= _DIGIT_RANGE[1]
