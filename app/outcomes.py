"""How ingested files ended, as JSON."""

from __future__ import annotations

from typing import Any

from domain.errors import CODES
from ingestion.outcomes import FileOutcome


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
