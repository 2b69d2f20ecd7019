"""What a text cites: provisions of acts and decided cases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A provision or case that a text names at ``start..end``.

    ``keys`` are those by which it is looked up, the most exact first and then the provisions that hold it. ``act`` says
    whose provision it is, where the text says so by a number or a code ("2016/679", "45 cfr"); "" where it does not.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    act: str = ""
