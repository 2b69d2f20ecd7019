"""Reports in batches: what was ordered, and what came of each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ReportState(StrEnum):
    """What is there of one item: nothing yet, its files, or nothing any more because what it was about is erased."""

    WAITING = "waiting"
    DONE = "done"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A batch of reports of one caller, made by the job with ``job_id``.

    ``order`` holds everything that its items are made from and that is the same for all: the text of the template, the
    date in force, purpose, collections, formats, and the caller's roles and teams as they were. ``created_at`` is ISO
    8601 in UTC.
    """

    id: str
    tenant: str
    owner: str
    job_id: str
    template: str
    order: Mapping[str, Any]
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """One file of an item; ``digest`` is its SHA-256, ``size`` its bytes."""

    format: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportItem:
    """One patient, matter or document of a batch, by id; the id is empty once it is erased.

    ``subjects`` and ``documents`` are what it is about and rests on: it goes with each of them. ``versions`` are the
    versions that it rests on, as (document, version, SHA-256 of the original).
    """

    number: int
    target: str
    state: ReportState = ReportState.WAITING
    quotes: int = 0
    subjects: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    versions: tuple[tuple[str, str, str], ...] = ()
    files: tuple[ReportFile, ...] = field(default=())
