"""Keeps reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.paging import Page, Place
from domain.reports import Report, ReportItem


class Reports(Protocol):
    """Batches of reports with their items and files. Every method raises ServiceError when the store is unavailable."""

    def add(self, report: Report, items: Sequence[ReportItem]) -> None:
        """Remember a batch with its items durably, in one transaction."""

    def find(self, report_id: str) -> Report | None:
        """Return a batch by id."""

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Report]:
        """Return the batches of a caller, newest first, from after a place on."""

    def items(self, report_id: str) -> list[ReportItem]:
        """Return the items of a batch with their files, in order, without what they touch."""

    def item(self, report_id: str, number: int) -> ReportItem | None:
        """Return one item with its files and what it touches."""

    def keep(self, report_id: str, item: ReportItem, files: Mapping[str, bytes]) -> bool:
        """Keep what came of a waiting item durably, by format, all of it or nothing.

        False, and nothing is kept, when the batch or one of the documents that it rests on is gone, or the item waits
        no more.
        """

    def file(self, report_id: str, number: int, name: str) -> bytes | None:
        """Return a file of an item by its format."""

    def remove(self, report_id: str) -> bool:
        """Remove a batch with its items and files; False when there is none by that id."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget items about one of these subjects or that rest on one of these documents; return how many.

        Their place in the batch stays, in state "erased", without a name.
        """
