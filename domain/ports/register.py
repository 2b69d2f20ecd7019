"""Remembers erasures and holds where a restored database cannot forget them."""

from __future__ import annotations

from typing import Protocol

from domain.erasure import Entry


class Register(Protocol):
    """Erasures and holds by ids and digests, in the database and outside of it.

    Every method raises ServiceError when either cannot be read or written.
    """

    def add(self, entry: Entry) -> None:
        """Remember an entry durably in both places; one that is there already stays as it is."""

    def entry(self, event: str, entry_id: str) -> Entry | None:
        """Return an entry, wherever it is."""

    def unknown(self) -> list[Entry]:
        """Return the entries that the database lacks because it is an older one, in the order of their time.

        What only the database knows is written outside of it first.
        """

    def known(self, entry: Entry) -> None:
        """Let the database know an entry, as it was carried out there."""
