"""How ingested files and erasures ended, as JSON."""

from __future__ import annotations

from typing import Any, Final

from app.lifecycle.doctor import KINDS, Finding, Report
from app.lifecycle.retention import Due
from domain.erasure import KEPT_BECAUSE, Hold, Receipt
from domain.errors import CODES
from ingestion.outcomes import FileOutcome

_MOST_IDS: Final = 1_000


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return ``{id, tenant, kind, target, documents, versions, passages, originals, traces, kept: [{…, reason}]}``."""
    return {
        "id": receipt.id,
        "tenant": receipt.target.tenant,
        "kind": receipt.target.kind,
        "target": receipt.target.id,
        "documents": list(receipt.documents),
        "versions": list(receipt.versions),
        "passages": receipt.passages,
        "originals": list(receipt.originals),
        "traces": dict(receipt.traces),
        "kept": [
            {
                "document_id": kept.document_id,
                "because": kept.because,
                "reason": KEPT_BECAUSE[kept.because],
                **({"hold_id": kept.hold_id} if kept.hold_id else {}),
            }
            for kept in receipt.kept
        ],
    }


def report_json(report: Report) -> dict[str, Any]:
    """Return ``{versions, passages, originals, findings: [{kind, meaning, ids, count, mendable}], mended: […]}``."""
    return {
        "versions": report.versions,
        "passages": report.passages,
        "originals": report.originals,
        "findings": [_finding(finding) for finding in report.findings],
        "mended": [_finding(finding) for finding in report.mended],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "meaning": KINDS[finding.kind],
        "ids": list(finding.ids[:_MOST_IDS]),
        "count": finding.count,
        "mendable": finding.mendable,
    }


def due_json(due: Due) -> dict[str, Any]:
    """Return ``{tenant, collection, days, basis, documents, held: [{document_id, hold_id}], undated, answers, …}``."""
    return {
        "tenant": due.rule.tenant,
        "collection": due.rule.collection,
        "days": due.rule.days,
        "basis": due.rule.basis,
        "documents": list(due.documents),
        "held": [{"document_id": document, "hold_id": hold} for document, hold in due.held],
        "undated": due.undated,
        "answers": due.answers,
        "receipts": [receipt_json(receipt) for receipt in due.receipts],
    }


def hold_json(hold: Hold) -> dict[str, Any]:
    """Return ``{id, tenant, kind, target, reason, placed_at}``."""
    target = hold.target
    return {
        "id": hold.id,
        "tenant": target.tenant,
        "kind": target.kind,
        "target": target.id,
        "reason": hold.reason,
        "placed_at": hold.placed_at,
    }


def outcome_json(outcome: FileOutcome) -> dict[str, Any]:
    """Return ``{path, status, code?, detail?, document_id?, version_id?, passages?}``."""
    body: dict[str, Any] = {"path": outcome.path, "status": outcome.status}
    if outcome.code:
        remedy = CODES[outcome.code]
        body |= {"code": outcome.code, "detail": f"{remedy} ({outcome.detail})" if outcome.detail else remedy}
    if outcome.document_id:
        body |= {"document_id": outcome.document_id, "passages": outcome.passages}
    if outcome.version_id:
        body["version_id"] = outcome.version_id
    return body
