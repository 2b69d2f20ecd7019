"""Runs one recogniser over the rows of its table."""

from __future__ import annotations

from functools import cache

from policies.disclosure.engine import Engine
from policies.disclosure.overlaps import without_overlaps
from policies.disclosure.recogniser import Recogniser
from policies.disclosure.registry import RECOGNISERS


@cache
def _engine(name: str) -> Engine:
    return Engine(tuple(recogniser for recogniser in RECOGNISERS if recogniser.name == name), seconds=10.0)


def values_found(recogniser: Recogniser, text: str) -> list[str]:
    """Return what a registered recogniser finds on its own, in order."""
    return [text[found.start : found.end] for found in without_overlaps(_engine(recogniser.name).find(text))]
