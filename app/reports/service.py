"""Takes batches of reports in, says how far they are, and hands out what was made to whoever may still see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.answering.presentation import JSON
from app.jobs.service import JobService
from app.library import Library
from app.reports.cohorts import Cohorts
from app.reports.filling import Filler, Order, provenance
from app.reports.rendering.archive import packed
from app.reports.rendering.renderer import SUFFIXES, Renderer
from app.reports.requests import ReportBody
from app.reports.sheets import contents_sheet, file_name, grid, state_of
from app.reports.template import FORMATS, Format, parse_template
from app.reports.templates import Templates
from app.reports.work import CALL, order_of
from domain.callers import Caller
from domain.errors import CODES, AccessError, RequestError
from domain.jobs import JobItem, JobKind
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.reports import Reports
from domain.reports import Report, ReportItem, ReportState

_MOST_IN_ARCHIVE: Final = 1_000
_SHEETS: Final[tuple[Format, ...]] = ("docx", "pdf", "html", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportService:
    """Batches of reports. Whether a caller may order one, or read theirs, is decided before."""

    templates: Templates
    kept: Reports
    jobs: JobService
    filler: Filler
    renderer: Renderer
    cohorts: Cohorts
    library: Library
    audit: AuditLog
    clock: Clock
    ids: Ids

    def order(self, body: ReportBody, caller: Caller) -> Report:
        """Take a batch in; it is durable when this returns.

        Raises RequestError: ``request.not_found`` and ``request.template_invalid`` for the template,
        ``request.invalid`` for the cohort or a format that the report cannot have.
        """
        text = self.templates.text(body.template)
        template = self.templates.template(body.template)
        tenant = body.tenant or caller.tenant
        formats = list(dict.fromkeys(body.formats or template.formats))
        if impossible := [name for name in formats if name not in template.possible()]:
            raise RequestError("request.invalid", f"formats: {impossible[0]} is for reports about patients")
        targets = self.cohorts.targets(body.cohort, template, tenant, caller)
        as_of = body.as_of or self.clock.today()
        report_id = self.ids.new("r")
        order: JSON = {
            "template": text,
            "as_of": as_of.isoformat(),
            "purpose": body.purpose or template.purpose,
            "collections": body.collections or template.collections,
            "formats": formats,
            "caller_tenant": caller.tenant,
            "roles": sorted(role.value for role in caller.roles),
            "teams": sorted(caller.teams),
        }
        self._record("report_ordered", report_id, caller, tenant, template=template.digest, items=len(targets))
        of_documents = template.about == "document"
        pieces = [
            JobItem(
                number=number,
                order={"call": CALL, "report": report_id} | ({} if of_documents else {"subject": target}),
                document_ids=(target,) if of_documents else (),
            )
            for number, target in enumerate(targets)
        ]
        items = [
            ReportItem(
                number=number,
                target=target,
                subjects=() if of_documents else (target,),
                documents=(target,) if of_documents else (),
            )
            for number, target in enumerate(targets)
        ]
        with self.library.catalogue.transaction():
            job = self.jobs.submit(JobKind.BATCH, pieces, tenant, caller)
            report = Report(
                id=report_id,
                tenant=tenant,
                owner=caller.id,
                job_id=job.id,
                template=template.name,
                order=order,
                created_at=job.created_at,
            )
            self.kept.add(report, items)
        return report

    def find(self, report_id: str) -> Report:
        """Return a batch. Raises RequestError ``request.not_found``."""
        report = self.kept.find(report_id)
        if report is None:
            raise RequestError("request.not_found", "report")
        return report

    def status(self, report: Report) -> JSON:
        """Return how far a batch is: its order, its state and counts, without its items."""
        template = parse_template(report.template, report.order["template"])
        job = self.jobs.find(report.job_id)
        body: JSON = {
            "id": report.id,
            "tenant": report.tenant,
            "owner": report.owner,
            "job_id": report.job_id,
            "template": template.name,
            "template_digest": template.digest,
            "title": template.title,
            "about": template.about,
            "grid": template.grid,
            "as_of": report.order["as_of"],
            "purpose": report.order["purpose"],
            "formats": list(dict.fromkeys([*report.order["formats"], "json"])),
            "created_at": report.created_at,
            "changed_at": job.changed_at,
            "state": job.state.value,
            "items": job.items,
            "done": job.done,
            "aside": job.aside,
            "cancelled": job.cancelled,
        }
        return body | ({"trouble": job.trouble} if job.trouble else {})

    def items(self, report: Report, *, after: int = -1, limit: int = 1_000_000) -> tuple[list[JSON], bool]:
        """Return the items of a batch after a number, and whether there are more."""
        pieces = self._pieces(report)
        listed = [item for item in self.kept.items(report.id) if item.number > after]
        return [_item_json(item, pieces.get(item.number)) for item in listed[:limit]], len(listed) > limit

    def cancel(self, report: Report, caller: Caller) -> None:
        """Cancel what is not made yet."""
        self._record("report_cancelled", report.id, caller, report.tenant)
        self.jobs.cancel(report.job_id)

    def resume(self, report: Report, caller: Caller) -> None:
        """Try again what was set aside; what waits goes on by itself.

        Raises RequestError ``request.invalid`` when nothing waits and nothing was set aside.
        """
        job = self.jobs.find(report.job_id)
        if not job.open and not job.aside:
            raise RequestError("request.invalid", "nothing of this batch waits or was set aside")
        self._record("report_resumed", report.id, caller, report.tenant)
        if job.aside:
            self.jobs.retry(report.job_id)

    def remove(self, report: Report, caller: Caller) -> None:
        """Remove a batch with everything that was made of it."""
        self._record("report_removed", report.id, caller, report.tenant)
        job = self.jobs.find(report.job_id)
        if job.open or job.aside:
            self.jobs.cancel(report.job_id)
        self.kept.remove(report.id)

    def file(self, report: Report, number: int, name: Format, caller: Caller) -> tuple[str, bytes]:
        """Return a file of an item with its name, to somebody who may see now all that it rests on.

        Raises AccessError ``access.denied``, RequestError ``request.not_found``.
        """
        item = self.kept.item(report.id, number)
        if item is None or item.state is not ReportState.DONE:
            raise RequestError("request.not_found", "item")
        order = order_of(report, caller)
        self._admit(order, item)
        content = self.kept.file(report.id, number, name)
        if content is None:
            raise RequestError("request.not_found", "format")
        self._record("report_read", report.id, caller, report.tenant, number=number, format=name)
        return file_name(item, SUFFIXES[name]), content

    def contents(self, report: Report, name: Format) -> bytes:
        """Return the contents sheet, which carries ids alone. Raises RequestError ``request.invalid`` for FHIR."""
        order = order_of(report)
        sheet = contents_sheet(order, self._made(order), self.kept.items(report.id), self._pieces(report))
        return self.renderer.render(sheet, order.template, _sheet(name))

    def grid(self, report: Report, name: Format, caller: Caller) -> bytes:
        """Return the grid over those items that the caller may see now.

        Raises RequestError ``request.not_found`` when the template has none, ``request.invalid`` for FHIR.
        """
        order = order_of(report, caller)
        if not order.template.grid:
            raise RequestError("request.not_found", "grid")
        found = [json.loads(content) for _, content in self._readable(report, order, "json")]
        self._record("report_read", report.id, caller, report.tenant, format="grid", items=len(found))
        return self.renderer.render(grid(order, self._made(order), found), order.template, _sheet(name))

    def archive(self, report: Report, caller: Caller) -> bytes:
        """Return everything that the caller may see now in one zip file. Raises RequestError ``request.too_large``."""
        order = order_of(report, caller)
        if self.jobs.find(report.job_id).items > _MOST_IN_ARCHIVE:
            raise RequestError("request.too_large", f"at most {_MOST_IN_ARCHIVE} items; take them one by one")
        parts: dict[str, bytes] = {}
        for name in self.status(report)["formats"]:
            parts |= {file_name(item, SUFFIXES[name]): one for item, one in self._readable(report, order, name)}
            if name in _SHEETS:
                parts[f"contents{SUFFIXES[name]}"] = self.contents(report, name)
                if order.template.grid:
                    parts[f"grid{SUFFIXES[name]}"] = self.grid(report, name, caller)
        self._record("report_read", report.id, caller, report.tenant, format="archive", items=len(parts))
        return packed(parts)

    def _readable(self, report: Report, order: Order, name: Format) -> Iterator[tuple[ReportItem, bytes]]:
        for listed in self.kept.items(report.id):
            item = self.kept.item(report.id, listed.number) if listed.state is ReportState.DONE else None
            if item is None:
                continue
            try:
                self._admit(order, item)
            except (AccessError, RequestError):
                continue
            content = self.kept.file(report.id, item.number, name)
            if content is not None:
                yield item, content

    def _admit(self, order: Order, item: ReportItem) -> None:
        """Raise AccessError or RequestError unless the asker may see now everything that an item rests on."""
        subjects: tuple[str, ...] = (item.target,)
        if order.template.about == "document":
            document = self.library.catalogue.document(item.target)
            subjects = document.labels.subjects if document else ()
        if not self.library.sees(item.documents, order.asker(subjects)):
            raise RequestError("request.not_found", "item")

    def _pieces(self, report: Report) -> dict[int, JobItem]:
        return {piece.number: piece for piece in self.jobs.jobs.items(report.job_id)}

    def _made(self, order: Order) -> JSON:
        return provenance(order, self.filler.product, self.filler.answers.models)

    def _record(self, event: str, report_id: str, caller: Caller, tenant: str, **facts: int | str) -> None:
        self.audit.append(event, {"report_id": report_id, "actor": caller.id, "tenant": tenant, **facts})


def _sheet(name: Format) -> Format:
    if name not in _SHEETS:
        raise RequestError("request.invalid", f"format: one of {', '.join(_SHEETS)}")
    return name


def _item_json(item: ReportItem, piece: JobItem | None) -> JSON:
    body: JSON = {
        "number": item.number,
        "target": item.target,
        "state": state_of(item, piece),
        "quotes": item.quotes,
        "files": [
            {
                "format": file.format,
                "name": file_name(item, SUFFIXES[name]),
                "sha256": file.digest,
                "bytes": file.size,
            }
            for name in FORMATS
            for file in item.files
            if file.format == name
        ],
    }
    if piece and piece.code and body["state"] == "aside":
        body |= {"code": piece.code, "detail": CODES[piece.code]}
    return body
