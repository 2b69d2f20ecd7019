"""Lets a pack be made stricter, never more lenient, for whoever answers by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from domain.questions import PURPOSES
from policies.disclosure.kinds import KINDS, Level, kinds_at_least
from policies.pack import Pack

LEVELS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset(),
    "secret": kinds_at_least(Level.SECRET),
    "direct": kinds_at_least(Level.DIRECT),
    "all": kinds_at_least(Level.INDIRECT),
}
_EVERYTHING: Final = frozenset(KINDS)


def narrowed(server: Pack, own: Pack, *, unsupported: str, redact: str) -> Pack:
    """Return ``own`` as strict as ``server``: what either keeps back is kept back, and what either drops falls.

    ``unsupported`` is "drop" or empty, ``redact`` one of :data:`LEVELS`. How passages are found stays the server's: its
    index was made that way.
    """
    strict = {
        purpose: server.redact.get(purpose, _EVERYTHING) | own.redact.get(purpose, _EVERYTHING) | LEVELS[redact]
        for purpose in PURPOSES
    }
    drops = "drop" in {server.on_unsupported, own.on_unsupported, unsupported}
    return replace(
        own, redact=strict, on_unsupported="drop" if drops else own.on_unsupported, retrieval=server.retrieval
    )
