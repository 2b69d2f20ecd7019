"""How ingested files and erasures ended, as JSON."""

from __future__ import annotations

from typing import Any

from domain.erasure import KEPT_BECAUSE, Hold, Receipt
from domain.errors import CODES
from ingestion.outcomes import FileOutcome


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return ``{id, tenant, kind, target, documents, versions, passages, originals, kept: [{…, reason}]}``."""
    return {
        "id": receipt.id,
        "tenant": receipt.target.tenant,
        "kind": receipt.target.kind,
        "target": receipt.target.id,
        "documents": list(receipt.documents),
        "versions": list(receipt.versions),
        "passages": receipt.passages,
        "originals": list(receipt.originals),
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
