"""Generations of the index: each is made with one encoder, and vectors of two encoders are never compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FIRST: Final = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One index: the name of its folder or collection, and the encoder whose vectors it holds.

    ``encoder`` is what the setting says, by which it can be loaded again; ``embedder`` names it with its digest.
    """

    name: str
    encoder: str
    embedder: str
    dimension: int
