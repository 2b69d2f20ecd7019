"""What is known to identify a subject: the names, numbers and addresses that a record itself states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

IDENTITY_KINDS: Final = (
    "name", "relative", "address", "record_number", "national_id", "phone", "email", "url", "birth_date", "other_id"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIdentity:
    """One value that identifies a subject, as its record writes it; ``kind`` is one of :data:`IDENTITY_KINDS`."""

    subject: str
    kind: str
    value: str

    def __post_init__(self) -> None:
        """Refuse an unknown kind or an empty value."""
        if self.kind not in IDENTITY_KINDS:
            message = f"unknown kind of identity: {self.kind!r}"
            raise ValueError(message)
        if not self.value.strip():
            message = "an identity needs a value"
            raise ValueError(message)
