"""Assistants: ways to ask that were set up without code, kept version by version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.callers import Role
from domain.questions import PURPOSES

NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
AUDIENCES: Final = tuple(role.value for role in Role if role is not Role.OWNER)
LEVELS: Final = ("", "secret", "direct", "all")
UNSUPPORTED: Final = ("", "drop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What an assistant is, in one version.

    It narrows: ``roles`` and ``teams`` are who may use it (one of each that is named; nobody named is everybody who may
    ask), ``collections`` what is searched at most, ``unsupported`` "drop" and ``redact`` (one of :data:`LEVELS`) are
    stricter than the pack or change nothing. ``pack`` is empty for the server's own, ``purpose`` and ``as_of`` are what
    a question has that says nothing of them. ``instructions`` reach a chat model as configuration, and no check.
    """

    title: str
    description: str = ""
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    instructions: str = ""
    collections: tuple[str, ...] = ()
    pack: str = ""
    unsupported: str = ""
    redact: str = ""
    purpose: str = ""
    as_of: date | None = None
    starters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would mean nothing."""
        if not self.title.strip():
            message = "an assistant has a title"
            raise ValueError(message)
        known = (
            set(self.roles) <= set(AUDIENCES)
            and (not self.purpose or self.purpose in PURPOSES)
            and self.redact in LEVELS
            and self.unsupported in UNSUPPORTED
        )
        if not known:
            message = "an assistant names roles, purpose and policies that there are"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantVersion:
    """One version of an assistant; it never changes. ``number`` counts from 1, ``restored`` is the one it repeats."""

    assistant_id: str
    number: int
    design: Design
    created_at: str
    created_by: str
    restored: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """An assistant of a tenant by its ``name``, which its model name is made of and which never changes.

    ``published`` is the version that is used, 0 for none: in the client (``client``) and as a model of the API
    (``model``). One that is ``retired`` is kept for the answers that it gave.
    """

    id: str
    tenant: str
    name: str
    created_at: str
    published: int = 0
    client: bool = False
    model: bool = False
    published_at: str = ""
    published_by: str = ""
    retired: bool = False

    def __post_init__(self) -> None:
        """Refuse a name that would not do as part of a model's name, and a publication of nothing or nowhere."""
        if not NAME.fullmatch(self.name):
            message = "a name has 1 to 60 small letters, digits and hyphens"
            raise ValueError(message)
        if (self.published > 0) != (self.client or self.model):
            message = "what is published is a version, somewhere"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The assistant that a question is asked of, in one version."""

    id: str
    name: str
    number: int
    design: Design
