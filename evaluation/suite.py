"""What a suite is: it reads a dataset in the field's own format and measures one case at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.ports.drafter import Drafter
from evaluation.report import Case, Curve, Figure
from evaluation.subject import Subject

Progress = Callable[[str, int, int], None]


class Work(Protocol):
    """A dataset that was read, ready to be measured."""

    @property
    def name(self) -> str:
        """Return the dataset's name."""

    @property
    def keys(self) -> Sequence[str]:
        """Return the ids of the cases, each once; the order is that of the dataset."""

    def prepare(self, subject: Subject, progress: Progress) -> None:
        """Make searchable what the cases need. Called once before the first case."""

    def measure(self, key: str, subject: Subject) -> Case:
        """Measure one case. Scores are finite; a case that an error of the product ended is tagged with its code."""

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        """Return figures and curves of all cases, in the order of ``keys``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One entry of :data:`evaluation.registry.SUITES`.

    ``read`` returns the work of a dataset and raises RequestError ``request.dataset_invalid`` naming the file and line
    at fault. ``main`` are the figures to look at first, ``formats`` says in a line what ``--dataset`` may be.
    ``drafter`` returns the model that a product in this process is to draft with on a dataset; ``None`` leaves it its
    own.
    """

    name: str
    summary: str
    formats: str
    main: tuple[str, ...]
    read: Callable[[Path], Work]
    drafter: Callable[[Path], Drafter] | None = None
