"""A re-ranker trained for two steps on a dozen made-up rules, once a process."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

from app.wiring import encoder_base
from retrieval.reranker import TunedReranker
from retrieval.tuning.folder import Source, write_folder
from retrieval.tuning.pairs import Excerpt
from retrieval.tuning.training import Budget, Trained, train

_THINGS: Final = "consent breach audit payment transfer retention"
# The names of documents decide which are held out: of these "rule-1" and "rule-11" are.
EXCERPTS: Final = tuple(
    Excerpt(
        id=f"p{number}",
        document=f"rule-{number}",
        heading=f"Rules on {thing} {number}",
        text=f"The controller must keep a written register of every {thing} for {number} years. "
        f"Each officer may inspect that register of {thing} during the hours of business.",
    )
    for number, thing in enumerate(_THINGS.split() * 4, start=1)
)
SOURCE: Final = Source(name="rules", passages=len(EXCERPTS), digest="0" * 64, licence="CC0-1.0")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """A folder that training wrote, its digest and record, and the re-ranker loaded from it."""

    folder: Path
    digest: str
    trained: Trained
    reranker: TunedReranker


def trained_folder(folder: Path, seed: int = 7, steps: int = 2) -> tuple[str, Trained]:
    """Train into a folder and return the digest and the record."""
    budget = Budget(steps=steps, minutes=5, seed=seed)
    model, trained = train(encoder_base(), EXCERPTS, {}, budget)
    return write_folder(folder, model, trained, SOURCE, budget), trained


def tune(folder: Path) -> Tuned:
    """Train and load."""
    digest, trained = trained_folder(folder)
    return Tuned(folder=folder, digest=digest, trained=trained, reranker=TunedReranker(encoder_base(), folder, digest))
