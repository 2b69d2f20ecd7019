"""Collects what a clinical record says to identify its patient, in the forms in which texts write it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.identities import KnownIdentity

_SHORTEST: Final = 2  # characters; a shorter name would be found everywhere
_DIGITS: Final = re.compile(r"(?<=[^\W\d_])\d+\b")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """A name in its parts, as FHIR's HumanName and HL7 v3's PN hold it."""

    given: tuple[str, ...] = ()
    family: str = ""
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    text: str = ""

    @property
    def full(self) -> str:
        """Return the whole name as it is read aloud; the record's own wording where the parts are missing."""
        parts = " ".join(part for part in (*self.prefix, *self.given, self.family, *self.suffix) if part)
        return parts if self.given or self.family else (self.text or parts)

    def forms(self) -> list[str]:
        """Return the forms in which the name may be written, whole ones first."""
        given, bare = " ".join(self.given), [self.family]
        if self.given and self.family:
            first = self.given[0]
            bare = [f"{given} {self.family}", f"{first} {self.family}", f"{self.family}, {given}", self.family]
        prefixed = [f"{prefix} {self.family}" for prefix in self.prefix if self.family]
        found = [self.full, *bare, *prefixed, self.text, *([given] if not self.family else [])]
        return [form for form in found if len(form.strip()) >= _SHORTEST]


def unidentified(content: bytes) -> str:
    """Return the subject of a clinical record that names no patient, so that nobody sees it by accident."""
    return f"unidentified:{hashlib.sha256(content).hexdigest()[:16]}"


def without_digits(name: str) -> str:
    """Return a name without the digits that synthetic records append to it ("Ann12 Lee345")."""
    return _DIGITS.sub("", name)


def birth_date_forms(iso: str) -> list[str]:
    """Return a day of birth as records write it; a date without its day only as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return [iso] if iso.strip() else []
    month = _MONTHS[day.month - 1]
    return [
        day.isoformat(),
        f"{day:%m/%d/%Y}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%Y%m%d}",
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
        f"{month[:3]} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
    ]


@dataclass(slots=True)
class IdentityList:
    """A growing list of identities without repetitions; blank and one-character values are left out."""

    _found: dict[KnownIdentity, None] = field(default_factory=dict)

    def add(self, subject: str, kind: str, *values: str) -> None:
        """Remember each value of one kind, names also without the digits of synthetic records."""
        for value in values:
            for form in (value, without_digits(value)) if kind in {"name", "relative"} else (value,):
                clean = " ".join(form.split())
                if len(clean) >= _SHORTEST:
                    self._found[KnownIdentity(subject=subject, kind=kind, value=clean)] = None

    def names(self, subject: str, kind: str, names: Sequence[PersonName]) -> None:
        """Remember every form of every name."""
        for name in names:
            self.add(subject, kind, *name.forms())

    def found(self) -> tuple[KnownIdentity, ...]:
        """Return everything in the order in which it was found."""
        return tuple(self._found)
