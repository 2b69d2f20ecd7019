"""Keeps what answers rested on, so that they can be run again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.provenance import AnswerRecord


class AnswerRecords(Protocol):
    """Records of answers. Every method raises ServiceError when the store is unavailable."""

    def keep(self, record: AnswerRecord) -> bool:
        """Remember an answer durably; False, and nothing is kept, when one of its documents was erased meanwhile."""

    def record(self, tenant: str, answer_id: str) -> AnswerRecord | None:
        """Return an answer of a tenant by id."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget every answer that was about one of these subjects or read one of these documents; return how many."""

    def forget_before(self, tenant: str, moment: str, held: Sequence[tuple[str, str]] = ()) -> int:
        """Forget every answer that was asked before a moment (ISO 8601, UTC); return how many.

        Those stay that touch what is held: pairs of "subject" or "document" and its name or id.
        """

    def count_before(self, tenant: str, moment: str, held: Sequence[tuple[str, str]] = ()) -> int:
        """Return how many answers :meth:`forget_before` would forget."""
