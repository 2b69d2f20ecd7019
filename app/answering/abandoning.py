"""Lets whoever waits for an answer give it up, so that a draft that nobody reads any more stops at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event

_NEVER = Event()
_GIVEN_UP: ContextVar[Event] = ContextVar("given_up", default=_NEVER)


class AbandonedError(Exception):
    """Nobody waits for this answer any more."""


@contextmanager
def until(given_up: Event) -> Iterator[None]:
    """Let what this thread does inside end with AbandonedError soon after the event is set."""
    token = _GIVEN_UP.set(given_up)
    try:
        yield
    finally:
        _GIVEN_UP.reset(token)


def abandoned() -> bool:
    """Say whether nobody waits for what this thread does any more."""
    return _GIVEN_UP.get().is_set()


def check() -> None:
    """Raise AbandonedError when nobody waits any more."""
    if abandoned():
        raise AbandonedError
