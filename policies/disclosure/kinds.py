"""The kinds of personal data, how closely each points to a person, and the rule that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Level(IntEnum):
    """How closely a kind points to a person; a purpose redacts a level and every level above it."""

    INDIRECT = 1  # narrows down who it is: a date, a place, a very high age
    DIRECT = 2  # names a person on its own: a name, a number, an address
    SECRET = 3  # names a person, invites fraud, and neither care nor advice needs it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of personal data; ``rule`` is its letter in 45 CFR 164.514(b)(2)(i), the HIPAA Safe Harbor list."""

    name: str
    level: Level
    rule: str


_ALL: Final = (
    Kind(name="PERSON", level=Level.DIRECT, rule="A"),
    Kind(name="ADDRESS", level=Level.DIRECT, rule="B"),
    Kind(name="LOCATION", level=Level.INDIRECT, rule="B"),
    Kind(name="ZIP_CODE", level=Level.INDIRECT, rule="B"),
    Kind(name="DATE", level=Level.INDIRECT, rule="C"),
    Kind(name="BIRTH_DATE", level=Level.DIRECT, rule="C"),
    Kind(name="AGE_OVER_89", level=Level.INDIRECT, rule="C"),
    Kind(name="PHONE_NUMBER", level=Level.DIRECT, rule="D"),  # and fax numbers, (E): one number serves as either
    Kind(name="EMAIL_ADDRESS", level=Level.DIRECT, rule="F"),
    Kind(name="US_SSN", level=Level.SECRET, rule="G"),
    Kind(name="US_ITIN", level=Level.SECRET, rule="G"),
    Kind(name="MEDICAL_RECORD_NUMBER", level=Level.DIRECT, rule="H"),
    Kind(name="HEALTH_PLAN_ID", level=Level.DIRECT, rule="I"),
    Kind(name="US_MBI", level=Level.DIRECT, rule="I"),
    Kind(name="UK_NHS", level=Level.DIRECT, rule="I"),
    Kind(name="DE_KVNR", level=Level.DIRECT, rule="I"),
    Kind(name="ACCOUNT_NUMBER", level=Level.DIRECT, rule="J"),
    Kind(name="BANK_ACCOUNT", level=Level.SECRET, rule="J"),
    Kind(name="IBAN_CODE", level=Level.SECRET, rule="J"),
    Kind(name="CREDIT_CARD", level=Level.SECRET, rule="J"),
    Kind(name="DRIVER_LICENSE", level=Level.DIRECT, rule="K"),
    Kind(name="DEA_NUMBER", level=Level.DIRECT, rule="K"),
    Kind(name="NPI", level=Level.DIRECT, rule="K"),
    Kind(name="LICENSE_NUMBER", level=Level.DIRECT, rule="K"),
    Kind(name="VIN", level=Level.DIRECT, rule="L"),
    Kind(name="LICENSE_PLATE", level=Level.DIRECT, rule="L"),
    Kind(name="DEVICE_ID", level=Level.DIRECT, rule="M"),
    Kind(name="MAC_ADDRESS", level=Level.DIRECT, rule="M"),
    # A statute cites web pages; only a URL known to be a person's own (OTHER_ID) is a direct identifier.
    Kind(name="URL", level=Level.INDIRECT, rule="N"),
    Kind(name="IP_ADDRESS", level=Level.DIRECT, rule="O"),
    Kind(name="PASSPORT", level=Level.DIRECT, rule="R"),
    Kind(name="DE_TAX_ID", level=Level.DIRECT, rule="R"),
    Kind(name="NATIONAL_ID", level=Level.DIRECT, rule="R"),
    Kind(name="OTHER_ID", level=Level.DIRECT, rule="R"),
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _ALL}


def kinds_at_least(level: Level) -> frozenset[str]:
    """Return the names of the kinds at ``level`` or above."""
    return frozenset(kind.name for kind in _ALL if kind.level >= level)


def level_of(name: str) -> Level:
    """Return the level of a kind; a kind that nobody declared counts as secret."""
    kind = KINDS.get(name)
    return kind.level if kind else Level.SECRET
