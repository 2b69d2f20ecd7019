"""Makes one report of a batch; done again, it finds that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.identity.tokens import KEY_PREFIX
from app.reports.filling import Filled, Filler, Order
from app.reports.rendering.renderer import Renderer
from app.reports.template import parse_template
from domain.callers import Caller, Role
from domain.errors import AccessError, RequestError
from domain.jobs import Done, Job, JobItem
from domain.keys import KeyState
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.keys import Keys
from domain.ports.reports import Reports
from domain.ports.steps import Steps
from domain.reports import Report, ReportItem, ReportState

CALL = "report"


def order_of(report: Report, caller: Caller | None = None) -> Order:
    """Return what the items of a batch are made from; with ``caller`` as somebody else asks for it now."""
    kept: Mapping[str, Any] = report.order
    return Order(
        template=parse_template(report.template, kept["template"]),
        tenant=report.tenant,
        caller=caller
        or Caller(
            id=report.owner,
            tenant=kept["caller_tenant"],
            roles=frozenset(Role(role) for role in kept["roles"]),
            teams=frozenset(kept["teams"]),
        ),
        as_of=date.fromisoformat(kept["as_of"]),
        purpose=kept["purpose"],
        collections=tuple(kept["collections"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWork:
    """Makes reports for whoever ordered them, with the rights that they have when each is made."""

    kept: Reports
    keys: Keys
    filler: Filler
    renderer: Renderer
    audit: AuditLog
    clock: Clock
    steps: Steps

    def __call__(self, job: Job, item: JobItem) -> Done:
        """Make one report and keep its files. Raises what :meth:`app.reports.filling.Filler.fill` raises."""
        report = self.kept.find(str(item.order.get("report")))
        waiting = self.kept.item(report.id, item.number) if report else None
        if report is None or waiting is None or report.job_id != job.id or waiting.state is ReportState.ERASED:
            raise RequestError("request.not_found", "report")
        if waiting.state is ReportState.DONE:
            return Done(document_ids=waiting.documents, passages=waiting.quotes)
        self._see_that_key_stands(report.owner)
        order = order_of(report)
        filled = self.filler.fill(order, waiting.target)
        self.steps.reached("report.filled")
        wanted = dict.fromkeys([*report.order["formats"], "json"])
        files = {name: self.renderer.render(filled.content, order.template, name) for name in wanted}
        self.steps.reached("report.rendered")
        self._record(report, waiting, filled)
        if not self.kept.keep(report.id, _made(waiting, filled), files):
            raise RequestError("request.not_found", "what it rests on is gone")
        self.steps.reached("report.kept")
        return Done(document_ids=filled.documents, passages=filled.quotes)

    def _record(self, report: Report, item: ReportItem, filled: Filled) -> None:
        of_subject = filled.content["about"] != "document"
        self.audit.append(
            "report_made",
            {
                "report_id": report.id,
                "number": item.number,
                "actor": report.owner,
                "tenant": report.tenant,
                "subjects": [item.target] if of_subject else [],
                "documents": list(filled.documents),
            },
        )

    def _see_that_key_stands(self, owner: str) -> None:
        """Raise AccessError when a system's key was revoked or has expired since it ordered the batch."""
        if not owner.startswith(KEY_PREFIX):
            return
        key = self.keys.by_id(owner)
        if key is None or key.state(self.clock.now()) is not KeyState.ACTIVE:
            raise AccessError("access.denied", "the key that ordered this does not stand any more")


def _made(item: ReportItem, filled: Filled) -> ReportItem:
    return ReportItem(
        number=item.number,
        target=item.target,
        state=ReportState.DONE,
        quotes=filled.quotes,
        subjects=filled.subjects,
        documents=filled.documents,
        versions=tuple((one["document_id"], one["version_id"], one["digest"]) for one in filled.content["sources"]),
    )
