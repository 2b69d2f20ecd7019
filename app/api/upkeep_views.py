"""What the routes of upkeep answer."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.views import ReceiptView


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FindingView(_View):
    """One way in which catalogue, originals, ledger and index disagree."""

    kind: str = Field(examples=["index.orphan_version"])
    meaning: str
    ids: list[str] = Field(description="With what, the first thousand.")
    count: int
    mendable: bool


class ReportView(_View):
    """What was looked at, what is wrong, and what was mended."""

    versions: int
    passages: int
    originals: int
    findings: list[FindingView]
    mended: list[FindingView]
    sealed: int = Field(description="Originals that were sealed anew.")


class HeldView(_View):
    """A document that is due and that a legal hold keeps."""

    document_id: str
    hold_id: str


class DueView(_View):
    """What one rule of retention says."""

    tenant: str
    collection: str = Field(description="Empty for answers.")
    days: int
    basis: str
    documents: list[str]
    held: list[HeldView]
    undated: int = Field(description="Documents that have no date to go by, and stay.")
    answers: int
    receipts: list[ReceiptView]


class RetentionView(_View):
    """What is due, or what went."""

    dry_run: bool
    rules: list[DueView]


class ReplayView(_View):
    """What differs when an answer is run again."""

    answer_id: str
    asked_at: str
    same: bool
    differs: dict[str, Any] = Field(description="Claims gained and lost, changed verdicts, quotes, refusal and models.")
    retrieval_now: dict[str, Any] = Field(description="What a search of today finds beside what was found then.")
    answer: dict[str, Any] = Field(description="The answer as it comes out now.")
