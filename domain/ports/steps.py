"""Hears of each named step of durable work, so that a test can end the process there."""

from __future__ import annotations

from typing import Final, Protocol

INGESTION: Final = (
    "ingestion.kept",
    "ingestion.recorded",
    "ingestion.enqueued",
    "ingestion.started",
    "ingestion.taken",
    "ingestion.read",
    "ingestion.admitted",
    "ingestion.indexed",
    "ingestion.published",
    "ingestion.settled",
    "ingestion.embedded",
    "ingestion.remembered",
    "ingestion.item_ended",
    "ingestion.ended",
)
ERASURE: Final = (
    "erasure.audit_began",
    "erasure.ordered",
    "erasure.recorded",
    "erasure.enqueued",
    "erasure.started",
    "erasure.taken",
    "erasure.registered",
    "erasure.hidden",
    "erasure.originals_removed",
    "erasure.rows_removed",
    "erasure.traces_removed",
    "erasure.compacted",
    "erasure.audited",
    "erasure.forgotten",
    "erasure.item_ended",
    "erasure.ended",
)
REEMBEDDING: Final = (
    "reembedding.begun",
    "reembedding.copied",
    "reembedding.completed",
    "reembedding.switched",
    "reembedding.swept",
)
NAMED: Final = (*INGESTION, *ERASURE, *REEMBEDDING)


class Steps(Protocol):
    """Is told that work has come to a step, after what the step's name says was done."""

    def reached(self, step: str) -> None:
        """Hear of a step of :data:`NAMED`."""
