"""Reports in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.paging import Page, Place
from domain.reports import Report, ReportFile, ReportItem, ReportState
from tests.fakes.conversations import newest_first


class MemoryReports:
    """The reference for :class:`domain.ports.reports.Reports`; ``documents`` are those that there are."""

    def __init__(self, documents: Sequence[str] = ()) -> None:
        self._documents = set(documents)
        self._reports: dict[str, Report] = {}
        self._items: dict[str, dict[int, ReportItem]] = {}
        self._files: dict[tuple[str, int, str], bytes] = {}

    def add(self, report: Report, items: Sequence[ReportItem]) -> None:
        """Remember a batch with its items."""
        self._reports[report.id] = report
        self._items[report.id] = {item.number: item for item in items}

    def find(self, report_id: str) -> Report | None:
        """Return a batch by id."""
        return self._reports.get(report_id)

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Report]:
        """Return the batches of a caller, newest first."""
        mine = [one for one in self._reports.values() if (one.tenant, one.owner) == (tenant, owner)]
        return newest_first([(Place(at=one.created_at, id=one.id), one) for one in mine], after, limit)

    def items(self, report_id: str) -> list[ReportItem]:
        """Return the items of a batch, in order, without what they touch."""
        found = self._items.get(report_id, {})
        return [replace(found[number], subjects=(), documents=()) for number in sorted(found)]

    def item(self, report_id: str, number: int) -> ReportItem | None:
        """Return one item."""
        return self._items.get(report_id, {}).get(number)

    def keep(self, report_id: str, item: ReportItem, files: Mapping[str, bytes]) -> bool:
        """Keep what came of a waiting item."""
        waiting = self.item(report_id, item.number)
        if waiting is None or waiting.state is not ReportState.WAITING or not set(item.documents) <= self._documents:
            return False
        listed = tuple(
            ReportFile(format=name, digest=hashlib.sha256(files[name]).hexdigest(), size=len(files[name]))
            for name in sorted(files)
        )
        self._items[report_id][item.number] = replace(item, files=listed)
        self._files |= {(report_id, item.number, name): content for name, content in files.items()}
        return True

    def file(self, report_id: str, number: int, name: str) -> bytes | None:
        """Return a file of an item by its format."""
        return self._files.get((report_id, number, name))

    def remove(self, report_id: str) -> bool:
        """Remove a batch."""
        self._items.pop(report_id, None)
        self._files = {key: content for key, content in self._files.items() if key[0] != report_id}
        return self._reports.pop(report_id, None) is not None

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget items about one of these subjects or that rest on one of these documents."""
        gone = 0
        for report_id, items in self._items.items():
            if self._reports[report_id].tenant != tenant:
                continue
            for number, item in items.items():
                if set(item.subjects) & set(subjects) or set(item.documents) & set(document_ids):
                    items[number] = ReportItem(number=number, target="", state=ReportState.ERASED)
                    self._files = {k: v for k, v in self._files.items() if k[:2] != (report_id, number)}
                    gone += 1
        return gone
