"""Reports in SQL; their files are sealed when there is a key."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select, update

from app.store.cipher import Cipher, is_sealed
from app.store.database import Database
from app.store.tables import documents, report_files, report_items, report_touches, reports
from domain.erasure import DOCUMENT, SUBJECT
from domain.errors import ServiceError
from domain.paging import Page, Place
from domain.reports import Report, ReportFile, ReportItem, ReportState

_MOST_IDS: Final = 500
_LOCK: Final = 0x5265706F  # "Repo": which of PostgreSQL's advisory locks keeps keeping and forgetting apart


class SqlReports:
    """Implements :class:`domain.ports.reports.Reports`, and :class:`domain.ports.traces.Traces`."""

    def __init__(self, database: Database, cipher: Cipher | None = None) -> None:
        self._database = database
        self._cipher = cipher

    def add(self, report: Report, items: Sequence[ReportItem]) -> None:
        """Remember a batch with its items durably."""
        row = {
            "id": report.id, "tenant": report.tenant, "owner": report.owner, "job_id": report.job_id,
            "template": report.template, "ordered": json.dumps(dict(report.order), ensure_ascii=False),
            "created_at": report.created_at,
        }  # fmt: skip
        rows = [
            {
                "report_id": report.id, "number": item.number, "target": item.target, "state": item.state.value,
                "quotes": 0, "versions": "[]",
            }
            for item in items
        ]  # fmt: skip
        with self._database.write() as connection:
            connection.execute(insert(reports).values(row))
            if rows:
                connection.execute(insert(report_items), rows)
            for item in items:
                _touch(connection, report.id, item)

    def find(self, report_id: str) -> Report | None:
        """Return a batch by id."""
        found = self._database.rows(select(reports).where(reports.c.id == report_id))
        return _report(found[0]) if found else None

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Report]:
        """Return the batches of a caller, newest first, from after a place on."""
        at, key = reports.c.created_at, reports.c.id
        query = select(reports).where(reports.c.tenant == tenant, reports.c.owner == owner)
        if after:
            query = query.where(or_(at < after.at, and_(at == after.at, key < after.id)))
        found = self._database.rows(query.order_by(at.desc(), key.desc()).limit(limit + 1))
        return Page(items=tuple(map(_report, found[:limit])), more=len(found) > limit)

    def items(self, report_id: str) -> list[ReportItem]:
        """Return the items of a batch with their files, in order."""
        query = select(report_items).where(report_items.c.report_id == report_id).order_by(report_items.c.number)
        files = self._files(report_files.c.report_id == report_id)
        return [_item(row, files.get(row["number"], ()), ()) for row in self._database.rows(query)]

    def item(self, report_id: str, number: int) -> ReportItem | None:
        """Return one item with its files and what it touches."""
        rows = self._database.rows(select(report_items).where(_is(report_items, report_id, number)))
        if not rows:
            return None
        touches = self._database.rows(
            select(report_touches).where(_is(report_touches, report_id, number)).order_by(report_touches.c.target)
        )
        return _item(rows[0], self._files(_is(report_files, report_id, number)).get(number, ()), touches)

    def keep(self, report_id: str, item: ReportItem, files: Mapping[str, bytes]) -> bool:
        """Keep what came of a waiting item durably, all of it or nothing."""
        there = select(func.count()).select_from(documents).where(documents.c.id.in_(item.documents))
        waits = and_(_is(report_items, report_id, item.number), report_items.c.state == ReportState.WAITING.value)
        rows = [
            {
                "report_id": report_id, "number": item.number, "format": name,
                "digest": hashlib.sha256(content).hexdigest(), "size": len(content),
                "content": self._sealed(content, report_id, item.number, name),
            }
            for name, content in sorted(files.items())
        ]  # fmt: skip
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            # What is erased while its report is written must not leave a report behind.
            if connection.execute(there).scalar_one() < len(item.documents):
                return False
            values = {"state": item.state.value, "quotes": item.quotes, "versions": json.dumps(item.versions)}
            if connection.execute(update(report_items).where(waits).values(values)).rowcount != 1:
                return False
            connection.execute(delete(report_files).where(_is(report_files, report_id, item.number)))
            if rows:
                connection.execute(insert(report_files), rows)
            connection.execute(delete(report_touches).where(_is(report_touches, report_id, item.number)))
            _touch(connection, report_id, item)
        return True

    def file(self, report_id: str, number: int, name: str) -> bytes | None:
        """Return a file of an item by its format."""
        which = and_(_is(report_files, report_id, number), report_files.c.format == name)
        found = self._database.rows(select(report_files.c.content).where(which))
        return self._opened(bytes(found[0]["content"]), report_id, number, name) if found else None

    def remove(self, report_id: str) -> bool:
        """Remove a batch with its items and files."""
        with self._database.write() as connection:
            done = connection.execute(delete(reports).where(reports.c.id == report_id))
        self._database.scrub()
        return done.rowcount == 1

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget items about one of these subjects or that rest on one of these documents."""
        gone = 0
        touched = select(report_touches.c.report_id, report_touches.c.number).join(
            reports, reports.c.id == report_touches.c.report_id
        )
        touched = touched.where(reports.c.tenant == tenant).distinct()
        with self._database.write() as connection:
            # What is being kept meanwhile waits, and then finds that its documents are gone.
            self._database.lock(connection, _LOCK)
            for kind, targets in ((SUBJECT, subjects), (DOCUMENT, document_ids)):
                for at in range(0, len(targets), _MOST_IDS):
                    some = list(targets[at : at + _MOST_IDS])
                    which = touched.where(report_touches.c.kind == kind, report_touches.c.target.in_(some))
                    for row in connection.execute(which).all():
                        gone += _erase(connection, row.report_id, row.number)
        return gone

    def _files(self, which: Any) -> dict[int, tuple[ReportFile, ...]]:
        columns = (report_files.c.number, report_files.c.format, report_files.c.digest, report_files.c.size)
        found: dict[int, tuple[ReportFile, ...]] = {}
        for row in self._database.rows(select(*columns).where(which).order_by(report_files.c.format)):
            one = ReportFile(format=row["format"], digest=row["digest"], size=row["size"])
            found[row["number"]] = (*found.get(row["number"], ()), one)
        return found

    def _sealed(self, content: bytes, report_id: str, number: int, name: str) -> bytes:
        packed = zlib.compress(content, 6)
        return self._cipher.seal(packed, _context(report_id, number, name)) if self._cipher else packed

    def _opened(self, content: bytes, report_id: str, number: int, name: str) -> bytes:
        if is_sealed(content):
            if self._cipher is None:
                raise ServiceError("service.storage_unavailable", "reports are sealed, and no key is configured")
            content = self._cipher.open(content, _context(report_id, number, name))
        return zlib.decompress(content)


def _context(report_id: str, number: int, name: str) -> str:
    return f"report {report_id} {number} {name}"


def _is(table: Any, report_id: str, number: int) -> Any:
    return and_(table.c.report_id == report_id, table.c.number == number)


def _touch(connection: Connection, report_id: str, item: ReportItem) -> None:
    rows = [
        {"report_id": report_id, "number": item.number, "kind": kind, "target": target}
        for kind, targets in ((SUBJECT, item.subjects), (DOCUMENT, item.documents))
        for target in sorted(set(targets))
    ]
    if rows:
        connection.execute(insert(report_touches), rows)


def _erase(connection: Connection, report_id: str, number: int) -> int:
    for table in (report_files, report_touches):
        connection.execute(delete(table).where(_is(table, report_id, number)))
    values = {"target": "", "state": ReportState.ERASED.value, "quotes": 0, "versions": "[]"}
    return connection.execute(update(report_items).where(_is(report_items, report_id, number)).values(values)).rowcount


def _report(row: RowMapping) -> Report:
    return Report(
        id=row["id"],
        tenant=row["tenant"],
        owner=row["owner"],
        job_id=row["job_id"],
        template=row["template"],
        order=json.loads(row["ordered"]),
        created_at=row["created_at"],
    )


def _item(row: RowMapping, files: Iterable[ReportFile], touches: Iterable[RowMapping]) -> ReportItem:
    listed = list(touches)
    return ReportItem(
        number=row["number"],
        target=row["target"],
        state=ReportState(row["state"]),
        quotes=row["quotes"],
        subjects=tuple(touch["target"] for touch in listed if touch["kind"] == SUBJECT),
        documents=tuple(touch["target"] for touch in listed if touch["kind"] == DOCUMENT),
        versions=tuple((document, version, digest) for document, version, digest in json.loads(row["versions"])),
        files=tuple(files),
    )
